/** A report about this node for somebody who helps: facts and the newest log, nothing that signs or opens. */
import type { NodeApi, NodeMethod, NodeMethods } from '../../../node-core/node/node-api.ts'
import { asApiError } from '../../store/query.ts'
import { withoutSecrets } from './node-words.ts'

const LOG_LINES = 200

/** Reads what the report holds; a part that fails is in it as its error. Text of JSON. */
export async function writeReport(node: NodeApi, browser: string, nowMs: number): Promise<string> {
  const read = async <M extends NodeMethod>(
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<unknown> => {
    try {
      return await node.call(method, params)
    } catch (reason) {
      return { error: asApiError(reason) }
    }
  }
  const [status, config, health, partition, peers, rounds, logs] = await Promise.all([
    read('node_status', {}),
    read('node_config', {}),
    read('network_health', {}),
    read('network_partition', {}),
    read('network_peers', {}),
    read('consensus_rounds', { limit: 50 }),
    read('node_logs', { limit: LOG_LINES }),
  ])
  const report = {
    kind: 'aitbc-mesh report',
    at: new Date(nowMs).toISOString(),
    browser,
    status,
    config,
    health,
    partition,
    peers,
    rounds,
    logs,
  }
  return JSON.stringify(withoutSecrets(report), null, 2)
}
