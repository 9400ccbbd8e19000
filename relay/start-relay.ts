/** Puts the relay together: libp2p behind the front server, health, metrics, the web app. */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { networkInterfaces } from 'node:os'
import type { PeerId } from '@libp2p/interface'
import { partyOf } from './address-meter.ts'
import { FrontServer } from './front-server.ts'
import { type AddressLimits, DEFAULT_ADDRESS_LIMITS } from './limits.ts'
import { RelayMetrics } from './metrics.ts'
import { loadPeerKeySeed, newPeerKeySeed } from './peer-key.ts'
import { type RelayNode, startRelayNode } from './relay-node.ts'
import { SAFE_HEADERS, serveStatic } from './static-files.ts'

export interface RelayOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Directory of the built web app. */
  readonly webRoot?: string
  /** Served as /network.json: what a fresh page needs to join. */
  readonly networkFile?: string
  /** Where the peer key is kept; without it every start has a new peer id. */
  readonly keyFile?: string
  /** Multiaddrs that guests tell others, such as /dns4/relay.example/tcp/443/wss; the listening ones where left out. */
  readonly announce?: readonly string[]
  readonly allowedOrigins?: readonly string[] | 'any'
  readonly perAddressLimits?: Partial<AddressLimits>
  readonly trustedProxy?: string
}

export interface Relay {
  readonly peer: string
  /** Multiaddrs with the peer id. */
  readonly addresses: readonly string[]
  readonly url: string
  /** From now on no new connection or reservation; /healthz says 503. */
  drain(): void
  /** Drains, waits, closes. Twice is once. */
  stop(options?: { readonly graceMs?: number }): Promise<void>
}

/** Rejects with PortInUseError, or with a message that names the key file. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const keySeed = options.keyFile ? await loadPeerKeySeed(options.keyFile) : newPeerKeySeed()
  const relay = new RunningRelay(options)
  await relay.start(keySeed)
  return relay
}

class RunningRelay implements Relay {
  peer = ''
  addresses: readonly string[] = []
  url = ''
  readonly #options: RelayOptions
  readonly #limits: AddressLimits
  readonly #metrics = new RelayMetrics()
  #front: FrontServer | null = null
  #relay: RelayNode | null = null
  #stopped: Promise<void> | null = null

  constructor(options: RelayOptions) {
    this.#options = options
    this.#limits = { ...DEFAULT_ADDRESS_LIMITS, ...options.perAddressLimits }
  }

  /** The front server first: its port is part of what libp2p announces. */
  async start(keySeed: Uint8Array): Promise<void> {
    const { host, port } = this.#options
    const front = new FrontServer({
      relayPort: () => this.#relay?.port ?? null,
      limits: this.#limits,
      allowedOrigins: this.#options.allowedOrigins ?? 'any',
      trustedProxy: this.#options.trustedProxy ? partyOf(this.#options.trustedProxy) : null,
      metrics: this.#metrics,
      answer: (request, response) => this.#answer(request, response),
    })
    const listening = await front.listen(host, port)
    this.#front = front
    try {
      this.#relay = await startRelayNode({
        keySeed,
        announce: this.#options.announce ?? listeningAddresses(host, listening),
        mayReserve: (peer) => this.#mayReserve(peer),
        peersAnswered: () => this.#metrics.count('peers_answers'),
      })
    } catch (error) {
      await front.close()
      throw error
    }
    this.peer = this.#relay.node.peerId.toString()
    this.addresses = this.#relay.node.getMultiaddrs().map((address) => address.toString())
    this.url = `http://${host.includes(':') ? `[${host}]` : host}:${listening}`
  }

  drain(): void {
    if (this.#front) this.#front.draining = true
  }

  stop(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#stopped ??= this.#stop(options.graceMs ?? 0)
    return this.#stopped
  }

  async #stop(graceMs: number): Promise<void> {
    this.drain()
    if (graceMs > 0) await new Promise((resolve) => setTimeout(resolve, graceMs))
    await this.#front?.close()
    await this.#relay?.node.stop()
  }

  #mayReserve(peer: PeerId): boolean {
    const allowed = this.#front?.draining === false && this.#hasRoom(peer)
    this.#metrics.count(allowed ? 'reservations_granted' : 'reservations_refused')
    return allowed
  }

  #hasRoom(peer: PeerId): boolean {
    const holders = this.#relay?.reserved() ?? []
    if (holders.some((holder) => holder.equals(peer))) return true
    const party = this.#partyOfPeer(peer)
    return holders.filter((holder) => this.#partyOfPeer(holder) === party).length < this.#limits.reservations
  }

  #partyOfPeer(peer: PeerId): string | undefined {
    const [connection] = this.#relay?.node.getConnections(peer) ?? []
    const port = /\/tcp\/(\d+)/.exec(connection?.remoteAddr.toString() ?? '')
    return port ? this.#front?.partyOfPort(Number(port[1])) : undefined
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...SAFE_HEADERS, allow: 'GET, HEAD' }).end()
      return
    }
    const path = (request.url ?? '/').split('?', 1)[0]
    if (path === '/healthz') return this.#sendHealth(response)
    if (path === '/metrics')
      return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', this.#metricsText())
    if (path === '/network.json') return this.#sendNetworkFile(request, response)
    if (this.#options.webRoot && (await serveStatic(this.#options.webRoot, request, response))) return
    send(response, 404, 'text/plain; charset=utf-8', 'not found\n')
  }

  #sendHealth(response: ServerResponse): void {
    const draining = this.#front?.draining === true
    const health = {
      status: draining ? 'draining' : this.#relay ? 'ok' : 'starting',
      peer: this.peer,
      addresses: this.addresses,
      connections: this.#front?.connections ?? 0,
      reservations: this.#relay?.reserved().length ?? 0,
      uptimeSeconds: this.#metrics.uptimeSeconds(),
    }
    send(
      response,
      health.status === 'ok' ? 200 : 503,
      'application/json; charset=utf-8',
      JSON.stringify(health),
    )
  }

  #metricsText(): string {
    return this.#metrics.text({
      connections: this.#front?.connections ?? 0,
      reservations: this.#relay?.reserved().length ?? 0,
      draining: this.#front?.draining === true,
    })
  }

  /** Read anew each time: a development network writes it after the relay is up. */
  async #sendNetworkFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = this.#options.networkFile
      ? await readFile(this.#options.networkFile, 'utf8').catch(() => null)
      : null
    const origin = allowedOrigin(request.headers.origin, this.#options.allowedOrigins ?? 'any')
    if (origin) response.setHeader('access-control-allow-origin', origin)
    if (text === null) send(response, 404, 'text/plain; charset=utf-8', 'not found\n')
    else send(response, 200, 'application/json; charset=utf-8', text)
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...SAFE_HEADERS, 'content-type': type, 'cache-control': 'no-store' }).end(body)
}

function allowedOrigin(origin: string | undefined, allowed: readonly string[] | 'any'): string | null {
  if (allowed === 'any') return '*'
  return origin !== undefined && allowed.includes(origin) ? origin : null
}

/** For "all interfaces", each of them. */
function listeningAddresses(host: string, port: number): string[] {
  const wild = host === '0.0.0.0' || host === '::'
  const hosts = wild ? Object.values(networkInterfaces()).flatMap((list) => list ?? []) : [{ address: host }]
  return hosts
    .map(({ address }) => address)
    .filter((address) => !address.startsWith('fe80:') && (host !== '0.0.0.0' || !address.includes(':')))
    .map((address) => `/${protocolOf(address)}/${address}/tcp/${port}/ws`)
}

function protocolOf(host: string): 'ip4' | 'ip6' | 'dns4' {
  if (host.includes(':')) return 'ip6'
  return /^[\d.]+$/.test(host) ? 'ip4' : 'dns4'
}
