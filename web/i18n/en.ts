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
  'storage-lost': 'The storage of this browser cannot be reached any more',
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
