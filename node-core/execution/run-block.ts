/** The execution of one block on an overlay: what comes before its transactions, each of them, what comes after. */
import { gasOf } from '../economy/gas.ts'
import { assert } from '../lib/assert.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Address, Gas, Hash } from '../protocol/ids.ts'
import { senderGasOf } from '../protocol/parameters.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'
import { assertConserved } from '../state/invariants.ts'
import { HEAD_KEY } from '../state/keys.ts'
import type { ChainState, Overlay } from '../state/store.ts'
import { lastHeightOf } from '../state/validator-sets.ts'
import { applyTransaction } from './apply-transaction.ts'
import type { BlockContext } from './block-context.ts'
import { checkTransaction } from './check-transaction.ts'
import { endEpoch } from './epoch-end.ts'
import { countParticipation } from './participation.ts'
import { countPresence } from './presence.ts'
import type { TransactionRejection } from './transaction-errors.ts'

/** What a block did. The overlay is adopted by the node once the block is decided, or dropped. */
export interface Outcome {
  readonly overlay: Overlay
  /** In the order of the transactions, as the ids. */
  readonly receipts: readonly Receipt[]
  readonly transactionIds: readonly Hash[]
  readonly gasUsed: Gas
}

export type Included =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly code: 'inadmissible-transaction'
      readonly rejection: TransactionRejection
    }
  | { readonly ok: false; readonly code: 'gas-limit-exceeded' | 'sender-share-exceeded' }

export class BlockRun {
  readonly #overlay: Overlay
  readonly #context: BlockContext
  readonly #receipts: Receipt[] = []
  readonly #ids: Hash[] = []
  readonly #gasBySender = new Map<Address, Gas>()
  #gasUsed: Gas = 0

  /** The parent's certificate is null at height 1 alone. */
  constructor(state: ChainState, context: BlockContext, parentCertificate: Certificate | null) {
    this.#overlay = state.overlay()
    this.#context = context
    countParticipation(this.#overlay, parentCertificate, context)
    countPresence(this.#overlay, parentCertificate, context)
  }

  /** Applies it, or says why the block cannot have it; then nothing has changed. */
  include({ id, transaction, bytes }: VerifiedTransaction): Included {
    const { parameters, height, baseFeePerGas } = this.#context
    const terms = { height, baseFeePerGas, bytes: bytes.length }
    const rejection = checkTransaction(this.#overlay, parameters, transaction, terms)
    if (rejection) return { ok: false, code: 'inadmissible-transaction', rejection }
    const gas = gasOf(transaction.payload, parameters)
    if (this.#gasUsed + gas > parameters.blockGasLimit) return { ok: false, code: 'gas-limit-exceeded' }
    const { sender } = transaction
    const gasOfSender = (this.#gasBySender.get(sender) ?? 0) + gas
    if (gasOfSender > senderGasOf(parameters)) return { ok: false, code: 'sender-share-exceeded' }
    const receipt = applyTransaction(this.#overlay, transaction, this.#context)
    this.#gasBySender.set(sender, gasOfSender)
    this.#gasUsed += receipt.gasUsed
    this.#receipts.push(receipt)
    this.#ids.push(id)
    return { ok: true }
  }

  finish(): Outcome {
    const { height, timestampMs, epoch, parameters } = this.#context
    this.#overlay.set(HEAD_KEY, { height, timestampMs })
    if (height === lastHeightOf(epoch, parameters)) endEpoch(this.#overlay, this.#context)
    assertConserved(this.#overlay)
    assert(this.#receipts.length === this.#ids.length, 'one receipt a transaction')
    return {
      overlay: this.#overlay,
      receipts: this.#receipts,
      transactionIds: this.#ids,
      gasUsed: this.#gasUsed,
    }
  }
}
