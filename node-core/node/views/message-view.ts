/** Raw messages of a round, opened: every field as JSON, and the bytes. */
import { toHex } from '../../lib/bytes.ts'
import { formatAddress } from '../../protocol/address.ts'
import { decodeConsensusMessage } from '../../protocol/codec-messages.ts'
import type { Address } from '../../protocol/ids.ts'
import type { RoundMessageView } from '../consensus-api.ts'
import type { HeightRecord, RoundRecord } from '../height-record.ts'
import type { LiveNode } from '../live-node.ts'
import { nameOf } from './view-words.ts'

/** Fields that hold an address, which the node keeps as hex. */
const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['sender', 'proposer'])

export function messageViews(node: LiveNode, record: HeightRecord, round: RoundRecord): RoundMessageView[] {
  return node.recorder.messages(record.height, round.round).flatMap((raw) => {
    const decoded = decodeConsensusMessage(raw.bytes)
    if (!decoded.ok) return []
    return {
      type: raw.type,
      round: raw.round,
      validator: formatAddress(raw.sender),
      name: nameOf(node, raw.sender),
      afterMs: Math.round(raw.atMonotonicMs - round.startedMonotonicMs),
      fields: plainFields(decoded.value),
      bytes: toHex(raw.bytes),
    }
  })
}

/** An object's fields as JSON, all the way down. */
export function plainFields(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field, name)]))
}

function plain(value: unknown, name: string): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value)) return value.map((each) => plain(each, name))
  if (typeof value === 'object' && value !== null) return plainFields(value)
  return ADDRESS_FIELDS.has(name) && typeof value === 'string' ? formatAddress(value as Address) : value
}
