/** Starts or joins this browser's node: one tab of a profile runs it, the others look on. */
import { requestPersistence } from '../../node-core/adapters/browser/indexeddb-storage.ts'
import { electSigningTab, type TabRole } from '../../node-core/adapters/browser/signing-tab.ts'
import type { WalletApi, WalletMethod, WalletMethods } from '../../node-core/node/wallet-api.ts'
import { CodedError } from '../../node-core/ports/coded-error.ts'
import { type NetworkFile, parseNetworkFile } from '../../node-core/protocol/network-file.ts'
import type { BootEvent, Connection } from '../store/connection.ts'
import { leadNode } from './led-node.ts'

/** Between two readings of a network file that is missing or wrong. */
const READ_AGAIN_MS = 3_000

export async function start(): Promise<Connection> {
  const boot = new BootLog()
  const tellFailure = (error: unknown) =>
    boot.tell({ step: 'node', state: 'failed', detail: detailOf(error) })
  const network = untilNetwork(tellFailure)
  let lookedOn = false
  const tab = electSigningTab({
    name: network.then(({ genesis }) => `${genesis.chainId}-${genesis.timestampMs}`),
    signal: new AbortController().signal,
    onLead: async () => leadNode(await network, lookedOn, (event) => boot.tell(event)),
    onRole: (role) => {
      lookedOn ||= role === 'view'
      boot.role(role)
    },
    onFailure: tellFailure,
  })
  return {
    node: tab.node,
    wallet: withPersistence(tab.wallet),
    get role() {
      return tab.role === 'view' ? 'view' : 'leader'
    },
    progress: (listener) => boot.listen(listener),
  }
}

/** Reads the file again and again until it is there and right. */
async function untilNetwork(failed: (error: unknown) => void): Promise<NetworkFile> {
  for (;;) {
    try {
      return await readNetwork()
    } catch (error) {
      failed(error)
      await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS))
    }
  }
}

async function readNetwork(): Promise<NetworkFile> {
  const read = parseNetworkFile(await fetchNetwork())
  if (read.ok) return read.value
  throw new CodedError('network-file-invalid', { key: read.key, value: read.value, range: read.range })
}

async function fetchNetwork(): Promise<unknown> {
  try {
    const response = await fetch('/network.json', { cache: 'no-cache' })
    if (!response.ok) throw new CodedError('network-file-missing', { status: response.status })
    return await response.json()
  } catch (error) {
    if (error instanceof CodedError) throw error
    throw new CodedError('network-file-missing', { detail: String(error) })
  }
}

/** After these the browser holds something that must not be evicted: a key, or a stake that depends on one. */
const BRINGS_A_KEY: ReadonlySet<WalletMethod> = new Set(['wallet_create', 'wallet_choose', 'wallet_restore'])

/** Only a page may ask for persistent storage: by button, and at the moment there is something to lose. */
function withPersistence(wallet: WalletApi): WalletApi {
  return {
    call: async (method, params) => {
      const asked: WalletMethod = method
      if (asked === 'node_persist') return { persistent: await requestPersistence() } as never
      const result = await wallet.call(method, params)
      if (BRINGS_A_KEY.has(asked) || isStake(asked, params)) requestPersistence().catch(() => undefined)
      return result
    },
  }
}

function isStake(method: WalletMethod, params: unknown): boolean {
  if (method !== 'wallet_submit') return false
  return (params as WalletMethods['wallet_submit']['params']).request.type === 'validator.register'
}

function detailOf(error: unknown): Record<string, unknown> {
  const { code, data } = error as { code?: string; data?: Record<string, unknown> }
  return { code: code ?? 'internal', ...data }
}

/** Keeps what was said, for listeners that come later. */
class BootLog {
  readonly #said: BootEvent[] = []
  readonly #listeners = new Set<(event: BootEvent) => void>()

  tell(event: BootEvent): void {
    this.#said.push(event)
    for (const listener of this.#listeners) listener(event)
  }

  /** A view has no boot of its own: the node that it looks on is there already. */
  role(role: TabRole): void {
    if (role !== 'view') return
    for (const step of ['node', 'relay', 'peers', 'head'] as const) this.tell({ step, state: 'done' })
  }

  listen(listener: (event: BootEvent) => void): () => void {
    for (const event of this.#said) listener(event)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
