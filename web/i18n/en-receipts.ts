/** Why a transaction was refused, or what the receipt of a failed one says: what it was, and what to do about it. */
import { amountWords } from '../ui/amount-words.ts'
import { momentWords } from '../ui/time-words.ts'
import { type Data, figure, type Sentence } from './en.ts'
import { shortPercent } from './format.ts'

function ait(data: Data, name: string): string {
  const value = data[name]
  return typeof value === 'string' ? `${amountWords(value, 'exact')} AIT` : 'an unknown amount'
}

/** "10 %" of millionths. */
function share(data: Data, name: string): string {
  const value = data[name]
  return typeof value === 'string' && /^\d{1,7}$/.test(value)
    ? shortPercent(Number(value))
    : 'an unknown share'
}

/** "24 Nov 2026, 14:31:07", or `later` where the chain does not know the time yet. */
function moment(data: Data, name: string, later: string): string {
  const value = data[name]
  return typeof value === 'string' && /^\d{1,16}$/.test(value) ? momentWords(Number(value)) : later
}

const AFTER_ITS_EPOCH = 'a time that begins to run with the end of the next epoch'

export const RECEIPT_SENTENCES: Readonly<Record<string, Sentence>> = {
  ok: 'Done',
  'wrong-chain': 'It is signed for another chain; open the page of that chain',
  'too-large': 'The transaction is too large; do it in parts',
  'address-mismatch': 'The key that signed is not the sender’s; sign again with the account in use',
  'bad-signature': 'The signature does not fit; sign again',
  'bad-possession-proof': 'The proof of the validator’s key does not fit; sign again, it is made anew',
  'bad-evidence-signature':
    'A signature in the evidence does not hold, so it proves nothing; take it again from where it was saved',
  'unknown-scheme': 'It is signed in a way the chain does not know; use an account of another kind',
  expired: (data) => `It was valid only until height ${figure(data, 'validUntilHeight')}; sign again`,
  'nonce-too-low': 'A later transaction of this account was already decided; sign again',
  'nonce-too-high':
    'Too many earlier transactions of this account are still waiting; try again after a block',
  'already-known': 'The transaction is already on its way',
  'replacement-underpriced': (data) =>
    `To replace a waiting transaction the tip must be ${figure(data, 'percent')} % higher`,
  'pool-full': 'The pool is full and your tip is lower than all others; pay more or wait',
  'sender-pool-share': 'Too many bytes of this account are waiting already; try again after a block',
  replaced: 'Another transaction of this account took its place',
  'fee-too-low': (data) =>
    data.baseFee === undefined
      ? 'The fee was too low'
      : `The fee was too low: the chain asks ${figure(data, 'baseFee')} nAIT per gas; sign again`,
  'gas-limit-too-low': (data) => `It needs ${figure(data, 'needed')} gas, more than it allows; sign again`,
  'gas-above-block-limit': 'It asks for more gas than a block has; do it in parts',
  'insufficient-balance': (data) =>
    data.needed === undefined
      ? 'The balance is too small'
      : `The balance is too small: ${ait(data, 'needed')} are needed and ${ait(data, 'balance')} are there; ask for less, or receive some first`,
  'batch-empty': 'The batch is empty; put something into it',
  'batch-too-long': (data) => `A batch holds at most ${figure(data, 'limit')} parts; make two of it`,
  'drip-in-batch': 'A faucet request cannot be part of a batch; send it alone',
  'faucet-closed': 'This chain’s faucet is closed; somebody must send you some',
  'drip-too-early': (data) =>
    `The faucet gives to this account again from height ${figure(data, 'nextHeight')}`,
  'name-invalid': (data) =>
    `The name is empty, too long (${figure(data, 'limitBytes')} bytes) or has odd characters; choose another`,
  'commission-out-of-range': (data) =>
    `The commission must be from ${share(data, 'minimum')} to ${share(data, 'maximum')}; choose one within`,
  'below-minimum-stake': (data) =>
    `A validator needs at least ${ait(data, 'minimum')} of its own; stake that much, or delegate to another`,
  'unknown-validator': 'There is no such validator; look for it among those of the set',
  'already-registered': 'The account is a validator already; change it there',
  'key-in-use': 'The key belongs to another validator; sign again, new ones are made',
  'validator-exiting': 'The validator is leaving; register again once it has left',
  'below-minimum-delegation': (data) =>
    `At least ${ait(data, 'minimum')} must be at a validator; put in more, or take all of it back`,
  'own-stake-below-minimum': (data) =>
    `A validator must keep at least ${ait(data, 'minimum')} of its own; take less, or leave the validators`,
  'unknown-delegation': 'This account has no stake there; choose one of your positions',
  'insufficient-stake': (data) => `Only ${ait(data, 'stake')} are there; ask for that much or less`,
  'too-many-delegators': (data) =>
    `This validator has ${figure(data, 'limit')} delegators, which is the most; choose another`,
  'validator-closed':
    'This validator takes no more stake: it leaves, or was removed for good; choose another',
  'same-validator': 'The stake is there already; choose another validator to move it to',
  'redelegation-locked': (data) =>
    `Stake that was moved here cannot be moved on before ${moment(data, 'releasesAtMs', AFTER_ITS_EPOCH)}; take it back instead, or wait`,
  'too-many-redelegations': (data) =>
    `At most ${figure(data, 'limit')} moves to one validator can be open at once; wait until one is over`,
  'unknown-position': 'Nothing of that number is on its way back; it may have been withdrawn already',
  'still-unbonding': (data) =>
    `It cannot be withdrawn before ${moment(data, 'releasesAtMs', AFTER_ITS_EPOCH)}; wait until then`,
  'nothing-to-claim': 'No rewards wait here; they are paid at the end of each epoch',
  'stake-cooling-down': (data) =>
    `This account has moved stake as often as it may; it can again from ${moment(data, 'endsAtMs', 'the end of its time')} on`,
  'not-jailed': 'The validator is not in jail; nothing needs to be done',
  'validator-jailed': (data) =>
    `The validator is in jail until ${moment(data, 'releasesAtMs', 'its time is over')}; bring it back then`,
  tombstoned:
    'The validator is removed for good: nothing more is taken from it, and it cannot come back; to validate, use another account',
  'rotation-too-early': (data) =>
    `The keys were changed a short time ago; they can be again from ${moment(data, 'nextAtMs', 'the next epochs')} on`,
  'admission-by-stake': 'This chain admits by stake, so nobody votes on it',
  'already-voted': 'This validator has voted on that already; the others must follow',
  'too-many-votes': (data) =>
    `A validator can have ${figure(data, 'limit')} votes open; wait until one is decided`,
  'evidence-malformed': 'The evidence cannot be read; take it again from where it was saved',
  'evidence-no-offence': 'The two do not contradict each other, so there is nothing to punish',
  'evidence-too-old': 'The offence is too long ago to be punished; nothing is left to do',
  'evidence-too-new': 'It is of a height that is not decided yet; send it again afterwards',
  'evidence-known': 'This offence was punished already; nothing is left to do',
  'evidence-wrong-set': 'It is not signed by a member of the set of that height; check where it comes from',
  'multisig-invalid': (data) =>
    `An account of several has 1 to ${figure(data, 'limit')} members, each once, and a threshold of at most their number`,
  'unknown-multisig': 'This is no account of several; check its address',
  'not-a-member': 'The account that asks is not a member; use one that is',
  'unknown-proposal': 'There is no proposal of that number; look at those that are open',
  'proposal-closed':
    'The proposal is over: executed, taken back or expired; it cannot be executed twice; propose it anew if it is wanted again',
  'proposal-expired': (data) =>
    `The proposal was open until height ${figure(data, 'expiresAtHeight')}; propose it again`,
  'too-many-proposals': (data) =>
    `A member can have ${figure(data, 'limit')} proposals open at an account; take one back first`,
  'already-approved': 'This member has approved it already; the others must follow',
  'not-approved': 'This member has not approved it, so there is nothing to take back',
  'not-enough-approvals': (data) =>
    `It has ${figure(data, 'approvals')} of ${figure(data, 'threshold')} approvals; more members must approve it first`,
}
