/** The worker of a tab: the shim first, the network only once the page hosts its connections. */
import { connectPageHost } from '../../node-core/adapters/browser/rtc-worker-shim.ts'
import type { PeerAgent, PeerCommand, PeerSnapshot } from './commands.ts'

export type ToWorker =
  | { readonly type: 'start'; readonly port: MessagePort; readonly relays: readonly string[] }
  | { readonly type: 'command'; readonly id: number; readonly command: PeerCommand }

export type FromWorker =
  | { readonly type: 'started' }
  | { readonly type: 'done'; readonly id: number; readonly snapshot: PeerSnapshot }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }

let agent: PeerAgent | null = null
const tell = (message: FromWorker) => postMessage(message)

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'start') void start(data.port, data.relays)
  else void run(data.id, data.command)
})

async function start(port: MessagePort, relays: readonly string[]): Promise<void> {
  await connectPageHost(port)
  const { startPeer } = await import('./start-peer.ts')
  agent = await startPeer(relays, 'browser')
  tell({ type: 'started' })
}

async function run(id: number, command: PeerCommand): Promise<void> {
  try {
    tell({ type: 'done', id, snapshot: await agent!.run(command) })
  } catch (error) {
    tell({ type: 'failed', id, message: String(error) })
  }
}
