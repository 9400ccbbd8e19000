/**
 * A stand-in for a node, to watch what crosses between tabs: it says who answered, makes a block at `chain_blocks`, never
 * answers `chain_block`, and refuses `chain_proof`.
 */
import { type NodeApis, serveNode } from '../../node-core/adapters/browser/node-channel.ts'
import { CodedError } from '../../node-core/ports/coded-error.ts'

const listeners = new Set<(event: never) => void>()
let height = 0

function answer(method: string): unknown {
  if (method === 'chain_proof') throw new CodedError('pruned', { oldest: 3 })
  if (method === 'chain_block') return new Promise(() => undefined)
  if (method === 'chain_blocks') {
    height++
    for (const listener of listeners) listener({ height } as never)
  }
  return { by: self.name, method, listeners: listeners.size }
}

const apis: NodeApis = {
  node: {
    call: async (method) => answer(method) as never,
    subscribe: (_topic, listener) => {
      listeners.add(listener as (event: never) => void)
      return () => listeners.delete(listener as (event: never) => void)
    },
  },
  wallet: { call: async (method) => answer(method) as never },
}

serveNode(self, apis)
self.addEventListener('message', (event) => {
  if (event.data === 'end') self.postMessage('ended')
})
