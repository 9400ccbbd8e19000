/**
 * Every code a person may meet, as a sentence. A sentence may use the code's data. Codes without an entry show themselves
 * after a general sentence (words.ts).
 */

type Data = Readonly<Record<string, unknown>>
export type Sentence = string | ((data: Data) => string)

function text(data: Data, name: string, otherwise = 'unknown'): string {
  const value = data[name]
  if (typeof value === 'number') return value.toLocaleString('en')
  return value === undefined || value === null ? otherwise : String(value)
}

/** Errors of a call: ApiError codes, and what a transaction is refused with before it is sent. */
export const ERROR_SENTENCES: Readonly<Record<string, Sentence>> = {
  internal: 'Something in this node failed that should not',
  timeout: 'No answer in time',
  aborted: 'The call was given up',
  'not-connected': 'This tab has not reached its node yet',
  'not-found': 'This node does not know it',
  'not-kept': 'This node no longer keeps it',
  'unknown-method': 'This node is older than this page and does not know the question',
  'method-not-found': 'This node is older than this page and does not know the question',
  'invalid-params': 'The question was not formed as the node expects',
  'invalid-parameters': 'The question was not formed as the node expects',
  'parse-error': 'The message could not be read',
  'too-many-requests': 'Too many questions at once; wait a moment',
  'rate-limited': 'Too many questions at once; wait a moment',
  'not-leader': 'Another tab runs the node; do this there',
  'no-account': 'This tab has no key yet',
  'no-head': 'The chain has no block yet',
  'wrong-password': 'The password does not open this file',
  'password-too-short': 'The password needs at least 12 characters',
  'not-a-backup': 'The file is not a backup of this project',
  'backup-damaged': 'The backup file is damaged',
  'other-chain': 'It belongs to another chain',
  'already-imported': 'This key is already here',
  'key-sealed': 'The key can no longer leave this browser',
  'unknown-choice': 'The offered keys have been replaced; pick again',
  'unknown-account': 'This browser has no key for that address',
  'dial-failed': 'The peer could not be reached',
  'bad-address': 'The address cannot be read',
  'invalid-address': 'The address cannot be read',
  'storage-full': 'The browser gives this page no more room',
  'storage-failed': 'The browser could not store it',
  'state-damaged': 'The stored state is damaged and will be read again from peers',
  'version-mismatch': 'This tab and its node are of different versions; reload',
  'not-supported': 'This browser cannot run a node',
  'port-in-use': 'Another program uses the port',
  'needs-websocket': 'Live updates need a WebSocket',
  'transaction-too-large': 'The transaction is too large',
  'bad-signature': 'The signature does not fit',
  'invalid-signature': 'The signature does not fit',
  'bad-encoding': 'The transaction is not in its one valid form',
  'wrong-chain': 'It is signed for another chain',
  'pool-full': 'The pool is full and your tip is lower than all others',
  'fee-too-low': 'The fee was too low',
  'replacement-underpriced': 'To replace a waiting transaction the tip must be at least a tenth higher',
  'already-known': 'The transaction is already on its way',
}

/** What a transaction's receipt says; also answers of the pool and of a review before signing. */
export const RECEIPT_SENTENCES: Readonly<Record<string, Sentence>> = {
  ok: 'Done',
  succeeded: 'Done',
  'insufficient-balance': 'The balance is too small',
  'insufficient-stake': 'The stake is too small',
  'nonce-too-low': 'A later transaction of this account was already decided',
  'nonce-too-high': 'An earlier transaction of this account is still missing',
  'nonce-gap': 'An earlier transaction of this account is still missing',
  expired: (data) =>
    data.validUntilHeight === undefined
      ? 'It was valid only until an earlier height'
      : `It was valid only until height ${text(data, 'validUntilHeight')}`,
  'valid-too-long': 'It asks to be valid for too many heights',
  'max-fee-below-base': 'The fee was too low',
  'gas-limit-too-low': 'It needs more gas than it allows',
  'gas-limit-too-high': 'It asks for more gas than a block has',
  'out-of-gas': 'It needed more gas than it allowed',
  'unknown-payload': 'The chain does not know this kind of transaction',
  'not-a-validator': 'The account is not a validator',
  'unknown-validator': 'There is no such validator',
  'already-a-validator': 'The account is a validator already',
  'already-registered': 'The account is a validator already',
  'not-active': 'The validator is not in the set',
  'validator-jailed': 'The validator is jailed',
  jailed: 'The validator is jailed',
  'validator-leaving': 'The validator is leaving',
  'stake-below-minimum': 'A validator needs more stake',
  'stake-above-maximum': 'One validator may not hold that much power',
  'commission-too-high': 'The commission is above the limit',
  'commission-change-too-fast': 'The commission may not change that much at once',
  'name-taken': 'Another validator has this name',
  'invalid-name': 'The name has characters that are not allowed',
  'invalid-proof': 'The proof of the key does not fit',
  'key-in-use': 'The key belongs to another validator',
  'faucet-limit': 'The faucet has given to this account already; try later',
  'faucet-disabled': 'This chain has no faucet',
  'faucet-empty': 'The faucet is empty',
  'zero-amount': 'The amount is zero',
  'self-transfer': 'Sender and receiver are the same',
  'evidence-known': 'This evidence was already judged',
  'evidence-too-old': 'The evidence is too old to count',
  'evidence-invalid': 'The evidence proves nothing',
}

/** Why the chain, or this node's view of it, does not move. */
export const STALL_SENTENCES: Readonly<Record<string, Sentence>> = {
  'no-peers': 'No peer reachable',
  'no-relay': 'No relay reachable',
  'catching-up': (data) => `Catching up, ${text(data, 'remainingBlocks')} blocks to go`,
  'no-quorum': 'Too little of the power is heard',
  'rounds-failing': (data) => `Rounds fail, now in round ${text(data, 'round')}`,
  halted: 'This node has stopped itself',
}

/** What happened in a round; the reason stands beside it. */
export const ROUND_KINDS: Readonly<Record<string, string>> = {
  'round-entered': 'Round change',
  'proposal-accepted': 'Proposal accepted',
  'proposal-dropped': 'Proposal dropped',
  prepared: 'Prepared',
  'signing-refused': 'Signing refused',
  decided: 'Decided',
}

/** Why it happened. */
export const ROUND_SENTENCES: Readonly<Record<string, Sentence>> = {
  start: 'The height began',
  timeout: 'No proposal within the round’s time',
  'others-moved': 'The others had moved on',
  proposal: 'A proposal of a later round came',
  'invalid-proposal': 'The proposed block was invalid',
  restart: 'This node started again',
  late: 'The proposal came too late',
  unjustified: 'The proposal did not prove its right to a new round',
  mismatched: 'The proposal did not fit the block it carried',
  invalid: 'The proposed block was invalid',
  'not-proposer': 'It came from a validator whose turn it was not',
}

export const OFFENCE_SENTENCES: Readonly<Record<string, Sentence>> = {
  'double-sign': 'Signed two votes for the same step',
  amnesia: 'Voted against its own earlier prepare',
}

/** Why this browser cannot run a node. */
export const MISSING_SENTENCES: Readonly<Record<string, { readonly name: string; readonly why: string }>> = {
  'webcrypto-ed25519': { name: 'Ed25519 signatures', why: 'Votes and transactions are signed with them.' },
  'web-locks': { name: 'Web Locks', why: 'They make sure that only one tab signs.' },
  workers: { name: 'Module workers', why: 'The node runs in one, apart from the page.' },
  indexeddb: { name: 'IndexedDB', why: 'Blocks and votes are kept in it.' },
  webrtc: { name: 'WebRTC', why: 'Tabs speak to each other over it.' },
}
