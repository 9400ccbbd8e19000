/** Where the nodes of validators are, as far as this node is connected to them. */
import type { Network } from '../ports/network.ts'
import type { Address } from '../protocol/ids.ts'
import type { PeerBook } from './peer-book.ts'

/** A multiaddress that begins with a host; what another network calls its peers is none. */
const HOST = /^\/(?:ip4|ip6|dns|dns4|dns6|dnsaddr)\/([^/]+)/
/** This very machine: says nothing of who is behind a node that runs on it. */
const LOOPBACK = /^(?:127\.|::1$|localhost$)/

/** Of the validators whose nodes are direct peers. */
export function validatorHosts(network: Network, peers: PeerBook): ReadonlyMap<Address, string> {
  const hosts = new Map<Address, string>()
  for (const { peer, address, relayed } of network.connections()) {
    const validator = peers.record(peer).status?.validator
    const host = HOST.exec(address)?.[1]
    if (validator && host && !relayed && !LOOPBACK.test(host)) hosts.set(validator as Address, host)
  }
  return hosts
}
