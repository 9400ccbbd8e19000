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
  /** Resolves with the connections that the page still holds for the worker once it knows that the worker is gone. */
  hostedWithoutWorker(): Promise<number>
  /** How often ICE missed the other end of a connection. */
  missedByIce(): number
}

declare global {
  interface Window {
    transport: TransportPage
  }
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const waiting = new Map<number, PromiseWithResolvers<PeerSnapshot>>()
const started = Promise.withResolvers<void>()
const gone = Promise.withResolvers<void>()
let host: PeerConnectionHost | null = null
let missedByIce = 0
let lastId = 0

worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
  if (data.type === 'started') return started.resolve()
  const call = waiting.get(data.id)
  waiting.delete(data.id)
  if (data.type === 'done') call?.resolve(data.snapshot)
  else call?.reject(new Error(data.message))
})
worker.addEventListener('error', ({ message }) => started.reject(new Error(message)))

const { RTCPeerConnection: PlainConnection } = window
window.RTCPeerConnection = class extends PlainConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration)
    this.addEventListener('iceconnectionstatechange', () => {
      if (this.iceConnectionState === 'disconnected' || this.iceConnectionState === 'failed') missedByIce++
    })
  }
}

const send = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer)

window.transport = {
  start: async (relays, bridge) => {
    const channel = new MessageChannel()
    send({ type: 'start', port: channel.port2, relays }, [channel.port2])
    const chosen = bridge ? { bridge } : {}
    host = await hostPeerConnections(channel.port1, { ...chosen, onWorkerGone: gone.resolve })
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
  hostedWithoutWorker: () => gone.promise.then(() => host!.size()),
  missedByIce: () => missedByIce,
}
