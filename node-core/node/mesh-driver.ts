/** Keeps a node linked: runs the discovery and topology policies against the network, on the clock. */
import {
  discoveryDelayMs,
  type KnownPeer,
  type Question,
  recordDial,
  rememberPeers,
  restorePeers,
  whomToAsk,
} from '../mesh/discovery.ts'
import {
  decodePeers,
  encodePeersRequest,
  PEERS_PROTOCOL,
  type PeerAddresses,
  resolveAddresses,
} from '../mesh/peer-exchange.ts'
import { belowDegree, chooseDials, directPeers, orderAddresses, type Platform } from '../mesh/topology.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Network, NetworkEvent, PeerId } from '../ports/network.ts'

const ASK_TIMEOUT_MS = 5_000
/** One address of a peer gets this long, ms. */
const DIAL_TIMEOUT_MS = 10_000
/** Peers dialled at the same time. */
const PARALLEL_DIALS = 4
/** Between a change in the mesh and the look at it, ms: several changes at once are looked at together. */
const SETTLE_MS = 50
/** Between two looks while links are missing, ms: backoffs and grace times end in between. */
const LOOK_INTERVAL_MS = 1_000
/** Between two saves of the known peers, ms. */
const SAVE_INTERVAL_MS = 30_000

export interface KnownPeersStore {
  /** What `save` was given last, by this or an earlier run; null: nothing. */
  load(): Promise<unknown>
  save(known: readonly KnownPeer[]): Promise<void>
}

export interface MeshDriverOptions {
  readonly network: Network
  readonly clock: Clock
  readonly chainId: string
  readonly platform: Platform
  readonly knownPeers: KnownPeersStore
  /** In [0, 1). */
  readonly random: () => number
  /** Peer ids of the validators this node should be linked to directly; empty where it is none. */
  readonly validatorPeers?: () => ReadonlySet<PeerId>
}

export interface MeshDriver {
  /** Call after the network's start. */
  start(): Promise<void>
  stop(): Promise<void>
  known(): readonly KnownPeer[]
}

export function createMeshDriver(options: MeshDriverOptions): MeshDriver {
  return new Driver(options)
}

class Driver implements MeshDriver {
  readonly #options: MeshDriverOptions
  readonly #dialing = new Set<PeerId>()
  #known: KnownPeer[] = []
  #running = false
  #asking = false
  #timer: Timer | null = null
  #unlisten: () => void = () => {}
  #askAtMs = 0
  #saveAtMs = 0
  #changed = false

  constructor(options: MeshDriverOptions) {
    this.#options = options
  }

  known(): readonly KnownPeer[] {
    return this.#known
  }

  async start(): Promise<void> {
    this.#known = restorePeers(await this.#options.knownPeers.load(), this.#nowMs())
    this.#running = true
    this.#unlisten = this.#options.network.on((event) => this.#noticed(event))
    this.#look()
  }

  async stop(): Promise<void> {
    this.#running = false
    this.#timer?.cancel()
    this.#unlisten()
    if (this.#changed) await this.#options.knownPeers.save(this.#known)
  }

  #noticed(event: NetworkEvent): void {
    if (event.type === 'peer-connected' && event.connection.direction === 'outbound') {
      const { peer, address } = event.connection
      this.#remember([{ peer, addresses: [address] }])
    }
    // A new link or relay knows peers that this node does not.
    if (event.type === 'relay-connected' || belowDegree(this.#options.network.connections()))
      this.#askAtMs = 0
    this.#lookAfter(SETTLE_MS)
  }

  #lookAfter(delayMs: number): void {
    if (!this.#running) return
    this.#timer?.cancel()
    this.#timer = this.#options.clock.setTimer(delayMs, () => this.#look())
  }

  #look(): void {
    if (!this.#running) return
    const nowMs = this.#nowMs()
    if (nowMs >= this.#askAtMs && !this.#asking) void this.#ask()
    this.#dialChosen(nowMs)
    if (this.#changed && nowMs >= this.#saveAtMs) void this.#save(nowMs)
    this.#lookAfter(LOOK_INTERVAL_MS)
  }

  async #ask(): Promise<void> {
    const { network, random } = this.#options
    this.#asking = true
    const connections = network.connections()
    this.#askAtMs = this.#nowMs() + discoveryDelayMs(belowDegree(connections))
    const questions = whomToAsk({ relays: network.relays(), direct: [...directPeers(connections)], random })
    await Promise.all(questions.map((question) => this.#askOne(question)))
    this.#asking = false
    this.#lookAfter(0)
  }

  async #askOne(question: Question): Promise<void> {
    const { network, chainId } = this.#options
    const request = encodePeersRequest({ chainId })
    let answer: Uint8Array
    try {
      answer = await network.request(question.peer, PEERS_PROTOCOL, request, { timeoutMs: ASK_TIMEOUT_MS })
    } catch {
      // Whoever does not answer is asked again in the next round.
      return
    }
    const peers = decodePeers(answer)
    if (!peers) return
    const heard = peers.map((entry) => resolveAddresses(entry, question.relayAddress))
    this.#remember(heard)
  }

  #remember(heard: readonly PeerAddresses[]): void {
    this.#known = rememberPeers(this.#known, heard, this.#options.network.self, this.#nowMs())
    this.#changed = true
  }

  #dialChosen(nowMs: number): void {
    const { network, random, validatorPeers } = this.#options
    const chosen = chooseDials({
      self: network.self,
      connections: network.connections(),
      known: this.#known,
      dialing: this.#dialing,
      validators: validatorPeers?.() ?? new Set(),
      nowMs,
      random,
    })
    for (const known of chosen.slice(0, Math.max(0, PARALLEL_DIALS - this.#dialing.size)))
      void this.#dial(known)
  }

  async #dial(known: KnownPeer): Promise<void> {
    const { network, platform, random } = this.#options
    this.#dialing.add(known.peer)
    const connected = await this.#dialAny(known.peer, orderAddresses(known.addresses, platform))
    this.#dialing.delete(known.peer)
    const outcome = connected || directPeers(network.connections()).has(known.peer) ? 'connected' : 'failed'
    this.#known = recordDial(this.#known, known.peer, outcome, this.#nowMs(), random())
    this.#changed = true
    this.#lookAfter(SETTLE_MS)
  }

  async #dialAny(peer: PeerId, addresses: readonly string[]): Promise<boolean> {
    const { network } = this.#options
    for (const address of addresses) {
      if (!this.#running || directPeers(network.connections()).has(peer)) break
      try {
        if ((await network.dial(address, { timeoutMs: DIAL_TIMEOUT_MS })) === peer) return true
      } catch {
        // The next address may work; the failure of all of them is recorded.
      }
    }
    return false
  }

  async #save(nowMs: number): Promise<void> {
    this.#changed = false
    this.#saveAtMs = nowMs + SAVE_INTERVAL_MS
    await this.#options.knownPeers.save(this.#known).catch(() => {
      this.#changed = true
    })
  }

  #nowMs(): number {
    return this.#options.clock.wallMs()
  }
}
