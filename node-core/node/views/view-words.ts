/** Small conversions that every view uses. */
import type { Address } from '../../protocol/ids.ts'
import { validatorKey } from '../../state/keys.ts'
import type { LiveNode } from '../live-node.ts'

/** Share of a whole as an integer of millionths, rounded down. */
export function millionths(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 1_000_000n) / whole)
}

/** The validator's name, or an empty string for an address without one. */
export function nameOf(node: LiveNode, address: Address): string {
  return node.chain.state.get(validatorKey(address))?.name ?? ''
}
