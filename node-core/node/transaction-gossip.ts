/**
 * Sends transactions on in bundles: a gossip message costs far more than the bytes in it. The first after a pause leaves soon,
 * those that come in a stream share a bundle every so often. While no peer listens they are held: a node that has just started
 * knows nobody, and what it says then is heard by nobody.
 * PERF: five nodes spend 5 ms of CPU time on a bundle of a few transactions and 6 ms on one of fifty.
 */
import type { Clock, Timer } from '../ports/clock.ts'
import type { Network } from '../ports/network.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import {
  BUNDLE_BYTES,
  BUNDLE_DELAY_MS,
  BUNDLE_INTERVAL_MS,
  BUNDLE_TRANSACTIONS,
  HELD_BUNDLES,
} from './constants.ts'
import { encodeList } from './wire-protocols.ts'

/** Blocks between two tellings of a transaction, and how often it is told in all. */
const TOLD_AGAIN_BLOCKS = 3
const TOLD_TIMES = 8

export class TransactionGossip {
  readonly #network: Network
  readonly #clock: Clock
  readonly #telemetry: Telemetry
  /** Full bundles, the oldest first. */
  #full: Uint8Array[] = []
  #waiting: Uint8Array[] = []
  /** What entered here, with the height at which it was told last, and how often. */
  readonly #own = new Map<
    Hash,
    { readonly bytes: Uint8Array; readonly height: Height; readonly times: number }
  >()
  #bytes = 0
  #timer: Timer | null = null
  /** When the last bundle left, monotonic. */
  #sentMs = Number.NEGATIVE_INFINITY

  constructor(options: { network: Network; clock: Clock; telemetry: Telemetry }) {
    this.#network = options.network
    this.#clock = options.clock
    this.#telemetry = options.telemetry
  }

  /** Only what entered here first; what came by gossip is passed on by gossip itself. */
  send(bytes: Uint8Array): void {
    if (this.#bytes + bytes.length > BUNDLE_BYTES) this.#close()
    this.#waiting.push(bytes)
    this.#bytes += bytes.length
    if (this.#waiting.length >= BUNDLE_TRANSACTIONS) this.#close()
    else this.#timer ??= this.#clock.setTimer(this.#delayMs(), () => this.#flush())
  }

  /**
   * What entered here and still waits is told again every few blocks: whoever listened the first time may have been nobody who
   * passes it on. Gossip knows a message by its bytes, so the transaction stands in the next one once more.
   */
  repeat(height: Height, waits: (id: Hash) => boolean): void {
    for (const [id, told] of this.#own) {
      if (!waits(id) || told.times >= TOLD_TIMES) this.#own.delete(id)
      else if (height >= told.height + TOLD_AGAIN_BLOCKS) {
        this.#own.set(id, { ...told, height, times: told.times + 1 })
        const copies = new Array<Uint8Array>(told.times + 1).fill(told.bytes)
        if (copies.length * told.bytes.length <= BUNDLE_BYTES) this.#publish(encodeList(copies))
      }
    }
  }

  /** Sent, and told again while it waits; `height`: of the head. Those beyond a full bundle are told once. */
  enter(id: Hash, bytes: Uint8Array, height: Height): void {
    if (this.#own.size < BUNDLE_TRANSACTIONS) this.#own.set(id, { bytes, height, times: 1 })
    this.send(bytes)
  }

  /** What waits for company leaves now. */
  hurry(): void {
    this.#flush()
  }

  #delayMs(): number {
    const sinceMs = this.#clock.monotonicMs() - this.#sentMs
    return Math.max(BUNDLE_DELAY_MS, BUNDLE_INTERVAL_MS - sinceMs)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = null
  }

  /** The bundle is full. */
  #close(): void {
    this.stop()
    this.#full.push(encodeList(this.#waiting))
    this.#waiting = []
    this.#bytes = 0
    if (this.#full.length > HELD_BUNDLES) {
      this.#full.shift()
      this.#telemetry.count('bundles_dropped')
    }
    this.#flush()
  }

  #flush(): void {
    this.stop()
    if (this.#network.subscribers('transactions').length === 0) {
      this.#timer = this.#clock.setTimer(BUNDLE_INTERVAL_MS, () => this.#flush())
      return
    }
    const bundles = this.#full.splice(0)
    if (this.#waiting.length > 0) bundles.push(encodeList(this.#waiting))
    this.#waiting = []
    this.#bytes = 0
    this.#sentMs = this.#clock.monotonicMs()
    for (const bundle of bundles) this.#publish(bundle)
  }

  #publish(bundle: Uint8Array): void {
    this.#network.publish('transactions', bundle).catch((error: unknown) => {
      this.#telemetry.log('warn', 'gossip', `a bundle was not sent: ${String(error)}`)
    })
  }
}
