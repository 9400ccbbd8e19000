/** The way from this page to its node. Everything the page knows of threads and channels is behind openConnection. */
import type { NodeApi } from '../../node-core/node/node-api.ts'
import type { WalletApi } from '../../node-core/node/wallet-api.ts'

export type BootStep = 'browser' | 'node' | 'relay' | 'peers' | 'head'

export interface BootEvent {
  readonly step: BootStep
  readonly state: 'waiting' | 'working' | 'done' | 'failed'
  /** Figures or a code for the step's line, e.g. { verified: 34210, of: 48217 } or { missing: ['webcrypto-ed25519'] }. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface Connection {
  readonly node: NodeApi
  readonly wallet: WalletApi
  /** 'leader' runs the node; 'view' looks on another tab's node. */
  readonly role: 'leader' | 'view'
  /** Past events first, then those to come. Returns the way to stop. */
  progress(listener: (event: BootEvent) => void): () => void
}

/** The code that starts a node, or joins the one that another tab runs. */
export function loadConnection(): Promise<{ start(): Promise<Connection> }> {
  return import('../worker/start.ts')
}

/** Starts or joins this browser's node. Rejects with an ApiError. */
export async function openConnection(): Promise<Connection> {
  const { start } = await loadConnection()
  return start()
}
