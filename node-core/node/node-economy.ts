/** What a node notes of fees, gas and rewards as blocks join its chain. */
import type { Storage } from '../ports/storage.ts'
import type { Hash } from '../protocol/ids.ts'
import type { Chain, Decided } from './chain.ts'
import { EconomyRecorder } from './economy-recorder.ts'
import { FeeWatch } from './fee-watch.ts'
import { GasBook } from './gas-book.ts'
import type { StoredBlock } from './repositories.ts'
import type { TransactionPool } from './transaction-pool.ts'

export class NodeEconomy {
  readonly fees: FeeWatch
  readonly gas: GasBook
  readonly epochs: EconomyRecorder

  constructor(options: {
    chain: Chain
    pool: TransactionPool
    storage: Storage
    failed: (error: unknown) => void
  }) {
    this.fees = new FeeWatch(options.chain, options.pool)
    this.gas = new GasBook(options.chain.parameters)
    this.epochs = new EconomyRecorder(options)
  }

  /** A stored block of before, in order. */
  read(stored: StoredBlock): void {
    this.fees.add(stored)
    this.gas.add(stored)
  }

  decided(decided: Decided, included: ReadonlySet<Hash>): void {
    this.fees.decided(decided, included)
    this.gas.add(decided)
  }
}
