/** What keeps a node from its work, as alerts tell it. */
import type { PartitionState } from '../mesh/partition.ts'
import type { NodeTrouble } from './alert-desk.ts'
import type { LiveNode } from './live-node.ts'
import { stallView } from './views/mesh-view.ts'

/** One cause, one alert: who hears too few does not say as well that the chain stands still. */
export function nodeTrouble(node: LiveNode, partition: PartitionState): NodeTrouble {
  const stall = stallView(node)
  const isApart = partition === 'partitioned' || partition === 'isolated'
  const isStalled = stall !== null && stall.code !== 'catching-up' && !isApart
  const { trouble } = node.storage
  return {
    stalled: isStalled ? { code: stall.code, height: String(node.chain.height) } : null,
    partitioned: isApart ? { state: partition, height: String(node.chain.height) } : null,
    storage: trouble && { code: trouble.code },
  }
}
