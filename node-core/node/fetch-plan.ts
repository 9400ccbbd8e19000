/**
 * Who is asked for what while a node catches up. Each peer has a bounded number of bytes under way; one that fails is dropped
 * from the plan, one that is slow is overtaken by another, one that gave something wrong is reported by name.
 */
import type { Conduct } from '../mesh/reputation.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { OUTSTANDING_BYTES, STALL_MS, SYNC_TIMEOUT_MS } from './constants.ts'
import type { PeerBook } from './peer-book.ts'

/** gone: this peer does not have it, another may. wrong: what came does not hold. */
export type FetchVerdict = 'done' | 'gone' | 'wrong'

export interface FetchJob {
  readonly protocol: string
  readonly request: Uint8Array
  /** Bytes that the answer may have. */
  readonly bytes: number
  /** Of the connected peers, those that may have it. */
  readonly mayServe?: (peer: PeerId) => boolean
  /** May be called again, with another peer's answer. */
  readonly take: (answer: Uint8Array, peer: PeerId) => FetchVerdict | Promise<FetchVerdict>
}

/** What one peer has given in this run. */
export interface FetchSource {
  readonly peer: PeerId
  readonly bytes: number
  readonly outstandingBytes: number
}

interface Source {
  bytes: number
  outstandingBytes: number
  dropped: boolean
}

interface Running {
  readonly job: FetchJob
  readonly done: PromiseWithResolvers<boolean>
  readonly asked: Map<PeerId, { readonly atMs: number; readonly abort: AbortController }>
  readonly refusedBy: Set<PeerId>
  finished: boolean
}

export class FetchPlan {
  readonly #network: Network
  readonly #clock: Clock
  readonly #candidates: () => readonly PeerId[]
  readonly #peers: PeerBook
  readonly #telemetry: Telemetry
  readonly #sources = new Map<PeerId, Source>()
  readonly #jobs: Running[] = []
  readonly #stopListening: () => void
  #timer: Timer | null = null
  #stopped = false

  constructor(options: {
    network: Network
    clock: Clock
    /** Connected peers that speak the protocols. */
    candidates: () => readonly PeerId[]
    peers: PeerBook
    telemetry: Telemetry
  }) {
    this.#network = options.network
    this.#clock = options.clock
    this.#candidates = options.candidates
    this.#peers = options.peers
    this.#telemetry = options.telemetry
    this.#stopListening = options.network.on((event) => {
      if (event.type === 'peer-connected') this.#assign()
    })
    this.#watch()
  }

  /** Resolves with whether somebody gave it; rejects with what `take` threw. Jobs given earlier go first. */
  fetch(job: FetchJob): Promise<boolean> {
    const done = Promise.withResolvers<boolean>()
    this.#jobs.push({ job, done, asked: new Map(), refusedBy: new Set(), finished: false })
    this.#assign()
    return done.promise
  }

  /** What this peer gave turned out to be wrong later. */
  blame(peer: PeerId): void {
    this.#drop(peer, 'bad-block')
    this.#assign()
  }

  get sources(): FetchSource[] {
    return [...this.#sources]
      .filter(([, source]) => !source.dropped)
      .map(([peer, { bytes, outstandingBytes }]) => ({ peer, bytes, outstandingBytes }))
  }

  /** Bytes received, from those dropped as well. */
  get bytes(): number {
    return [...this.#sources.values()].reduce((sum, source) => sum + source.bytes, 0)
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#stopListening()
    for (const running of [...this.#jobs]) this.#finish(running, false)
  }

  #assign(): void {
    if (this.#stopped) return
    for (const running of [...this.#jobs]) {
      if (running.finished || running.asked.size > 0) continue
      const usable = this.#usable(running)
      if (usable.length === 0) this.#finish(running, false)
      else this.#ask(running, this.#leastBusy(usable, running.job.bytes))
    }
    for (const running of this.#jobs) this.#overtake(running)
  }

  /** The one asked longest ago is slow: another is asked as well, and the first answer counts. */
  #overtake(running: Running): void {
    const [only, ...others] = running.asked.values()
    if (!only || others.length > 0 || this.#clock.monotonicMs() - only.atMs < STALL_MS) return
    const rest = this.#usable(running).filter((peer) => !running.asked.has(peer))
    this.#ask(running, this.#leastBusy(rest, running.job.bytes))
  }

  #usable({ job, refusedBy }: Running): PeerId[] {
    return this.#candidates().filter(
      (peer) => !this.#sources.get(peer)?.dropped && !refusedBy.has(peer) && (job.mayServe?.(peer) ?? true),
    )
  }

  /** null: all have as much under way as they may. */
  #leastBusy(peers: readonly PeerId[], bytes: number): PeerId | null {
    const busy = (peer: PeerId) => this.#sources.get(peer)?.outstandingBytes ?? 0
    const free = peers.filter((peer) => busy(peer) === 0 || busy(peer) + bytes <= OUTSTANDING_BYTES)
    return free.reduce<PeerId | null>((best, peer) => (best && busy(best) <= busy(peer) ? best : peer), null)
  }

  #ask(running: Running, peer: PeerId | null): void {
    if (!peer) return
    const { protocol, request, bytes } = running.job
    const source = this.#source(peer)
    const abort = new AbortController()
    source.outstandingBytes += bytes
    running.asked.set(peer, { atMs: this.#clock.monotonicMs(), abort })
    const answer = this.#network.request(peer, protocol, request, {
      timeoutMs: SYNC_TIMEOUT_MS,
      signal: abort.signal,
    })
    void this.#receive(running, peer, answer).then(() => {
      source.outstandingBytes -= bytes
      this.#assign()
    })
  }

  async #receive(running: Running, peer: PeerId, answer: Promise<Uint8Array>): Promise<void> {
    let bytes: Uint8Array
    try {
      bytes = await answer
    } catch {
      running.asked.delete(peer)
      if (!running.finished) this.#drop(peer, 'unserved')
      return
    }
    this.#source(peer).bytes += bytes.length
    try {
      const verdict = running.finished ? null : await running.job.take(bytes, peer)
      running.asked.delete(peer)
      this.#answered(running, peer, verdict)
    } catch (error) {
      running.asked.delete(peer)
      running.done.reject(error)
      this.#finish(running, false)
    }
  }

  #answered(running: Running, peer: PeerId, verdict: FetchVerdict | null): void {
    if (verdict === 'done') {
      this.#peers.conduct(peer, 'served')
      // Those who were overtaken are too slow for the rest of the plan.
      for (const [other, { atMs }] of running.asked)
        if (this.#clock.monotonicMs() - atMs >= STALL_MS) this.#drop(other, 'unserved')
      this.#finish(running, true)
    } else if (verdict === 'gone') running.refusedBy.add(peer)
    else if (verdict === 'wrong') this.#drop(peer, 'bad-block')
  }

  #drop(peer: PeerId, conduct: Conduct): void {
    const source = this.#source(peer)
    if (source.dropped) return
    source.dropped = true
    if (conduct === 'bad-block')
      this.#telemetry.log('warn', 'sync', `${peer} gave something that does not hold`)
    this.#peers.conduct(peer, conduct)
  }

  #finish(running: Running, served: boolean): void {
    if (running.finished) return
    running.finished = true
    this.#jobs.splice(this.#jobs.indexOf(running), 1)
    for (const { abort } of running.asked.values()) abort.abort()
    running.done.resolve(served)
  }

  #source(peer: PeerId): Source {
    const source = this.#sources.get(peer) ?? { bytes: 0, outstandingBytes: 0, dropped: false }
    this.#sources.set(peer, source)
    return source
  }

  #watch(): void {
    this.#timer = this.#clock.setTimer(STALL_MS / 3, () => {
      this.#assign()
      this.#watch()
    })
  }
}
