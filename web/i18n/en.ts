/**
 * Every code a person may meet, as a sentence. A sentence may use the code's data. Codes without an entry show themselves
 * after a general sentence (words.ts).
 */
import { integer } from './format.ts'

export type Data = Readonly<Record<string, unknown>>
export type Sentence = string | ((data: Data) => string)

/** Figures come as numbers or, from receipts, as decimal text. */
export function figure(data: Data, name: string): string {
  const value = data[name]
  if (typeof value === 'number') return integer(value)
  if (typeof value === 'string' && /^\d+$/.test(value)) return integer(BigInt(value))
  return 'an unknown number of'
}

function text(data: Data, name: string): string {
  return String(data[name] ?? 'unknown')
}

/** Errors of a call: why the node, the wallet or the way to them refused. */
export const ERROR_SENTENCES: Readonly<Record<string, Sentence>> = {
  internal: 'Something in this node failed that should not',
  timeout: 'No answer in time',
  aborted: 'The call was given up',
  'not-connected': 'This tab has not reached its node yet',
  'not-started': 'The node is still starting',
  'not-ready': 'The node has not read its storage yet',
  'no-leader': 'No tab of this browser runs the node yet',
  'leader-changed': 'Another tab has taken over the node; try again',
  'not-cloneable': 'The answer could not be handed to this page',
  'worker-failed': 'The node’s own thread stopped',
  'locks-missing': 'This browser cannot make sure that only one tab signs',
  'network-file-missing': 'This address does not say which network to join',
  'network-file-invalid': (data) =>
    `This address describes its network wrongly: ${text(data, 'key') || 'the file'} is ${text(data, 'value')}; right would be ${text(data, 'range')}`,
  'genesis-invalid': 'The network’s first block, as given here, is not valid',
  'not-in-this-mode': 'An observer does not have this: it holds no blocks, no state and no votes',
  'no-source': 'No connected peer could prove it',
  'unknown-method': 'This node is older than this page and does not know the question',
  'invalid-params': 'The question was not formed as the node expects',
  malformed: 'It cannot be read: something in it is not of its kind',
  'answer-too-large': 'The answer would be too long; ask for less at once',
  'too-many-requests': 'Too many questions at once; wait a moment',
  'needs-websocket': 'Live updates need a WebSocket',
  'not-found': 'This node does not know it',
  'unknown-block': 'This node does not have that block',
  'unknown-transaction': 'This node does not know that transaction',
  'no-block-yet': 'The chain has no block yet',
  pruned: 'This node no longer keeps it',
  'no-account': 'This tab has no key yet',
  'unknown-account': 'This browser has no key for that address',
  'choice-unknown': 'The offered keys have been replaced; pick again',
  'wrong-password': 'The password does not open this file',
  'password-too-short': 'The password needs at least 12 characters',
  'not-a-backup': 'The file is not a backup of this project',
  'backup-damaged': 'The backup file is damaged',
  'already-imported': 'This key is already here',
  'key-sealed': 'The key can no longer leave this browser',
  'account-is-passkey': 'This account’s key is a passkey: its authenticator keeps it, and no backup can',
  'passkey-unusable': 'This passkey is of a kind that the chain does not know',
  'passkey-unsupported': (data) =>
    data.reason === 'address'
      ? 'Passkeys belong to a site’s name: open this page by a name, such as localhost, not by an IP address'
      : 'This browser has no passkeys',
  'passkey-refused': 'The passkey was not used: the browser or you refused',
  'passkey-failed': (data) => `The passkey did not work: ${text(data, 'detail')}`,
  'passkey-attempt-unknown': 'This question to the passkey is no longer open; try again',
  'passkey-signature-wrong': 'What the passkey signed is not this transaction',
  'passkey-cannot-validate':
    'A validator signs by itself each epoch, which a passkey cannot; use an account with a key of its own',
  'dial-failed': 'The peer could not be reached',
  'invalid-address': 'The address cannot be read',
  'storage-failed': 'The browser could not store it',
  'storage-full': 'The browser gives this page no more room',
  'no-signing-record': 'This tab does not validate, so it has signed nothing',
  'signing-record-lost': 'What this key signed before is not known here',
  'signing-record-of-other-chain': 'The file is the signing record of another chain',
  'signing-record-of-other-key': 'The file holds nothing of this validator’s key',
  'not-a-signing-record': 'The file is not a signing record',
  'state-damaged': 'The stored state is damaged and will be read again from peers',
  'other-chain': 'It belongs to another chain',
  'not-supported': 'This browser cannot run a node',
  'not-a-drip': 'Only a faucet request is accepted here',
  'faucet-off': 'This chain has no faucet',
  'faucet-too-soon': 'The faucet has given to this account only a few blocks ago',
}

/** Why the chain, or this node's view of it, does not move. */
export const STALL_SENTENCES: Readonly<Record<string, Sentence>> = {
  'no-peers': 'No peer reachable',
  'no-relay': 'No relay reachable',
  'catching-up': (data) => `Catching up, ${figure(data, 'remainingBlocks')} blocks to go`,
  'no-quorum': 'Too little of the power is heard',
  'rounds-failing': (data) => `Rounds fail, now in round ${figure(data, 'round')}`,
  'no-new-block': 'No new block comes',
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
  'too-soon': 'The proposal was dated ahead of our clocks',
  unjustified: 'The proposal did not prove its right to a new round',
  mismatched: 'The proposal did not fit the block it carried',
  invalid: 'The proposed block was invalid',
  'not-proposer': 'It came from a validator whose turn it was not',
  barred: 'This node signs nothing just now; the Node page says why',
  'behind-peers': 'A peer is further on, so this node fetches first',
  'order-failed': 'The vote could not be stored, so it did not leave',
}

/** Why a round ended without a block. */
export const FAILURE_SENTENCES: Readonly<Record<string, string>> = {
  'no-proposal': 'No proposal within the round’s time',
  invalid: 'The proposed block was invalid',
  dropped: 'The proposal was not taken in',
  'not-prepared': 'Too few prepared within the round’s time',
  'not-committed': 'Prepared, but too few committed in time',
  'jumped-over': 'The others had moved on before this tab saw it',
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
