import type { NodeMethods } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'

type Fees = NodeMethods['economy_fees']['result']

/** From this many blocks on an unchanged base fee is called steady. */
const STEADY_BLOCKS = 3
/** Otherwise it is compared with the fee so many blocks ago. */
const COMPARED_BLOCKS = 10

/** "steady for 40 blocks", or rising or falling against ten blocks ago. */
export function feeTrend(fees: Pick<Fees, 'baseFeePerGas' | 'recent'>): string {
  const recent = [...fees.recent].sort((a, b) => b.height - a.height)
  const changed = recent.findIndex((block) => block.baseFeePerGas !== fees.baseFeePerGas)
  const steady = changed < 0 ? recent.length : changed
  if (steady >= STEADY_BLOCKS) return `steady for ${integer(steady)} blocks`
  const before = recent[Math.min(COMPARED_BLOCKS, recent.length) - 1]
  if (before === undefined) return 'first block'
  const now = BigInt(fees.baseFeePerGas)
  const then = BigInt(before.baseFeePerGas)
  return now === then ? 'steady' : now > then ? 'rising' : 'falling'
}
