/** What the tests ask of a page: commands for its worker, and its part in the election of the signing tab. */
import { requestPersistence } from '../../node-core/adapters/browser/indexeddb-storage.ts'
import { connectNode } from '../../node-core/adapters/browser/node-channel.ts'
import {
  electSigningTab,
  type LedNode,
  type SigningTab,
} from '../../node-core/adapters/browser/signing-tab.ts'
import type { HeaderView } from '../../node-core/node/node-api.ts'

export interface Outcome {
  readonly value?: unknown
  readonly code?: string
  readonly data?: Readonly<Record<string, unknown>>
}

interface Tab {
  readonly tab: SigningTab
  readonly leave: AbortController
  readonly heights: number[]
  worker: Worker | null
}

const outcomeOf = (work: Promise<unknown>): Promise<Outcome> =>
  work.then(
    (value) => ({ value }),
    (error: { code?: string; data?: Outcome['data'] }) => ({
      code: error.code ?? String(error),
      data: error.data ?? {},
    }),
  )

let worker: Worker | null = null
let requests = 0

function startWorker(): Worker {
  return new Worker(new URL('./test-worker.ts', import.meta.url), { type: 'module' })
}

function startNode(state: Tab, label: string): LedNode {
  const node = new Worker(new URL('./node-worker.ts', import.meta.url), { type: 'module', name: label })
  state.worker = node
  const ended = new Promise<void>((resolve) => {
    node.addEventListener('message', (event) => {
      if (event.data === 'ended') resolve()
    })
  })
  return { ...connectNode(node), ended, stop: async () => node.terminate() }
}

let election: Tab | null = null

export const harness = {
  /** Runs one command in the worker; refusals are values. */
  ask(command: string, ...parameters: readonly unknown[]): Promise<Outcome> {
    worker ??= startWorker()
    const asked = worker
    const id = requests++
    return new Promise((resolve) => {
      const listener = (event: MessageEvent): void => {
        if (event.data.id !== id) return
        asked.removeEventListener('message', listener)
        resolve(event.data.outcome as Outcome)
      }
      asked.addEventListener('message', listener)
      asked.postMessage({ id, command, parameters })
    })
  },

  /** Ends the worker in the middle of whatever it does. */
  killWorker(): void {
    worker?.terminate()
    worker = null
  },

  persist: (): Promise<boolean> => requestPersistence(),

  stand(label: string): void {
    const leave = new AbortController()
    const state: Tab = {
      tab: electSigningTab({
        name: 'test',
        signal: leave.signal,
        onLead: async () => startNode(state, label),
      }),
      leave,
      heights: [],
      worker: null,
    }
    state.tab.node.subscribe('heads', (head: HeaderView) => state.heights.push(head.height))
    election = state
  },

  role: (): string => election?.tab.role ?? 'none',
  heights: (): readonly number[] => election?.heights ?? [],
  call: (method: string): Promise<Outcome> =>
    outcomeOf(election!.tab.node.call(method as never, {} as never)),
  walletCall: (method: string): Promise<Outcome> =>
    outcomeOf(election!.tab.wallet.call(method as never, {} as never)),
  /** The node ends by itself, as after a crash of its worker. */
  endNode: (): void => election!.worker!.postMessage('end'),
  async leave(): Promise<void> {
    election!.leave.abort()
    await election!.tab.left
  },
}

declare global {
  interface Window {
    harness: typeof harness
  }
}

window.harness = harness
