import type { PeerConnection, PeerId } from '../ports/network.ts'

/** A link of a simulated network, as its node sees it. */
export function simConnection(peer: PeerId, openedAtMs = 0): PeerConnection {
  return {
    peer,
    address: `/memory/${peer}`,
    transport: 'memory',
    direction: 'outbound',
    relayed: false,
    openedAtMs,
    bytesIn: 0,
    bytesOut: 0,
  }
}
