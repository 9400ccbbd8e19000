import { useRef } from 'react'
import type { PeerView } from '../../../node-core/node/node-api.ts'
import { type Counters, peerRates, type Rate } from './peer-rates.ts'

/** Rates are taken over at least this long, so that one burst does not read as a rate. */
const WINDOW_MS = 5_000

interface Window {
  readonly from: Counters | null
  readonly to: Counters
}

/** Bytes a second of each peer over the last seconds, as counted by this node. */
export function usePeerRates(peers: readonly PeerView[], nowMs: number): ReadonlyMap<string, Rate> {
  const held = useRef<Window>({ from: null, to: { atMs: nowMs, peers } })
  if (nowMs - held.current.to.atMs >= WINDOW_MS)
    held.current = { from: held.current.to, to: { atMs: nowMs, peers } }
  return peerRates(
    held.current.from,
    held.current.to.peers.length === peers.length ? held.current.to : { atMs: nowMs, peers },
  )
}
