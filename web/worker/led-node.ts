/** The node that this tab runs: a worker at a time, and another one in its place when the person chooses another mode. */
import { ApiRouter } from '../../node-core/adapters/browser/api-router.ts'
import { connectNode } from '../../node-core/adapters/browser/node-channel.ts'
import { hostPeerConnections } from '../../node-core/adapters/browser/rtc-page-host.ts'
import type { LedNode } from '../../node-core/adapters/browser/signing-tab.ts'
import type { WalletApi, WalletMethods } from '../../node-core/node/wallet-api.ts'
import { CodedError } from '../../node-core/ports/coded-error.ts'
import type { BootEvent } from '../store/connection.ts'
import { chosenMode, keepMode } from './chosen-mode.ts'
import type { FromWorker, StartMessage, ToWorker } from './messages.ts'
import { takeWorker } from './spare-worker.ts'

const STOP_TIMEOUT_MS = 3_000
/** How long a closing page stays for what its validator says last, ms; it takes some 20. */
const LINGER_MS = 100

type Tell = (event: BootEvent) => void
type LaunchOptions = Pick<StartMessage, 'network' | 'handedOver' | 'mode'> & {
  /** Another tab takes over when this page closes. */
  readonly hasHeirs: () => boolean
}

/** In the mode that this browser keeps. `node_mode` stops it and starts it in the other one; calls wait meanwhile. */
export async function leadNode(
  { network, handedOver, hasHeirs }: Omit<LaunchOptions, 'mode'>,
  tell: Tell,
): Promise<LedNode> {
  const router = new ApiRouter()
  const ended = Promise.withResolvers<unknown>()
  /** null: between two workers. */
  let current: LedNode | null = null
  const lead = async (again: boolean) => {
    const mode = chosenMode()
    const led = await launch({ network, handedOver: handedOver && !again, mode, hasHeirs }, tell)
    current = led
    router.route(led)
    led.ended.then(
      () => current === led && ended.resolve(undefined),
      (error) => current === led && ended.reject(error),
    )
  }
  const startAgain = async () => {
    const before = current
    current = null
    router.route(null)
    await before?.stop()
    await lead(true)
  }
  await lead(false)
  let starting: Promise<void> = Promise.resolve()
  const wallet: WalletApi = {
    call: (method, params) => {
      if (method !== 'node_mode') return router.wallet.call(method, params)
      keepMode((params as WalletMethods['node_mode']['params']).mode)
      starting = starting.then(startAgain)
      starting.catch(ended.reject)
      return starting.then(() => ({})) as never
    },
  }
  return {
    node: router.node,
    wallet,
    ended: ended.promise,
    stop: async () => {
      await starting.catch(() => undefined)
      await current?.stop()
    },
  }
}

/** Resolves once it answers. */
async function launch({ hasHeirs, ...start }: LaunchOptions, tell: Tell): Promise<LedNode> {
  const worker = takeWorker()
  const post = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer)
  const [rtc, api] = [new MessageChannel(), new MessageChannel()]
  const ended = Promise.withResolvers<void>()
  let onWatch = false
  const closing = () => {
    if (!onWatch || hasHeirs()) return
    post({ type: 'closing' })
    const until = performance.now() + LINGER_MS
    while (performance.now() < until);
  }
  // Before the host's own, which closes the connections that the worker speaks through.
  addEventListener('pagehide', closing)
  const host = hostPeerConnections(rtc.port1, { onWorkerGone: () => ended.resolve() })
  const started = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
    const message = event.data
    if (message.type === 'boot') tell(message.event)
    else if (message.type === 'on-watch') onWatch = message.onWatch
    else if (message.type === 'started') started.resolve()
    else if (message.type === 'failed') started.reject(new CodedError(message.error.code, message.error.data))
    else stopped.resolve()
  })
  worker.addEventListener('error', (event) => {
    const error = new CodedError('worker-failed', { detail: event.message })
    started.reject(error)
    ended.reject(error)
  })
  ended.promise.catch(() => undefined)
  post({ type: 'start', ...start, rtc: rtc.port2, api: api.port2 }, [rtc.port2, api.port2])
  const connection = connectNode(api.port1)
  const end = async () => {
    connection.close('leader-changed')
    ;(await host).closeAll()
    worker.terminate()
    removeEventListener('pagehide', closing)
    ended.resolve()
  }
  try {
    await started.promise
  } catch (error) {
    worker.terminate()
    removeEventListener('pagehide', closing)
    throw error
  }
  return {
    node: connection.node,
    wallet: connection.wallet,
    ended: ended.promise,
    stop: async () => {
      post({ type: 'stop' })
      await Promise.race([stopped.promise, new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS))])
      await end()
    },
  }
}
