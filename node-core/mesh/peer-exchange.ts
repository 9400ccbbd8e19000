/** The stream protocol `peers/1`: who else is here? Served by relays and nodes alike; unsigned, so a hint only. */
import { utf8 } from '../lib/bytes.ts'
import type { PeerId } from '../ports/network.ts'
import { ADDRESS_CHARACTERS, EXCHANGED_ADDRESSES, EXCHANGED_PEERS } from './limits.ts'

export const PEERS_PROTOCOL = 'peers/1'
/** Relays serve every chain, so this protocol's id is the same on all; the request names the chain. */
export const PEERS_PROTOCOL_ID = '/aitbc/peers/1'
/** Bytes of an encoded request. */
export const PEERS_REQUEST_BYTES = 256

export interface PeerAddresses {
  readonly peer: PeerId
  /** Multiaddrs; one that starts with /p2p-circuit continues the address of the relay that was asked. */
  readonly addresses: readonly string[]
}

export interface PeersRequest {
  readonly chainId: string
}

/** A node announces its chain by serving this protocol; relays tell the chains of their guests apart by it. */
export function chainMarker(chainId: string): string {
  return `/aitbc/${chainId}/node/1`
}

/** Where a guest of a relay can be reached, relative to the relay. */
export function addressOfGuest(peer: PeerId): string {
  return `/p2p-circuit/webrtc/p2p/${peer}`
}

export function encodePeersRequest(request: PeersRequest): Uint8Array {
  return utf8(JSON.stringify({ chainId: request.chainId }))
}

/** null: not a request. */
export function decodePeersRequest(bytes: Uint8Array): PeersRequest | null {
  if (bytes.length > PEERS_REQUEST_BYTES) return null
  const value = parseJson(bytes)
  if (typeof value !== 'object' || value === null) return null
  const { chainId } = value as Record<string, unknown>
  return typeof chainId === 'string' ? { chainId } : null
}

/** Leaves out what is over the limits. */
export function encodePeers(peers: readonly PeerAddresses[]): Uint8Array {
  const limited = peers.slice(0, EXCHANGED_PEERS).map(({ peer, addresses }) => ({
    peer,
    addresses: addresses
      .filter((address) => address.length <= ADDRESS_CHARACTERS)
      .slice(0, EXCHANGED_ADDRESSES),
  }))
  return utf8(JSON.stringify(limited))
}

/** null: not such a list, or over the limits. */
export function decodePeers(bytes: Uint8Array): PeerAddresses[] | null {
  const value = parseJson(bytes)
  if (!Array.isArray(value) || value.length > EXCHANGED_PEERS) return null
  const peers: PeerAddresses[] = []
  for (const entry of value as unknown[]) {
    const peer = decodePeer(entry)
    if (!peer) return null
    peers.push(peer)
  }
  return peers
}

/** Makes addresses relative to `relayAddress` absolute; without a relay they are left out. */
export function resolveAddresses(entry: PeerAddresses, relayAddress: string | null): PeerAddresses {
  const addresses = entry.addresses
    .map((address) => {
      if (!address.startsWith('/p2p-circuit')) return address
      return relayAddress === null ? null : relayAddress + address
    })
    .filter((address) => address !== null)
  return { peer: entry.peer, addresses }
}

function decodePeer(entry: unknown): PeerAddresses | null {
  if (typeof entry !== 'object' || entry === null) return null
  const { peer, addresses } = entry as Record<string, unknown>
  if (typeof peer !== 'string' || !PEER_ID.test(peer)) return null
  if (!Array.isArray(addresses) || addresses.length > EXCHANGED_ADDRESSES) return null
  if (!addresses.every((address) => isAddress(address))) return null
  return { peer, addresses: addresses as string[] }
}

const PEER_ID = /^[A-Za-z0-9-]{1,128}$/

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/') && value.length <= ADDRESS_CHARACTERS
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
