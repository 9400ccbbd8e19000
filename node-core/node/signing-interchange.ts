/**
 * A validator's signing record as a file that people move between machines, in the shape of EIP-3076: metadata, then per key
 * what was signed last. Integers are decimal strings. It holds positions and block ids, no key and no prepared block.
 * A validator that changes its keys has one record for both: it stands under each.
 */

import type { GuardRecord, Position } from '../consensus/replica-state.ts'
import { comparePositions } from '../consensus/signing-guard.ts'
import { MAX_ROUND } from '../protocol/constants.ts'
import type { ChainId, Hash } from '../protocol/ids.ts'
import type { GuardedMessage } from '../protocol/messages.ts'

const FORMAT = 'aitbc-signing-record'
const FORMAT_VERSION = '1'
/** Characters of a file, messages in it for one key, and keys. */
const FILE_CHARACTERS = 1_000_000
const FILE_KEYS = 64
const FILE_MESSAGES = 4_096
const TYPES: readonly GuardedMessage['type'][] = ['round-change', 'pre-prepare', 'prepare', 'commit']

export interface SigningOwner {
  readonly chainId: ChainId
  readonly genesisHash: Hash
  /** 0x-hex of the validator's public keys: two while it changes them. */
  readonly publicKeys: readonly string[]
}

export type InterchangeFault =
  | { readonly code: 'not-a-signing-record'; readonly data: { readonly detail: string } }
  | { readonly code: 'signing-record-of-other-chain'; readonly data: { readonly chainId: string } }
  | { readonly code: 'signing-record-of-other-key'; readonly data: Record<string, never> }

export type ReadInterchange =
  /** The highest position in it; null: the key has signed nothing. */
  | { readonly ok: true; readonly position: Position | null }
  | { readonly ok: false; readonly fault: InterchangeFault }

export function writeInterchange(owner: SigningOwner, record: GuardRecord | null): string {
  const messages = record ? signedMessages(record) : []
  const file = {
    metadata: {
      interchange_format: FORMAT,
      interchange_format_version: FORMAT_VERSION,
      chain_id: owner.chainId,
      genesis_hash: owner.genesisHash,
    },
    data: owner.publicKeys.map((pubkey) => ({ pubkey, signed_messages: messages })),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

function signedMessages({ position, messages, lastCommit }: GuardRecord) {
  const said = lastCommit && !messages.includes(lastCommit) ? [lastCommit, ...messages] : messages
  const rows = said.map((message) => ({
    ...rowOf(message),
    ...(message.type === 'round-change' ? {} : { signing_root: message.blockId }),
  }))
  const reached = said.some((message) => comparePositions(message, position) === 0)
  return reached ? rows : [...rows, rowOf(position)]
}

function rowOf({ height, round, type }: Position) {
  return { height: String(height), round: String(round), type }
}

/** Total: whatever the text is. A file may hold other keys beside this one. */
export function readInterchange(text: string, owner: SigningOwner): ReadInterchange {
  const file = text.length <= FILE_CHARACTERS ? parse(text) : null
  const metadata = asObject(asObject(file)?.metadata)
  const data = asObject(file)?.data
  if (!metadata || !Array.isArray(data) || data.length > FILE_KEYS) return refuse('not such a file')
  if (metadata.interchange_format !== FORMAT || metadata.interchange_format_version !== FORMAT_VERSION)
    return refuse('format')
  if (metadata.genesis_hash !== owner.genesisHash || metadata.chain_id !== owner.chainId) {
    const chainId = String(metadata.chain_id).slice(0, 64)
    return { ok: false, fault: { code: 'signing-record-of-other-chain', data: { chainId } } }
  }
  const own = data.map(asObject).filter((entry) => owner.publicKeys.some((key) => key === entry?.pubkey))
  if (own.length === 0) return { ok: false, fault: { code: 'signing-record-of-other-key', data: {} } }
  const rows = own.flatMap((entry) =>
    Array.isArray(entry?.signed_messages) ? (entry.signed_messages as unknown[]) : [null],
  )
  if (rows.length > FILE_MESSAGES) return refuse('too many messages')
  const positions = rows.map(readPosition)
  if (!positions.every((each) => each !== null)) return refuse('a message')
  return { ok: true, position: highest(positions) }
}

function highest(positions: readonly Position[]): Position | null {
  return positions.reduce<Position | null>(
    (most, each) => (most === null || comparePositions(each, most) > 0 ? each : most),
    null,
  )
}

function readPosition(value: unknown): Position | null {
  const row = asObject(value)
  const height = readInteger(row?.height, Number.MAX_SAFE_INTEGER - 1)
  const round = readInteger(row?.round, MAX_ROUND)
  const type = TYPES.find((each) => each === row?.type)
  return height === null || height < 1 || round === null || !type ? null : { height, round, type }
}

function readInteger(value: unknown, most: number): number | null {
  if (typeof value !== 'string' || !/^(?:0|[1-9]\d{0,15})$/.test(value)) return null
  const number = Number(value)
  return Number.isSafeInteger(number) && number <= most ? number : null
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function refuse(detail: string): ReadInterchange {
  return { ok: false, fault: { code: 'not-a-signing-record', data: { detail } } }
}
