/** Sends signed transactions to the validators: in bundles, each sender's to one validator, without waiting for blocks. */
import type { RpcClient } from '../cli/rpc-client.ts'
import type { SignedTransaction } from './senders.ts'

/** Between two looks at what is due, ms. */
const STEP_MS = 50
/** Requests in one JSON-RPC batch: the most a server takes. */
const BUNDLE = 50
/** Of a flood, to each validator. */
const BUNDLES_IN_FLIGHT = 4

interface Answer {
  readonly error?: { readonly message: string; readonly data?: { readonly code?: string } }
}

export class Load {
  readonly #rpc: readonly RpcClient[]
  readonly #senders: number
  /** By validator, in the order of signing. */
  readonly #queues: SignedTransaction[][]
  #added = 0
  #turn = 0
  submitted = 0
  /** Refusals by code. */
  readonly refused = new Map<string, number>()
  /** When each was sent, by hash; kept only where the caller asks for it. */
  readonly sentAtMs = new Map<string, number>()

  /** `senders`: how many there are; a sender's transfers all go to the same validator, in order. */
  constructor(rpc: readonly RpcClient[], senders: number) {
    this.#rpc = rpc
    this.#senders = senders
    this.#queues = rpc.map(() => [])
  }

  add(transfers: readonly SignedTransaction[]): void {
    for (const transfer of transfers) {
      const sender = this.#added++ % this.#senders
      this.#queues[sender % this.#rpc.length]!.push(transfer)
    }
  }

  /**
   * Bundles to every validator, several at once, as long as `mayGoOn` says so; while it does not, waits for `pause`. Rejects
   * when what was signed ahead has run out.
   */
  async flood(until: () => boolean, mayGoOn: () => boolean, pause: () => Promise<void>): Promise<void> {
    const worker = async (validator: number) => {
      while (!until()) {
        const queue = this.#queues[validator]!
        if (queue.length === 0) throw new Error('the transfers signed ahead ran out')
        if (mayGoOn()) await this.#post(validator, queue.splice(0, BUNDLE))
        else await pause()
      }
    }
    const workers = this.#queues.flatMap((_, at) =>
      Array.from({ length: BUNDLES_IN_FLIGHT }, () => worker(at)),
    )
    await Promise.all(workers)
  }

  /** All of it, a bundle to each validator at a time. */
  async sendAll(): Promise<void> {
    while (this.waiting > 0)
      await Promise.all(this.#queues.map((queue, at) => this.#post(at, queue.splice(0, BUNDLE))))
  }

  /** So many, to each validator in turn; resolves when all have answered. Rejects when what was signed ahead has run out. */
  async send(count: number, { remember }: { readonly remember: boolean }): Promise<void> {
    const bundles = this.#rpc.map((): SignedTransaction[] => [])
    for (let i = 0; i < count; i++) {
      const at = this.#turn++ % this.#rpc.length
      const transfer = this.#queues[at]!.shift()
      if (!transfer) throw new Error('the transfers signed ahead ran out')
      bundles[at]!.push(transfer)
    }
    const now = performance.now()
    if (remember) for (const { hash } of bundles.flat()) this.sentAtMs.set(hash, now)
    await Promise.all(bundles.map((bundle, at) => this.#post(at, bundle)))
  }

  /** At an even pace. Nobody waits for the answers: a slow node must not slow the load down. */
  async paced(
    perSecond: number,
    seconds: number,
    { remember }: { readonly remember: boolean },
  ): Promise<void> {
    const beganMs = performance.now()
    const answers: Promise<void>[] = []
    let sent = 0
    for (let sinceMs = 0; sinceMs < 1_000 * seconds; sinceMs = performance.now() - beganMs) {
      const due = Math.floor((perSecond * sinceMs) / 1_000)
      if (due > sent) answers.push(this.send(due - sent, { remember }))
      sent = due
      await new Promise((resolve) => setTimeout(resolve, STEP_MS))
    }
    await Promise.all(answers)
  }

  async #post(validator: number, bundle: readonly SignedTransaction[]): Promise<void> {
    if (bundle.length === 0) return
    this.submitted += bundle.length
    const response = await fetch(`${this.#rpc[validator]!.url}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        bundle.map(({ hex }, id) => ({
          jsonrpc: '2.0',
          id,
          method: 'tx_submit',
          params: { transaction: hex },
        })),
      ),
    })
    for (const { error } of (await response.json()) as Answer[]) {
      if (!error) continue
      const code = error.data?.code ?? error.message
      this.refused.set(code, (this.refused.get(code) ?? 0) + 1)
    }
  }

  /** Signed and not sent. */
  get waiting(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.length, 0)
  }
}
