/** Asks every direct peer how it is, now and then, and answers the same question: head, mode, clock. */
import type { Clock, Timer } from '../ports/clock.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import { SEND_DECIDED_INTERVAL_MS, STATUS_INTERVAL_MS, STATUS_TIMEOUT_MS, TOLD_PEERS } from './constants.ts'
import type { NodeMode } from './node-api.ts'
import type { PeerBook } from './peer-book.ts'
import { decodeStatus, encodeStatus, type PeerStatus, STATUS_PROTOCOL } from './wire-protocols.ts'

export interface OwnStatus {
  readonly headHeight: Height
  readonly mode: NodeMode
  readonly version: string
  readonly validator: Address | null
}

export class PeerStatuses {
  readonly #network: Network
  readonly #clock: Clock
  readonly #telemetry: Telemetry
  readonly #book: PeerBook
  readonly #genesisHash: Hash
  readonly #own: () => OwnStatus
  readonly #heard: (peer: PeerId, headHeight: Height) => void
  readonly #changed: () => void
  readonly #asking = new Set<PeerId>()
  readonly #toldAt = new Map<PeerId, number>()
  #timer: Timer | null = null
  #stopListening: (() => void) | null = null

  constructor(options: {
    network: Network
    clock: Clock
    telemetry: Telemetry
    book: PeerBook
    genesisHash: Hash
    own: () => OwnStatus
    /** Of peers that can be asked for what they have. */
    heard: (peer: PeerId, headHeight: Height) => void
    changed: () => void
  }) {
    this.#network = options.network
    this.#clock = options.clock
    this.#telemetry = options.telemetry
    this.#book = options.book
    this.#genesisHash = options.genesisHash
    this.#own = options.own
    this.#heard = options.heard
    this.#changed = options.changed
  }

  start(): void {
    this.#network.handle(STATUS_PROTOCOL, async (request, from) => {
      this.#take(from, decodeStatus(request), null)
      return encodeStatus(this.#status())
    })
    this.#stopListening = this.#network.on((event) => {
      if (event.type === 'peer-connected' && !event.connection.relayed) this.ask(event.connection.peer)
      if (event.type === 'peer-disconnected') this.#book.left(event.peer)
      this.#changed()
    })
    this.#schedule()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#stopListening?.()
  }

  askAll(): void {
    for (const connection of this.#network.connections()) if (!connection.relayed) this.ask(connection.peer)
  }

  /** A peer that is behind hears how far this node is, at a bounded rate. */
  tell(peer: PeerId): void {
    const now = this.#clock.monotonicMs()
    if (now - (this.#toldAt.get(peer) ?? Number.NEGATIVE_INFINITY) < SEND_DECIDED_INTERVAL_MS) return
    this.#toldAt.delete(peer)
    this.#toldAt.set(peer, now)
    if (this.#toldAt.size > TOLD_PEERS) this.#toldAt.delete(this.#toldAt.keys().next().value!)
    this.ask(peer)
  }

  /** A peer that does not speak the protocol (a relay) is left alone. */
  ask(peer: PeerId): void {
    if (this.#asking.has(peer)) return
    this.#asking.add(peer)
    const askedAtMs = this.#clock.monotonicMs()
    this.#network
      .request(peer, STATUS_PROTOCOL, encodeStatus(this.#status()), { timeoutMs: STATUS_TIMEOUT_MS })
      .then((response) => this.#take(peer, decodeStatus(response), this.#clock.monotonicMs() - askedAtMs))
      .catch(() => this.#telemetry.count('status_unanswered'))
      .finally(() => this.#asking.delete(peer))
  }

  #take(peer: PeerId, status: PeerStatus | null, roundTripMs: number | null): void {
    if (!status) {
      this.#book.conduct(peer, 'bad-message')
      return
    }
    if (status.genesisHash !== this.#genesisHash) {
      this.#telemetry.log('warn', 'mesh', `${peer} is of another chain: genesis ${status.genesisHash}`)
      this.#book.conduct(peer, 'wrong-chain')
      return
    }
    this.#book.heard(peer, status, roundTripMs)
    this.#changed()
    if (this.#book.servesChain(peer)) this.#heard(peer, status.headHeight)
  }

  #status(): PeerStatus {
    return { genesisHash: this.#genesisHash, wallMs: this.#clock.wallMs(), ...this.#own() }
  }

  #schedule(): void {
    this.#timer = this.#clock.setTimer(STATUS_INTERVAL_MS, () => {
      this.askAll()
      this.#schedule()
    })
  }
}
