/**
 * The network of tests and the simulator: the Network port in one process, with latency, loss and partitions from a seed.
 * Given a virtual clock, a run is the same each time.
 */
import { assert } from '../../lib/assert.ts'
import { DEFAULT_TOPIC_LIMITS, type TopicLimits } from '../../mesh/limits.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { PeerId } from '../../ports/network.ts'
import { MemoryNetwork } from './memory-network.ts'

export interface MemoryHubOptions {
  readonly seed?: number
  /** The real clock where it is left out. */
  readonly clock?: Clock
  /** One way, ms, drawn evenly between the two. */
  readonly latencyMs?: { readonly minimum: number; readonly maximum: number }
  /** Share of gossip messages lost on each link, 0 to 1. Requests and connections are reliable, as streams are. */
  readonly loss?: number
}

export interface MemoryNetworkOptions {
  /** mem-001, mem-002 … where it is left out. */
  readonly peer?: PeerId
  readonly topicLimits?: TopicLimits
}

export function createMemoryHub(options: MemoryHubOptions = {}): MemoryHub {
  return new MemoryHub(options)
}

export class MemoryHub {
  readonly clock: Clock
  readonly #latencyMs: { readonly minimum: number; readonly maximum: number }
  readonly #loss: number
  readonly #networks = new Map<PeerId, MemoryNetwork>()
  #groups: ReadonlyMap<PeerId, number> | null = null
  #randomState: number
  #created = 0

  constructor(options: MemoryHubOptions) {
    this.clock = options.clock ?? realClock
    this.#latencyMs = options.latencyMs ?? { minimum: 0, maximum: 0 }
    this.#loss = options.loss ?? 0
    this.#randomState = (options.seed ?? 1) >>> 0 || 1
    assert(this.#latencyMs.minimum <= this.#latencyMs.maximum, 'latency: minimum ≤ maximum')
  }

  /** Not started. */
  createNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
    this.#created += 1
    const peer = options.peer ?? `mem-${String(this.#created).padStart(3, '0')}`
    assert(!this.#networks.get(peer)?.running, `peer ${peer} already runs`)
    const network = new MemoryNetwork(this, peer, options.topicLimits ?? DEFAULT_TOPIC_LIMITS)
    this.#networks.set(peer, network)
    return network
  }

  /** Peers of different groups lose each other at once; peers in no group form one of their own. */
  split(groups: readonly (readonly PeerId[])[]): void {
    this.#groups = new Map(groups.flatMap((group, index) => group.map((peer) => [peer, index] as const)))
    for (const network of this.#networks.values())
      for (const peer of network.linkedPeers())
        if (!this.reachable(network.self, peer)) this.unlink(network.self, peer)
  }

  heal(): void {
    this.#groups = null
  }

  /** Running and in the same part of a split network. */
  reachable(from: PeerId, to: PeerId): boolean {
    if (!this.#networks.get(to)?.running) return false
    return this.#groups === null || this.#groups.get(from) === this.#groups.get(to)
  }

  network(peer: PeerId): MemoryNetwork | undefined {
    return this.#networks.get(peer)
  }

  unlink(a: PeerId, b: PeerId): void {
    this.#networks.get(a)?.dropLink(b)
    this.#networks.get(b)?.dropLink(a)
  }

  /** Runs `arrive` after the latency of one way. */
  deliver(arrive: () => void): Timer {
    const { minimum, maximum } = this.#latencyMs
    return this.clock.setTimer(minimum + this.random() * (maximum - minimum), arrive)
  }

  loses(): boolean {
    return this.#loss > 0 && this.random() < this.#loss
  }

  /** xorshift32, in [0, 1). */
  random(): number {
    let x = this.#randomState
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#randomState = x >>> 0
    return this.#randomState / 2 ** 32
  }
}

const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}
