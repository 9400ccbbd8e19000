/** What the page and its node worker say to each other outside of NodeApi. */
import type { TabMode } from '../../node-core/node/wallet-api.ts'
import type { BootEvent } from '../store/connection.ts'

export interface StartMessage {
  readonly type: 'start'
  /** `/network.json` as the page got it; the worker judges it. */
  readonly network: unknown
  /** The page's end hosts this worker's peer connections. */
  readonly rtc: MessagePort
  /** NodeApi and WalletApi are served on it. */
  readonly api: MessagePort
  /** This tab looked on until the one that ran the node went. */
  readonly handedOver: boolean
  readonly mode: TabMode
}

export interface StopMessage {
  readonly type: 'stop'
}

/** The page is going, and nobody takes over: what is to be said is said now. */
export interface ClosingMessage {
  readonly type: 'closing'
}

export type ToWorker = StartMessage | StopMessage | ClosingMessage

export type FromWorker =
  | { readonly type: 'boot'; readonly event: BootEvent }
  | { readonly type: 'started' }
  | {
      readonly type: 'failed'
      readonly error: { readonly code: string; readonly data: Readonly<Record<string, unknown>> }
    }
  | { readonly type: 'stopped' }
  /** Whether a validator that is not paused votes here. */
  | { readonly type: 'on-watch'; readonly onWatch: boolean }
