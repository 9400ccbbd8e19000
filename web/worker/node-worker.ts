/** The node's own thread. The shim comes first: libp2p keeps the constructors that it finds when it is loaded. */
import { connectPageHost } from '../../node-core/adapters/browser/rtc-worker-shim.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import type { RunningNode } from './run-node.ts'

/** Loaded before the page says that this tab runs the node. */
const node = import('./run-node.ts')
node.catch(() => undefined)
let running: RunningNode | null = null

function tell(message: FromWorker): void {
  self.postMessage(message)
}

self.addEventListener('message', async (event: MessageEvent<ToWorker>) => {
  const message = event.data
  if (message.type === 'closing') return running?.closing()
  if (message.type === 'stop') {
    await running?.stop()
    return tell({ type: 'stopped' })
  }
  const channels = connectPageHost(message.rtc)
  try {
    const { runNode } = await node
    running = await runNode(message, await channels, tell)
    tell({ type: 'started' })
  } catch (error) {
    const { code, data } = error as { code?: string; data?: Record<string, unknown> }
    tell({ type: 'failed', error: { code: code ?? 'internal', data: data ?? { detail: String(error) } } })
  }
})
