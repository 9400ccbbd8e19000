/** The base fee of the next block (EIP-1559, with bounds). */
import type { Amount, Gas } from '../protocol/ids.ts'

export interface BlockGas {
  readonly baseFeePerGas: Amount
  readonly gasUsed: Gas
  readonly gasLimit: Gas
}

/** The target is the limit divided by this. */
const ELASTICITY = 2n
/** A block changes the fee by at most one part in this many. */
const CHANGE_DENOMINATOR = 8n
/** Bounds: the genesis base fee divided by 10 and times 100. */
const LOWEST_DIVISOR = 10n
const HIGHEST_FACTOR = 100n

/** Rises by at least 1 above the target, falls by the floored share below it. */
export function nextBaseFee(parent: BlockGas, genesisBaseFeePerGas: Amount): Amount {
  const target = BigInt(parent.gasLimit) / ELASTICITY
  const difference = BigInt(parent.gasUsed) - target
  const fee = parent.baseFeePerGas
  if (difference === 0n || target === 0n) return bounded(fee, genesisBaseFeePerGas)
  const distance = difference < 0n ? -difference : difference
  const change = (fee * distance) / target / CHANGE_DENOMINATOR
  if (difference < 0n) return bounded(fee - change, genesisBaseFeePerGas)
  return bounded(fee + (change > 1n ? change : 1n), genesisBaseFeePerGas)
}

function bounded(fee: Amount, genesisFee: Amount): Amount {
  const [low, high] = [genesisFee / LOWEST_DIVISOR, genesisFee * HIGHEST_FACTOR]
  return fee < low ? low : fee > high ? high : fee
}
