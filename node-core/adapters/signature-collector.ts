/**
 * Collects the signatures that are to be verified at the same moment into batches. Those asked for without a wait between them are
 * one moment: the lot of a bundle, a certificate, a range of blocks. Nobody waits for company that is not there.
 */
import type { Ed25519Batch, SignedMessage } from './ed25519-batch.ts'
import { BATCH_SIGNATURES, LONGEST_MESSAGE_BYTES } from './ed25519-layout.ts'
import { inNextTurn } from './next-turn.ts'

interface Waiting {
  readonly item: SignedMessage
  readonly resolve: (verdict: boolean | Promise<boolean>) => void
}

export class SignatureCollector {
  readonly #makeBatch: () => Promise<Ed25519Batch | null>
  readonly #alone: (item: SignedMessage) => Promise<boolean>
  readonly #waiting: Waiting[] = []
  /** undefined: not wanted so far. null: this platform cannot have it, and each is judged alone. */
  #batch: Ed25519Batch | null | undefined
  #isPlanned = false
  #hasRunThisTurn = false

  /** `makeBatch` is called once; `alone` has the last word on what a batch does not accept. */
  constructor(
    makeBatch: () => Promise<Ed25519Batch | null>,
    alone: (item: SignedMessage) => Promise<boolean>,
  ) {
    this.#makeBatch = makeBatch
    this.#alone = alone
  }

  verify(item: SignedMessage): Promise<boolean> {
    if (item.message.length > LONGEST_MESSAGE_BYTES) return this.#alone(item)
    return new Promise((resolve) => {
      this.#waiting.push({ item, resolve })
      this.#plan()
    })
  }

  /** A batch holds up its thread, so there is one in a turn, and other events come between two. */
  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    const run = () => this.#run()
    if (this.#hasRunThisTurn) inNextTurn(run)
    else queueMicrotask(run)
  }

  #run(): void {
    if (this.#batch === undefined) {
      void this.#makeBatch().then((batch) => {
        this.#batch = batch
        this.#run()
      })
      return
    }
    this.#isPlanned = false
    if (this.#batch) this.#runBatch(this.#batch)
    else for (const { item, resolve } of this.#waiting.splice(0)) resolve(this.#alone(item))
  }

  #runBatch(batch: Ed25519Batch): void {
    const lot = this.#waiting.splice(0, BATCH_SIGNATURES)
    const verdicts = batch.verify(lot.map(({ item }) => item))
    for (const [i, { item, resolve }] of lot.entries()) resolve(verdicts[i]! || this.#alone(item))
    this.#hasRunThisTurn = true
    inNextTurn(() => {
      this.#hasRunThisTurn = false
    })
    if (this.#waiting.length > 0) this.#plan()
  }
}
