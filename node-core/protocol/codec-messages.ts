/** Canonical bytes of consensus messages, and what their signatures are over. */
import { assert } from '../lib/assert.ts'
import { type Decoded, decodeWith } from './codec.ts'
import { compactBlockType } from './codec-block.ts'
import {
  ED25519_SIGNATURE_BYTES,
  MAX_CHAIN_ID_BYTES,
  MAX_CODE_BYTES,
  MAX_CONSENSUS_MESSAGE_BYTES,
  MAX_VALIDATORS,
} from './constants.ts'
import type { ChainId, Hash, Height, Round } from './ids.ts'
import type {
  Commit,
  ConsensusMessage,
  PrePrepare,
  Prepare,
  Prepared,
  Reject,
  RoundChange,
} from './messages.ts'
import { container, list, optional, tagged, union } from './ssz-composites.ts'
import { address, bytes, hash, safeUint, text, uint8, uint32 } from './ssz-scalars.ts'

const position = { height: safeUint, round: uint32 }
const sender = { sender: address, signature: bytes(ED25519_SIGNATURE_BYTES) }

const prepareType = tagged<Prepare>('prepare', { ...position, ...sender, blockId: hash })
const commitType = tagged<Commit>('commit', { ...position, ...sender, blockId: hash })
const preparedType = optional(container<Prepared>({ round: uint32, blockId: hash }))
const prepareListType = list<Prepare>(prepareType, MAX_VALIDATORS)
const roundChangeType = tagged<RoundChange>('round-change', {
  ...position,
  ...sender,
  prepared: preparedType,
  preparedCertificate: prepareListType,
})
const prePrepareType = tagged<PrePrepare>('pre-prepare', {
  ...position,
  ...sender,
  blockId: hash,
  block: compactBlockType,
  justification: list<RoundChange>(roundChangeType, MAX_VALIDATORS),
})
const rejectType = tagged<Reject>('reject', {
  ...position,
  ...sender,
  blockId: hash,
  code: text(MAX_CODE_BYTES),
})

/** Part of the format and of what is signed: never reused. */
export const MESSAGE_NUMBERS = {
  'round-change': 1,
  'pre-prepare': 2,
  prepare: 3,
  commit: 4,
  reject: 5,
} as const

const messageType = union<ConsensusMessage>({
  [MESSAGE_NUMBERS['round-change']]: roundChangeType,
  [MESSAGE_NUMBERS['pre-prepare']]: prePrepareType,
  [MESSAGE_NUMBERS.prepare]: prepareType,
  [MESSAGE_NUMBERS.commit]: commitType,
  [MESSAGE_NUMBERS.reject]: rejectType,
})

export function encodeConsensusMessage(message: ConsensusMessage): Uint8Array {
  return messageType.serialize(message)
}

export function decodeConsensusMessage(bytes: Uint8Array): Decoded<ConsensusMessage> {
  return decodeWith(messageType, bytes, MAX_CONSENSUS_MESSAGE_BYTES)
}

/** A proof that a value was prepared. */
export function encodePrepares(prepares: readonly Prepare[]): Uint8Array {
  return prepareListType.serialize(prepares)
}

export function decodePrepares(bytes: Uint8Array): Decoded<readonly Prepare[]> {
  return decodeWith(prepareListType, bytes, MAX_CONSENSUS_MESSAGE_BYTES)
}

/** What the sender answers for. */
export interface SignedFields {
  readonly chainId: ChainId
  readonly validatorsHash: Hash
  readonly messageNumber: number
  readonly height: Height
  readonly round: Round
  readonly blockId: Hash
  readonly prepared: Prepared | null
  readonly code: string
}

const signedFieldsType = container<SignedFields>({
  chainId: text(MAX_CHAIN_ID_BYTES),
  validatorsHash: hash,
  messageNumber: uint8,
  height: safeUint,
  round: uint32,
  blockId: hash,
  prepared: preparedType,
  code: text(MAX_CODE_BYTES),
})

/** Only ever hashed and signed, never read back. */
export function encodeSignedFields(fields: SignedFields): Uint8Array {
  return signedFieldsType.serialize(fields)
}

assert(
  prepareType.maxSize * MAX_VALIDATORS < MAX_CONSENSUS_MESSAGE_BYTES,
  'a proof of prepared fits in a message',
)
