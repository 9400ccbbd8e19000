/** The signing guard's durable record: what it holds after each order, and its bytes. */
import { type Decoded, decodeWith } from '../protocol/codec.ts'
import { compactBlockType } from '../protocol/codec-block.ts'
import {
  decodeConsensusMessage,
  decodePrepares,
  encodeConsensusMessage,
  encodePrepares,
} from '../protocol/codec-messages.ts'
import { MAX_CONSENSUS_MESSAGE_BYTES } from '../protocol/constants.ts'
import type { Hash, Height, Round } from '../protocol/ids.ts'
import {
  type Commit,
  type CompactBlock,
  type GuardedMessage,
  markVerified,
  type VerifiedMessage,
} from '../protocol/messages.ts'
import { claimsLessThan } from '../protocol/offence.ts'
import { container, list, optional } from '../protocol/ssz-composites.ts'
import { byteList, hash, onlyNumber, safeUint, uint8, uint32 } from '../protocol/ssz-scalars.ts'
import type { SigningOrder } from './effect.ts'
import { GUARD_RECORD_MAX_BYTES } from './limits.ts'
import type { GuardRecord, Position, PreparedValue } from './replica-state.ts'
import { comparePositions } from './signing-guard.ts'

/**
 * What must be durable before `message` leaves: the record before it (null: none) with this order carried out.
 * A prepared value stays until the height ends or a newer one comes.
 */
export function recordAfter(
  previous: GuardRecord | null,
  order: SigningOrder,
  message: VerifiedMessage<GuardedMessage>,
): GuardRecord {
  const { height, round, type } = message
  const sameHeight = previous?.position.height === height
  const sameRound = sameHeight && previous.position.round === round
  return {
    position: { height, round, type },
    messages: sameRound ? [...previous.messages, message] : [message],
    lastCommit: message.type === 'commit' ? message : (previous?.lastCommit ?? null),
    prepared: order.prepared ?? (sameHeight ? previous.prepared : null),
  }
}

const FORMAT_VERSION = 1
/** By position number: part of the format. */
const POSITION_TYPES: readonly GuardedMessage['type'][] = ['round-change', 'pre-prepare', 'prepare', 'commit']

interface StoredPrepared {
  readonly round: Round
  readonly blockId: Hash
  readonly block: CompactBlock
  readonly certificate: Uint8Array
}

interface StoredRecord {
  readonly version: number
  /** Of the whole: lists at the end of a cut record would else be taken for shorter ones. */
  readonly byteLength: number
  readonly height: Height
  readonly round: Round
  readonly positionNumber: number
  readonly messages: readonly Uint8Array[]
  readonly lastCommit: Uint8Array | null
  readonly prepared: StoredPrepared | null
}

const messageBytes = byteList(MAX_CONSENSUS_MESSAGE_BYTES)
const recordType = container<StoredRecord>({
  version: onlyNumber(FORMAT_VERSION),
  byteLength: uint32,
  height: safeUint,
  round: uint32,
  positionNumber: uint8,
  messages: list(messageBytes, POSITION_TYPES.length),
  lastCommit: optional(messageBytes),
  prepared: optional(
    container<StoredPrepared>({
      round: uint32,
      blockId: hash,
      block: compactBlockType,
      certificate: messageBytes,
    }),
  ),
})

export function encodeGuardRecord(record: GuardRecord): Uint8Array {
  const { position, prepared } = record
  const stored: StoredRecord = {
    version: FORMAT_VERSION,
    byteLength: 0,
    height: position.height,
    round: position.round,
    positionNumber: POSITION_TYPES.indexOf(position.type),
    messages: record.messages.map(encodeConsensusMessage),
    lastCommit: record.lastCommit && encodeConsensusMessage(record.lastCommit),
    prepared: prepared && { ...prepared, certificate: encodePrepares(prepared.certificate) },
  }
  return recordType.serialize({ ...stored, byteLength: recordType.value_serializedSize(stored) })
}

/** Strict: a record that contradicts itself is not read. The bytes are this node's own, so its messages need no check. */
export function decodeGuardRecord(bytes: Uint8Array): Decoded<GuardRecord> {
  const stored = decodeWith(recordType, bytes, GUARD_RECORD_MAX_BYTES)
  if (!stored.ok) return stored
  const { value } = stored
  if (value.byteLength !== bytes.length) return malformed('cut')
  const type = POSITION_TYPES[value.positionNumber]
  if (!type) return malformed('unknown position')
  const position: Position = { height: value.height, round: value.round, type }
  const messages = value.messages.map(readMessage)
  if (!areOwnOfRound(messages, position)) return malformed('messages do not lead to the position')
  const lastCommit = value.lastCommit && readMessage(value.lastCommit)
  if (value.lastCommit && !isCommitUpTo(lastCommit, position)) return malformed('last COMMIT')
  const prepared = value.prepared && readPrepared(value.prepared, position)
  if (value.prepared && !prepared) return malformed('prepared value')
  const isOfThisHeight = lastCommit?.type === 'commit' && lastCommit.height === position.height
  if (messages.length > 0 && isOfThisHeight && claimsLessThan(prepared, lastCommit))
    return malformed('a COMMIT without what it rests on')
  return {
    ok: true,
    value: { position, messages, lastCommit: lastCommit as GuardRecord['lastCommit'], prepared },
  }
}

function malformed(detail: string): Decoded<GuardRecord> {
  return { ok: false, code: 'malformed', detail }
}

function readMessage(bytes: Uint8Array): VerifiedMessage<GuardedMessage> | null {
  const decoded = decodeConsensusMessage(bytes)
  return decoded.ok && decoded.value.type !== 'reject' ? markVerified(decoded.value) : null
}

/** All of the position's round, in the guard's order without a repetition, the last one at the position; or none. */
function areOwnOfRound(
  messages: readonly (VerifiedMessage<GuardedMessage> | null)[],
  position: Position,
): messages is readonly VerifiedMessage<GuardedMessage>[] {
  const last = messages.at(-1)
  if (last === undefined) return true
  if (last === null || comparePositions(last, position) !== 0) return false
  return messages.every((each, i) => {
    const before = messages[i - 1]
    if (!each || each.height !== position.height || each.round !== position.round) return false
    return !before || (comparePositions(before, each) < 0 && before.sender === each.sender)
  })
}

function isCommitUpTo(
  message: VerifiedMessage<GuardedMessage> | null,
  position: Position,
): message is VerifiedMessage<Commit> {
  return message?.type === 'commit' && comparePositions(message, position) <= 0
}

function readPrepared(stored: StoredPrepared, position: Position): PreparedValue | null {
  const certificate = decodePrepares(stored.certificate)
  if (!certificate.ok || stored.round > position.round) return null
  const { round, blockId, block } = stored
  const fits = certificate.value.every(
    (each) => each.height === position.height && each.round === round && each.blockId === blockId,
  )
  return fits ? { round, blockId, block, certificate: certificate.value } : null
}
