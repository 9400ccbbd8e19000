/** Gas by operation over the newest blocks, and what sending in batches would have saved. */
import { MAX_BATCH_PAYLOADS } from '../protocol/constants.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Amount, Gas, Height } from '../protocol/ids.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { PayloadType } from '../protocol/transaction.ts'
import { REPORTED_BLOCKS } from './constants.ts'
import type { StoredBlock } from './repositories.ts'

export interface OperationGas {
  readonly type: PayloadType
  readonly count: number
  readonly failed: number
  readonly gas: Gas
  readonly fees: Amount
}

export interface BatchSaving {
  readonly transactions: number
  readonly gasSaved: Gas
  readonly feesSaved: Amount
}

/** Of heights that follow each other. */
export interface GasReport {
  readonly fromHeight: Height
  readonly toHeight: Height
  /** Those that used most gas first. */
  readonly operations: readonly OperationGas[]
  readonly batching: BatchSaving
}

interface BlockNote {
  readonly height: Height
  readonly operations: readonly OperationGas[]
  readonly batching: BatchSaving
}

const NO_SAVING: BatchSaving = { transactions: 0, gasSaved: 0, feesSaved: 0n }

export class GasBook {
  readonly #savingGas: Gas
  /** Oldest first. */
  #notes: BlockNote[] = []

  constructor({ batchSavingGas }: Pick<ChainParameters, 'batchSavingGas'>) {
    this.#savingGas = batchSavingGas
  }

  /** Blocks in order; a gap begins the book anew. */
  add({ block, receipts }: Pick<StoredBlock, 'block' | 'receipts'>): void {
    const { height } = block.header
    const last = this.#notes.at(-1)
    if (last && height !== last.height + 1) this.#notes = []
    const { transactions } = block.body
    const single = transactions.map(({ payload }, i) => operationOf(payload.type, receipts[i]!))
    const runs = [...runsOf(transactions).values()].flat()
    const savings = runs.map((run) =>
      savingOf(
        run.map((i) => receipts[i]!),
        this.#savingGas,
      ),
    )
    this.#notes.push({ height, operations: byType(single), batching: savings.reduce(added, NO_SAVING) })
    if (this.#notes.length > REPORTED_BLOCKS) this.#notes.shift()
  }

  /** Of the newest so many blocks, as far as they are here; null: none is. */
  report(blocks: number): GasReport | null {
    const notes = this.#notes.slice(-blocks)
    const [first, last] = [notes[0], notes.at(-1)]
    if (!first || !last) return null
    return {
      fromHeight: first.height,
      toHeight: last.height,
      operations: byType(notes.flatMap(({ operations }) => operations)),
      batching: notes.map(({ batching }) => batching).reduce(added, NO_SAVING),
    }
  }
}

function operationOf(type: PayloadType, { code, gasUsed, feePaid }: Receipt): OperationGas {
  return { type, count: 1, failed: code === 'ok' ? 0 : 1, gas: gasUsed, fees: feePaid }
}

function byType(operations: readonly OperationGas[]): OperationGas[] {
  const sums = new Map<PayloadType, OperationGas>()
  for (const each of operations) {
    const sum = sums.get(each.type)
    sums.set(
      each.type,
      sum
        ? {
            type: each.type,
            count: sum.count + each.count,
            failed: sum.failed + each.failed,
            gas: sum.gas + each.gas,
            fees: sum.fees + each.fees,
          }
        : each,
    )
  }
  return [...sums.values()].sort((a, b) => b.gas - a.gas || (a.type < b.type ? -1 : 1))
}

/** By sender, its transactions of a block that one batch could have held, as their places; nonces have no gaps in a block. */
function runsOf(transactions: StoredBlock['block']['body']['transactions']): Map<Address, number[][]> {
  const runs = new Map<Address, number[][]>()
  for (const [i, { sender, payload }] of transactions.entries()) {
    const own = runs.get(sender) ?? [[]]
    runs.set(sender, own)
    const run = own.at(-1)!
    if (!fitsInBatch(payload.type)) own.push([])
    else if (run.length === MAX_BATCH_PAYLOADS) own.push([i])
    else run.push(i)
  }
  return runs
}

function fitsInBatch(type: PayloadType): boolean {
  return type !== 'batch' && type !== 'evidence.submit' && type !== 'faucet.drip'
}

/** Each payload after the first saves its gas, at what its transaction paid for one. */
function savingOf(run: readonly Receipt[], savingGas: Gas): BatchSaving {
  if (run.length < 2) return NO_SAVING
  const later = run.slice(1)
  return {
    transactions: run.length,
    gasSaved: later.length * savingGas,
    feesSaved: later.reduce(
      (sum, { gasUsed, feePaid }) => sum + (feePaid * BigInt(savingGas)) / BigInt(gasUsed),
      0n,
    ),
  }
}

function added(a: BatchSaving, b: BatchSaving): BatchSaving {
  return {
    transactions: a.transactions + b.transactions,
    gasSaved: a.gasSaved + b.gasSaved,
    feesSaved: a.feesSaved + b.feesSaved,
  }
}
