/** What a node notes of fees, gas and rewards as blocks join its chain. */
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Hash } from '../protocol/ids.ts'
import type { Chain, Decided } from './chain.ts'
import { EconomyRecorder } from './economy-recorder.ts'
import { FeeWatch } from './fee-watch.ts'
import { GasBook } from './gas-book.ts'
import type { HistoryIndex } from './history-index.ts'
import type { TransactionPool } from './transaction-pool.ts'

export class NodeEconomy {
  readonly fees: FeeWatch
  readonly gas: GasBook
  readonly epochs: EconomyRecorder

  readonly #chain: Chain

  constructor(options: { chain: Chain; pool: TransactionPool; storage: Storage; telemetry: Telemetry }) {
    this.#chain = options.chain
    this.fees = new FeeWatch(options.chain, options.pool)
    this.gas = new GasBook(options.chain.parameters)
    this.epochs = new EconomyRecorder(options)
  }

  /** With the stored blocks that `history` reads back. */
  async open(history: HistoryIndex): Promise<void> {
    await history.open(this.#chain.height, (stored) => {
      this.fees.add(stored)
      this.gas.add(stored)
    })
    await this.epochs.open()
  }

  decided(decided: Decided, included: ReadonlySet<Hash>): void {
    this.fees.decided(decided, included)
    this.gas.add(decided)
  }
}
