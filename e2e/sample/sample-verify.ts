/** The sample whose blocks, accounts and transactions are a real node's, asked over its RPC: `?rpc=http://127.0.0.1:PORT`. */
import type { NodeApi, NodeMethod } from '../../node-core/node/node-api.ts'
import type { Connection } from '../../web/store/connection.ts'
import { createSample as createFrameSample } from './sample-node.ts'
import type { SampleOptions } from './sample-options.ts'

const REAL: ReadonlySet<NodeMethod> = new Set([
  'chain_account',
  'chain_block',
  'chain_certificate',
  'chain_proof',
  'chain_transaction',
])

export function createSample(options: SampleOptions): Connection {
  const connection = createFrameSample(options)
  const url = `${new URLSearchParams(location.search).get('rpc')}/rpc`
  const node: NodeApi = {
    call: async (method, params) => {
      if (!REAL.has(method)) return connection.node.call(method, params)
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      })
      const { result, error } = await response.json()
      if (error) throw { code: error.data?.code ?? 'internal', data: error.data ?? {} }
      return result
    },
    subscribe: (topic, listener) => connection.node.subscribe(topic, listener),
  }
  return { ...connection, node }
}
