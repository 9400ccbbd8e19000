/** Puts the browser's node together: its stores, its network, its keys; serves it on the page's port. */
import { browserClock } from '../../node-core/adapters/browser/browser-clock.ts'
import { openBrowserKeystore } from '../../node-core/adapters/browser/browser-keystore.ts'
import { BrowserSeat } from '../../node-core/adapters/browser/browser-seat.ts'
import { BrowserWallet } from '../../node-core/adapters/browser/browser-wallet.ts'
import { openIndexedDbStorage } from '../../node-core/adapters/browser/indexeddb-storage.ts'
import { serveNode } from '../../node-core/adapters/browser/node-channel.ts'
import type { ByteBridge } from '../../node-core/adapters/browser/rtc-messages.ts'
import { holdWebLock } from '../../node-core/adapters/browser/web-lock.ts'
import { createLibp2pNetwork } from '../../node-core/adapters/libp2p/create-network.ts'
import { createTelemetry } from '../../node-core/adapters/telemetry.ts'
import { createVerifier, preloadVerifier } from '../../node-core/adapters/verifier.ts'
import { createNode, type NodeOptions } from '../../node-core/node/create-node.ts'
import { knownPeersStore } from '../../node-core/node/known-peers.ts'
import type { LiveNode } from '../../node-core/node/live-node.ts'
import { createMeshDriver } from '../../node-core/node/mesh-driver.ts'
import { NodeService } from '../../node-core/node/node-service.ts'
import { createObserver, type ObserverNode } from '../../node-core/node/observer-node.ts'
import { ObserverService } from '../../node-core/node/observer-service.ts'
import { deskOf } from '../../node-core/node/transaction-desk.ts'
import { CodedError } from '../../node-core/ports/coded-error.ts'
import type { Network } from '../../node-core/ports/network.ts'
import { genesisHash } from '../../node-core/protocol/hash.ts'
import { parseNetworkFile } from '../../node-core/protocol/network-file.ts'
import { formatParameters } from '../../node-core/protocol/parameters.ts'
import { API_VERSION } from '../../node-core/rpc/api-version.ts'
import type { BootEvent } from '../store/connection.ts'
import type { FromWorker, StartMessage } from './messages.ts'

const MAX_CONNECTIONS = 50
const DIAL_TIMEOUT_MS = 8_000
const RANDOM_RANGE = 2 ** 32
/** A relay that answers does so sooner, ms; after that the page says that none does. */
const RELAY_PATIENCE_MS = 3_000
/** How long the first peer has for bringing this node to the head, ms. */
const FIRST_PEER_MS = 1_000

type Tell = (event: BootEvent) => void

export interface RunningNode {
  stop(): Promise<void>
  /** Its page is going: the last that this node does. */
  closing(): void
}

/** Resolves once the node answers calls; it goes on looking for relays and peers by itself. */
export async function runNode(
  { network: json, api, handedOver, mode }: StartMessage,
  channels: ByteBridge,
  post: (message: FromWorker) => void,
): Promise<RunningNode> {
  const tell: Tell = (event) => post({ type: 'boot', event })
  tell({ step: 'node', state: 'working' })
  const read = parseNetworkFile(json)
  if (!read.ok)
    throw new CodedError('network-file-invalid', { key: read.key, value: read.value, range: read.range })
  const { genesis, ...file } = read.value
  const chain = genesisHash(genesis).slice(2, 18)
  // Held by this thread: the page that elected it may be gone a moment before it is, and the next tab starts its own.
  const releaseSigner = await holdWebLock(`aitbc-${chain}-signer`)
  const telemetry = createTelemetry({ clock: browserClock })
  const [storage, keystore] = await Promise.all([
    openIndexedDbStorage(`aitbc-chain-${chain}`),
    openBrowserKeystore({ name: `aitbc-keys-${chain}`, clock: browserClock }),
  ])
  const network = await createLibp2pNetwork({
    privateKeySeed: keystore.peerSeed(),
    chainId: genesis.chainId,
    relays: file.relays,
    listen: [],
    platform: 'browser',
    iceServers: file.iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
    maxConnections: MAX_CONNECTIONS,
    telemetry,
  })
  const options: Omit<NodeOptions, 'mode'> = {
    genesis,
    version: API_VERSION,
    storage,
    network,
    clock: browserClock,
    verifier: createVerifier(),
    telemetry,
    transport: { channels, verifyWorkers: 0 },
    relaysConfigured: file.relays.length,
    config: {
      chainId: genesis.chainId,
      mode,
      parameters: formatParameters(genesis.parameters),
      relays: file.relays,
      bootstrap: file.bootstrap,
    },
  }
  const created = mode === 'observer' ? await createObserver(options) : await createNode({ ...options, mode })
  if (!created.ok) throw new CodedError(created.failure.code, { ...created.failure })
  const { node } = created
  await network.start()
  const [first, ...others] = inRandomOrder(file.bootstrap)
  dial(network, first === undefined ? [] : [first])
  const parts = { keystore, network, clock: browserClock, node }
  const observes = node.mode === 'observer'
  const service = observes ? new ObserverService(node) : new NodeService(node)
  const onWatch = (isOn: boolean) => post({ type: 'on-watch', onWatch: isOn })
  const seat = observes ? null : new BrowserSeat({ node, keystore, chain, handedOver, onWatch })
  const wallet = new BrowserWallet({ ...parts, desk: observes ? node : deskOf(node), seat })
  await wallet.start()
  const server = serveNode(api, { node: service, wallet })
  tell({ step: 'node', state: 'done' })
  reportBoot(node, network, tell)
  preloadVerifier().catch(() =>
    telemetry.log('warn', 'node', 'a part of the verifier was not loaded; it is tried again'),
  )
  const driver = createMeshDriver({
    network,
    clock: browserClock,
    chainId: genesis.chainId,
    platform: 'browser',
    knownPeers: knownPeersStore(storage),
    random,
  })
  // Handshakes at the same time are each as slow as all of them: the first peer brings the head before others are linked.
  const stopWaiting = onceAtHead(node, () => {
    dial(network, others)
    void driver.start()
  })
  const stop = async () => {
    server.stop()
    wallet.stop()
    service.stop()
    stopWaiting()
    await driver.stop()
    await node.stop()
    await network.stop()
    await keystore.close()
    await storage.close()
    releaseSigner()
  }
  return { stop, closing: () => seat?.closing() }
}

/** Peers named by the page's origin: the first links of a tab that knows nobody. */
function dial(network: Network, addresses: readonly string[]): void {
  for (const address of addresses)
    network.dial(address, { timeoutMs: DIAL_TIMEOUT_MS }).catch(() => undefined)
}

function inRandomOrder(addresses: readonly string[]): string[] {
  return addresses
    .map((address) => ({ address, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ address }) => address)
}

/** In [0, 1). */
function random(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! / RANDOM_RANGE
}

/** Runs `work` when the node is at the head for the first time, or has not come there in some time. Gives the way to stop. */
function onceAtHead(node: LiveNode | ObserverNode, work: () => void): () => void {
  const look = () => {
    if (!node.caughtUp) return
    stop()
    work()
  }
  const timer = browserClock.setTimer(FIRST_PEER_MS, () => {
    stop()
    work()
  })
  const unlisten = node.listen({ status: look })
  const stop = () => {
    timer.cancel()
    unlisten()
  }
  return stop
}

function reportBoot(node: LiveNode | ObserverNode, network: Network, tell: Tell): void {
  tell({ step: 'relay', state: 'working' })
  tell({ step: 'peers', state: 'working' })
  tell({ step: 'head', state: 'working' })
  const done = { relay: false, peers: false, head: false }
  if (network.relays().length > 0)
    browserClock.setTimer(RELAY_PATIENCE_MS, () => {
      if (!done.relay) tell({ step: 'relay', state: 'failed' })
    })
  const look = () => {
    if (!done.relay && network.relays().some((relay) => relay.connected)) {
      done.relay = true
      tell({ step: 'relay', state: 'done' })
    }
    if (
      !done.peers &&
      network.connections().some((each) => !each.relayed && node.peers.record(each.peer).status)
    ) {
      done.peers = true
      tell({ step: 'peers', state: 'done' })
    }
    if (!done.head && node.caughtUp) {
      done.head = true
      tell({ step: 'head', state: 'done', detail: { verified: node.chain.height, of: node.bestSeenHeight } })
    }
    if (!done.relay || !done.peers || !done.head) return
    for (const stop of stops) stop()
  }
  const stops = [network.on(look), node.listen({ status: look, peers: look })]
  look()
}
