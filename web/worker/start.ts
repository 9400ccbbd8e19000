/** Starts or joins this browser's node: one tab of a profile runs it, the others look on. */
import { requestPersistence } from '../../node-core/adapters/browser/indexeddb-storage.ts'
import { withPasskeys } from '../../node-core/adapters/browser/page-passkeys.ts'
import { electSigningTab, type TabRole } from '../../node-core/adapters/browser/signing-tab.ts'
import type { WalletApi, WalletMethod, WalletMethods } from '../../node-core/node/wallet-api.ts'
import { CodedError } from '../../node-core/ports/coded-error.ts'
import type { BootEvent, Connection } from '../store/connection.ts'
import { leadNode } from './led-node.ts'

export async function start(): Promise<Connection> {
  const boot = new BootLog()
  let network = await readNetwork()
  const name = chainName(network)
  let refused = false
  let lookedOn = false
  const tab = electSigningTab({
    name,
    signal: new AbortController().signal,
    onLead: async () => {
      if (refused) network = await readAgain(name)
      const heirs = { hasHeirs: () => tab.hasHeirs }
      const led = await leadNode({ network, handedOver: lookedOn, ...heirs }, (event) => boot.tell(event))
      refused = false
      return led
    },
    onRole: (role) => {
      lookedOn ||= role === 'view'
      boot.role(role)
    },
    onFailure: (error) => {
      const detail = detailOf(error)
      refused ||= detail.code === 'network-file-invalid'
      boot.tell({ step: 'node', state: 'failed', detail })
    },
  })
  const connection: Connection = {
    node: tab.node,
    wallet: withPersistence(withPasskeys(tab.wallet)),
    get role() {
      return tab.role === 'view' ? 'view' : 'leader'
    },
    progress: (listener) => boot.listen(listener),
  }
  return connection
}

/** Any JSON: the worker judges it. */
async function readNetwork(): Promise<unknown> {
  try {
    const response = await fetch('/network.json', { cache: 'no-cache' })
    if (!response.ok) throw new CodedError('network-file-missing', { status: response.status })
    return await response.json()
  } catch (error) {
    if (error instanceof CodedError) throw error
    throw new CodedError('network-file-missing', { detail: String(error) })
  }
}

/** It may have been mended. Where it names another chain, the tabs elect under another name: the page begins anew. */
async function readAgain(name: string): Promise<unknown> {
  const network = await readNetwork()
  if (chainName(network) === name) return network
  location.reload()
  return new Promise<never>(() => undefined)
}

function chainName(network: unknown): string {
  const { genesis } = (network ?? {}) as { genesis?: { chainId?: unknown; timestampMs?: unknown } | null }
  const { chainId, timestampMs } = genesis ?? {}
  return `${String(chainId)}-${String(timestampMs)}`
}

/** After these the browser holds something that must not be evicted: a key, or a stake that depends on one. */
const BRINGS_A_KEY: ReadonlySet<WalletMethod> = new Set([
  'wallet_create',
  'wallet_choose',
  'wallet_restore',
  'wallet_passkey_create',
  'wallet_passkey_restore',
])

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
  const { type } = (params as WalletMethods['wallet_submit']['params']).request
  return type === 'validator.register' || type === 'stake.delegate'
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
