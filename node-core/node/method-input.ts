/** What the methods of NodeApi read of their parameters, and how they refuse. */
import { fromHex } from '../lib/bytes.ts'
import { CodedError } from '../ports/coded-error.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { parseAddress } from '../protocol/address.ts'
import { decodeTransaction } from '../protocol/codec-transaction.ts'
import type { Address } from '../protocol/ids.ts'
import type { AddressString, NodeMethods } from './node-api.ts'

/** Rows of one answer. */
export const MOST_ROWS = 200
export const MOST_LOG_LINES = 1_000

export function refuse(code: string, data: Readonly<Record<string, unknown>>): never {
  throw new CodedError(code, data)
}

export function readAddress(text: AddressString): Address {
  return parseAddress(text) ?? refuse('malformed', { detail: 'address' })
}

export function rows(asked: number | undefined, usual: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(asked ?? usual)))
}

/** Bytes of a signed transaction. */
export function readTransaction(transaction: string): Uint8Array {
  return fromHex(transaction) ?? refuse('malformed', { detail: 'not 0x-hex' })
}

/** The same, of one that asks the faucet. */
export function readDrip(transaction: string): Uint8Array {
  const bytes = readTransaction(transaction)
  const decoded = decodeTransaction(bytes)
  if (!decoded.ok) return refuse('malformed', { detail: decoded.detail })
  const { type } = decoded.value.payload
  return type === 'faucet.drip' ? bytes : refuse('not-a-drip', { type })
}

export function logLines(
  telemetry: Telemetry,
  { limit, level, area }: NodeMethods['node_logs']['params'],
): NodeMethods['node_logs']['result'] {
  return telemetry
    .lines(MOST_LOG_LINES)
    .filter((line) => (!level || line.level === level) && (!area || line.area === area))
    .slice(-rows(limit, MOST_ROWS, MOST_LOG_LINES))
}
