/** What a live node tells the faces built on it. */
import type { Hash } from '../protocol/ids.ts'
import type { Transaction } from '../protocol/transaction.ts'
import type { Decided } from './chain.ts'
import type { Evidence } from './evidence-book.ts'
import type { AlertView } from './node-api.ts'
import type { Refusal } from './transaction-pool.ts'

export interface NodeEvents {
  decided(decided: Decided): void
  pooled(id: Hash): void
  dropped(transaction: Transaction, reason: Refusal): void
  consensus(): void
  peers(): void
  status(): void
  evidence(evidence: Evidence): void
  /** Raised, of another level, or over. */
  alert(alert: AlertView): void
}

export class NodeListeners {
  readonly #all = new Set<Partial<NodeEvents>>()

  add(events: Partial<NodeEvents>): () => void {
    this.#all.add(events)
    return () => this.#all.delete(events)
  }

  tell<Event extends keyof NodeEvents>(event: Event, ...args: Parameters<NodeEvents[Event]>): void {
    for (const listener of this.#all) {
      const handler = listener[event] as ((...values: Parameters<NodeEvents[Event]>) => void) | undefined
      handler?.(...args)
    }
  }
}
