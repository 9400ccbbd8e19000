/**
 * gossipsub 17 opens its stream on one connection to a peer and never moves it: when that connection closes while
 * another one to the same peer lives, or when the stream is cut, gossip with the peer stops for good.
 * The watchdog announces such peers again on a living connection, and hangs up when that does not help.
 */

import type { GossipSub } from '@libp2p/gossipsub'
import type { Connection, PeerId as Libp2pPeerId } from '@libp2p/interface'
import { isDirect } from './connection-view.ts'

/** How long gossip with a connected peer may be missing in one direction before its connections are closed. */
const HEALING_MS = 10_000
const GOSSIP_PROTOCOL = '/meshsub/'

/** Public on the class but not in the package's interface, or private there; checked against 17.1.1. */
interface GossipInternals {
  readonly streamsInbound: ReadonlyMap<string, unknown>
  readonly streamsOutbound: ReadonlyMap<string, unknown>
  onPeerConnected(peer: Libp2pPeerId, connection: Connection): void
}

export class GossipWatchdog {
  readonly #gossip: GossipInternals
  readonly #gossipers = new Set<string>()
  /** Since when a stream is missing, by performance.now(). */
  readonly #brokenSinceMs = new Map<string, number>()

  constructor(gossip: GossipSub) {
    this.#gossip = gossip as unknown as GossipInternals
  }

  /** Told by identify; peers without gossip, such as relays, are left alone. */
  identified(peer: string, protocols: readonly string[]): void {
    if (protocols.some((protocol) => protocol.startsWith(GOSSIP_PROTOCOL))) this.#gossipers.add(peer)
  }

  disconnected(peer: string): void {
    this.#gossipers.delete(peer)
    this.#brokenSinceMs.delete(peer)
  }

  /** Call each second and after every closed connection. Returns peers whose connections are to be closed. */
  sweep(connections: readonly Connection[], nowMs: number): string[] {
    const hopeless = new Set<string>()
    for (const connection of connections) {
      const peer = connection.remotePeer.toString()
      if (!isDirect(connection) || !this.#gossipers.has(peer)) continue
      const sends = this.#gossip.streamsOutbound.has(peer)
      if (sends && this.#gossip.streamsInbound.has(peer)) {
        this.#brokenSinceMs.delete(peer)
        continue
      }
      if (!sends) this.#gossip.onPeerConnected(connection.remotePeer, connection)
      const sinceMs = this.#brokenSinceMs.get(peer) ?? nowMs
      this.#brokenSinceMs.set(peer, sinceMs)
      if (nowMs - sinceMs > HEALING_MS) hopeless.add(peer)
    }
    for (const peer of hopeless) this.#brokenSinceMs.delete(peer)
    return [...hopeless]
  }
}
