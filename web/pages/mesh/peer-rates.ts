/** Bytes a second per peer, from the counters of two moments. Pure. */
import type { PeerView } from '../../../node-core/node/node-api.ts'

export interface Rate {
  /** Bytes a second. */
  readonly in: number
  readonly out: number
}

export interface Counters {
  readonly atMs: number
  readonly peers: readonly PeerView[]
}

/**
 * From `before` to `now`; a peer that was not there before, or whose counters began anew, is averaged over its whole
 * connection.
 */
export function peerRates(before: Counters | null, now: Counters): ReadonlyMap<string, Rate> {
  const past = new Map(before?.peers.map((peer) => [peer.peer, peer]))
  return new Map(
    now.peers.map((peer) => {
      const earlier = past.get(peer.peer)
      const grown =
        earlier !== undefined &&
        earlier.connectedAtMs === peer.connectedAtMs &&
        earlier.bytesIn <= peer.bytesIn
      const ms = now.atMs - (grown && before !== null ? before.atMs : peer.connectedAtMs)
      const base = grown ? earlier : { bytesIn: 0, bytesOut: 0 }
      return [
        peer.peer,
        { in: perSecond(peer.bytesIn - base.bytesIn, ms), out: perSecond(peer.bytesOut - base.bytesOut, ms) },
      ]
    }),
  )
}

function perSecond(bytes: number, ms: number): number {
  return ms <= 0 ? 0 : Math.max(0, (bytes * 1_000) / ms)
}

/** "41.2" kB/s */
export function kilobytesWords(bytesPerSecond: number): string {
  return (bytesPerSecond / 1_000).toFixed(1)
}
