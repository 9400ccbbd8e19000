/** The page of a tab: hosts the connections of one worker and passes the test's commands on. */

import type { ByteBridge } from '../../node-core/adapters/browser/rtc-messages.ts'
import {
  hostPeerConnections,
  type PeerConnectionHost,
} from '../../node-core/adapters/browser/rtc-page-host.ts'
import type { PeerCommand, PeerSnapshot } from './commands.ts'
import type { FromWorker, ToWorker } from './worker.ts'

export interface TransportPage {
  /** Resolves with how bytes cross once the network runs. */
  start(relays: readonly string[], bridge?: ByteBridge): Promise<ByteBridge>
  run(command: PeerCommand): Promise<PeerSnapshot>
  terminateWorker(): void
  /** Connections that the page holds for the worker. */
  hosted(): number
}

declare global {
  interface Window {
    transport: TransportPage
  }
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const waiting = new Map<number, PromiseWithResolvers<PeerSnapshot>>()
const started = Promise.withResolvers<void>()
let host: PeerConnectionHost | null = null
let lastId = 0

worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
  if (data.type === 'started') return started.resolve()
  const call = waiting.get(data.id)
  waiting.delete(data.id)
  if (data.type === 'done') call?.resolve(data.snapshot)
  else call?.reject(new Error(data.message))
})
worker.addEventListener('error', ({ message }) => started.reject(new Error(message)))

const send = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer)

window.transport = {
  start: async (relays, bridge) => {
    const channel = new MessageChannel()
    send({ type: 'start', port: channel.port2, relays }, [channel.port2])
    host = await hostPeerConnections(channel.port1, bridge ? { bridge } : {})
    await started.promise
    return host.bridge
  },
  run: (command) => {
    lastId += 1
    const call = Promise.withResolvers<PeerSnapshot>()
    waiting.set(lastId, call)
    send({ type: 'command', id: lastId, command })
    return call.promise
  },
  terminateWorker: () => worker.terminate(),
  hosted: () => host?.size() ?? 0,
}
