/** libp2p connections as the port shows them: one entry a peer, the best of its connections. */
import type { Connection } from '@libp2p/interface'
import type { PeerConnection, Transport } from '../../ports/network.ts'
import type { StreamMeter } from './stream-meter.ts'

export function transportOf(connection: Connection): Transport {
  const address = connection.remoteAddr.toString()
  if (connection.limits) return 'relayed'
  if (address.includes('/webrtc-direct')) return 'webrtc-direct'
  if (address.includes('/webrtc')) return 'webrtc'
  if (address.includes('/p2p-circuit')) return 'relayed'
  return 'websocket'
}

export function isDirect(connection: Connection): boolean {
  return connection.status === 'open' && transportOf(connection) !== 'relayed'
}

/** Direct before relayed, then the oldest; undefined where none is open. */
export function bestConnection(connections: readonly Connection[]): Connection | undefined {
  return connections
    .filter((connection) => connection.status === 'open')
    .sort((a, b) => Number(isDirect(b)) - Number(isDirect(a)) || a.timeline.open - b.timeline.open)[0]
}

export function viewConnections(connections: readonly Connection[], meter: StreamMeter): PeerConnection[] {
  const byPeer = new Map<string, Connection[]>()
  for (const connection of connections) {
    const peer = connection.remotePeer.toString()
    const list = byPeer.get(peer)
    if (list) list.push(connection)
    else byPeer.set(peer, [connection])
  }
  return [...byPeer.values()].map((list) => viewPeer(list, meter)).filter((view) => view !== null)
}

export function viewPeer(connections: readonly Connection[], meter: StreamMeter): PeerConnection | null {
  const best = bestConnection(connections)
  if (!best) return null
  const transport = transportOf(best)
  let bytesIn = 0
  let bytesOut = 0
  for (const connection of connections) {
    const count = meter.of(connection)
    bytesIn += count.bytesIn
    bytesOut += count.bytesOut
  }
  return {
    peer: best.remotePeer.toString(),
    address: best.remoteAddr.toString(),
    transport,
    direction: best.direction,
    relayed: transport === 'relayed',
    openedAtMs: best.timeline.open,
    bytesIn,
    bytesOut,
  }
}
