/** Keeps a reservation with each configured relay: dials, notices its loss, dials again after a growing pause. */
import type { Connection, Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { backoffMs, peerOfAddress } from '../../mesh/discovery.ts'

const DIAL_TIMEOUT_MS = 10_000
/** How long a connected relay may take to grant a reservation; then the connection is given up. */
const RESERVATION_TIMEOUT_MS = 10_000

export interface RelayListener {
  relayConnected(address: string): void
  relayLost(address: string): void
}

interface Relay {
  readonly address: string
  peer: string | null
  reserved: boolean
  failures: number
  dialing: boolean
  /** performance.now() at which the next dial is due, and at which the connection came to be. */
  nextDialMs: number
  connectedSinceMs: number | null
}

export class RelayKeeper {
  readonly #node: Libp2p
  readonly #listener: RelayListener
  readonly #random: () => number
  readonly #relays: Relay[]
  #stopped = false

  constructor(node: Libp2p, addresses: readonly string[], listener: RelayListener, random: () => number) {
    this.#node = node
    this.#listener = listener
    this.#random = random
    this.#relays = [...new Set(addresses)].map((address) => ({
      address,
      peer: peerOfAddress(address),
      reserved: false,
      failures: 0,
      dialing: false,
      nextDialMs: 0,
      connectedSinceMs: null,
    }))
  }

  /** A relay is named by its address with its peer id, once that is known. */
  relays(): { readonly address: string; readonly connected: boolean }[] {
    return this.#relays.map((relay) => ({ address: addressOf(relay), connected: relay.reserved }))
  }

  isRelay(peer: string): boolean {
    return this.#relays.some((relay) => relay.peer === peer)
  }

  /** Known by its address even before its peer id is. */
  isRelayConnection(connection: Connection): boolean {
    if (this.isRelay(connection.remotePeer.toString())) return true
    const address = connection.remoteAddr.toString()
    return (
      !address.includes('/p2p-circuit') && this.#relays.some((relay) => address.startsWith(relay.address))
    )
  }

  stop(): void {
    this.#stopped = true
  }

  /** Call a few times a second, and when a connection closes or the own addresses change. */
  sweep(nowMs: number): void {
    if (this.#stopped || this.#relays.length === 0) return
    const own = this.#node.getMultiaddrs().map((address) => address.toString())
    for (const relay of this.#relays) this.#check(relay, own, nowMs)
  }

  #check(relay: Relay, own: readonly string[], nowMs: number): void {
    const connected = relay.peer !== null && this.#connections(relay.peer).length > 0
    const reserved = connected && own.some((address) => address.includes(`/p2p/${relay.peer}/p2p-circuit`))
    if (reserved !== relay.reserved) this.#changed(relay, reserved, nowMs)
    if (!connected) relay.connectedSinceMs = null
    if (reserved || relay.dialing) return
    if (connected) this.#awaitReservation(relay, nowMs)
    else if (nowMs >= relay.nextDialMs) void this.#dial(relay)
  }

  #changed(relay: Relay, reserved: boolean, nowMs: number): void {
    relay.reserved = reserved
    if (reserved) {
      relay.failures = 0
      this.#listener.relayConnected(addressOf(relay))
    } else {
      relay.nextDialMs = nowMs + backoffMs(0, this.#random())
      this.#listener.relayLost(addressOf(relay))
    }
  }

  /** A full or draining relay refuses; holding on to it would not help. */
  #awaitReservation(relay: Relay, nowMs: number): void {
    relay.connectedSinceMs ??= nowMs
    if (nowMs - relay.connectedSinceMs < RESERVATION_TIMEOUT_MS) return
    relay.connectedSinceMs = null
    relay.nextDialMs = nowMs + backoffMs(relay.failures++, this.#random())
    for (const connection of this.#connections(relay.peer!))
      connection.close().catch(() => connection.abort(GAVE_UP))
  }

  async #dial(relay: Relay): Promise<void> {
    relay.dialing = true
    try {
      const connection = await this.#node.dial(multiaddr(relay.address), {
        signal: AbortSignal.timeout(DIAL_TIMEOUT_MS),
      })
      relay.peer = connection.remotePeer.toString()
    } catch {
      // Any failure is the same here: the relay is not there now.
      relay.nextDialMs = performance.now() + backoffMs(relay.failures++, this.#random())
    } finally {
      relay.dialing = false
    }
  }

  #connections(peer: string): Connection[] {
    return this.#node
      .getConnections()
      .filter((connection) => connection.remotePeer.toString() === peer && connection.status === 'open')
  }
}

const GAVE_UP = new Error('the relay granted no reservation')

function addressOf(relay: Relay): string {
  if (relay.peer === null || peerOfAddress(relay.address) !== null) return relay.address
  return `${relay.address}/p2p/${relay.peer}`
}
