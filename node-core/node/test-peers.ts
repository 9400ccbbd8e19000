/** For tests: peers that speak the protocols and do not keep to them. Each hands on what an honest node says, except where told. */
import type { MemoryHub } from '../adapters/memory/memory-hub.ts'
import type { MemoryNetwork } from '../adapters/memory/memory-network.ts'
import type { Network, PeerId } from '../ports/network.ts'
import { OBSERVE_PROTOCOL } from './observe-protocol.ts'
import { HEADERS_PROTOCOL, SNAPSHOT_PROTOCOL, SYNC_PROTOCOL } from './sync-protocols.ts'
import type { TestNode } from './test-cluster.ts'
import { STATUS_PROTOCOL } from './wire-protocols.ts'

const ANSWER_TIMEOUT_MS = 5_000
const PROTOCOLS = [STATUS_PROTOCOL, SYNC_PROTOCOL, HEADERS_PROTOCOL, SNAPSHOT_PROTOCOL, OBSERVE_PROTOCOL]

export interface RelayedRequest {
  readonly protocol: string
  readonly request: Uint8Array
  /** What the honest node answers. */
  readonly answer: () => Promise<Uint8Array>
}

export interface BentPeer {
  readonly network: MemoryNetwork
  readonly address: string
  /** All that was asked, in order. */
  readonly asked: { readonly protocol: string; readonly request: Uint8Array }[]
  /** Resolves when it has been asked by this protocol. */
  wasAsked(protocol: string): Promise<void>
}

export type Bend = (relayed: RelayedRequest) => Promise<Uint8Array>

/** `bend` answers in the honest node's place; a promise that never settles is a peer that stalls. */
export async function startBentPeer(hub: MemoryHub, honest: TestNode, bend: Bend): Promise<BentPeer> {
  const network = hub.createNetwork()
  const asked: { protocol: string; request: Uint8Array }[] = []
  const waiting = new Map(PROTOCOLS.map((protocol) => [protocol, Promise.withResolvers<void>()]))
  serveBent(network, honest.network.self, (relayed) => {
    asked.push(relayed)
    waiting.get(relayed.protocol)!.resolve()
    return bend(relayed)
  })
  await network.start()
  await network.dial(honest.network.addresses()[0]!, { timeoutMs: 1_000 })
  const wasAsked = (protocol: string) => waiting.get(protocol)!.promise
  return { network, address: network.addresses()[0]!, asked, wasAsked }
}

/** Answers in the name of a peer that this network is connected to. */
export function serveBent(network: Network, honest: PeerId, bend: Bend): void {
  for (const protocol of PROTOCOLS) {
    network.handle(protocol, (request) => {
      const answer = () => network.request(honest, protocol, request, { timeoutMs: ANSWER_TIMEOUT_MS })
      return bend({ protocol, request, answer })
    })
  }
}

/** The same bytes with one of them changed, away from the first. */
export function spoilt(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy[copy.length >> 1]! ^= 0x55
  return copy
}
