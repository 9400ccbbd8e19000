/** A node in a Node.js process: files, sockets, the RPC. */

import { reviewTransaction, signAndSubmit } from '../../node/account-signer.ts'
import { createNode, type NodeOptions } from '../../node/create-node.ts'
import { knownPeersStore } from '../../node/known-peers.ts'
import type { LiveNode } from '../../node/live-node.ts'
import { createMeshDriver } from '../../node/mesh-driver.ts'
import type { NodeApi, NodeMode } from '../../node/node-api.ts'
import { NodeService } from '../../node/node-service.ts'
import { createObserver } from '../../node/observer-node.ts'
import { ObserverService } from '../../node/observer-service.ts'
import { deskOf } from '../../node/transaction-desk.ts'
import { ValidatorDuties } from '../../node/validator-duties.ts'
import { CodedError } from '../../ports/coded-error.ts'
import type { Network } from '../../ports/network.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { parseAddress } from '../../protocol/address.ts'
import type { Config } from '../../protocol/config.ts'
import type { Genesis } from '../../protocol/genesis.ts'
import { formatParameters } from '../../protocol/parameters.ts'
import { API_VERSION } from '../../rpc/api-version.ts'
import { startRpc } from '../../rpc/server.ts'
import { createLibp2pNetwork } from '../libp2p/create-network.ts'
import { createTelemetry } from '../telemetry.ts'
import { createVerifier } from '../verifier.ts'
import { KeyWatch } from './key-watch.ts'
import { openLevelStorage } from './level-storage.ts'
import { listenFailure } from './listen-error.ts'
import { acquireLock } from './lock-file.ts'
import { logSink } from './log-sink.ts'
import { nodeHome } from './node-home.ts'
import type { NodeKeys } from './node-keys.ts'
import { openSigningJournal } from './signing-files.ts'
import { systemClock } from './system-clock.ts'

export interface NodejsNodeOptions {
  /** Directory of this node alone. */
  readonly home: string
  readonly genesis: Genesis
  readonly config: Config
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  readonly rpcPort: number
  readonly allowedOrigins: readonly string[]
  readonly relays: readonly string[]
  /** Multiaddrs dialled until they answer. */
  readonly bootstrap: readonly string[]
  /** A validator keeps every block, as a full node does. */
  readonly mode: NodeMode
  /** Reads the file of its keys, at the start and when they were changed there; null: of a node that signs nothing. */
  readonly readKeys: (() => Promise<NodeKeys>) | null
}

export interface RunningNode {
  readonly node: NodeApi
  stop(): Promise<void>
}

type Stop = () => unknown

const MAX_CONNECTIONS = 100
const MAX_RPC_CLIENTS = 256
const BOOTSTRAP_RETRY_MS = 1_000
const DIAL_TIMEOUT_MS = 5_000

/** Rejects with a CodedError: a lock held, a store of another chain, a port in use. */
export async function startNodejsNode(options: NodejsNodeOptions): Promise<RunningNode> {
  const { home, genesis, config } = options
  const keys = options.readKeys && (await options.readKeys())
  const paths = nodeHome(home)
  const stops: Stop[] = []
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each()
  }
  try {
    const lock = await acquireLock(paths.lock)
    stops.push(() => lock.release())
    const log = logSink()
    const telemetry = createTelemetry({
      clock: systemClock,
      sink: (line) => log(`${line.level} ${line.area}: ${line.message}`),
    })
    const storage = await openLevelStorage(paths.chain)
    stops.push(() => storage.close())
    const network = await createLibp2pNetwork({
      privateKeySeed: keys?.peerSeed ?? crypto.getRandomValues(new Uint8Array(32)),
      chainId: genesis.chainId,
      relays: options.relays,
      listen: options.listen,
      platform: 'nodejs',
      iceServers: config.network.iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
      maxConnections: MAX_CONNECTIONS,
      telemetry,
    })
    const nodeOptions: Omit<NodeOptions, 'mode'> = {
      genesis,
      version: API_VERSION,
      storage,
      network,
      clock: systemClock,
      verifier: createVerifier(),
      telemetry,
      transport: { channels: 'native', verifyWorkers: 0 },
      relaysConfigured: options.relays.length,
      config: {
        ...config,
        parameters: formatParameters(genesis.parameters),
        mode: options.mode,
        listen: options.listen,
        relays: options.relays,
      },
    }
    const startNetwork = async () => {
      await network.start().catch((error: unknown) => {
        throw listenFailure(error, options.listen)
      })
      stops.push(() => network.stop())
    }
    const api = await startApi({ ...options, keys }, nodeOptions, startNetwork, stops)
    const driver = createMeshDriver({
      network,
      clock: systemClock,
      chainId: genesis.chainId,
      platform: 'nodejs',
      knownPeers: knownPeersStore(storage),
      random: Math.random,
    })
    await driver.start()
    stops.push(() => driver.stop())
    stops.push(keepDialling(network, options.bootstrap, telemetry))
    const rpc = await startRpc({
      node: api,
      telemetry,
      host: '127.0.0.1',
      port: options.rpcPort,
      allowedOrigins: options.allowedOrigins,
      maxClients: MAX_RPC_CLIENTS,
    })
    stops.push(() => rpc.stop())
    return { node: api, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The node is put together before its network starts, so that it misses nothing. */
async function startApi(
  { mode, keys, readKeys, home }: NodejsNodeOptions & { readonly keys: NodeKeys | null },
  options: Omit<NodeOptions, 'mode'>,
  startNetwork: () => Promise<void>,
  stops: Stop[],
): Promise<NodeApi> {
  const created =
    mode === 'observer'
      ? await createObserver(options)
      : await createNode({ ...options, mode: mode === 'light' ? 'light' : 'full' })
  if (!created.ok) throw new CodedError(created.failure.code, { ...created.failure, home })
  const { node } = created
  stops.push(() => node.stop())
  await startNetwork()
  if (keys) node.setAccount(parseAddress(keys.address)!)
  if (keys && mode === 'validator' && node.mode !== 'observer') {
    await validate(node, keys, nodeHome(home).journal, stops)
    const watch = new KeyWatch(node, readKeys!)
    stops.push(() => watch.stop())
  }
  const api = node.mode === 'observer' ? new ObserverService(node) : new NodeService(node)
  stops.push(() => api.stop())
  return api
}

/** Signs with its keys. */
async function validate(node: LiveNode, keys: NodeKeys, journalFile: string, stops: Stop[]): Promise<void> {
  const address = parseAddress(keys.address)!
  const journal = await openSigningJournal(journalFile, node.options.telemetry)
  stops.push(() => journal.close())
  const { validatorKey, randomnessKey, spare } = keys
  await node.setIdentity({ address, validatorKey, randomnessKey, spare, journal })
  const desk = deskOf(node)
  const duties = new ValidatorDuties(node, async (payload) => {
    const { unsigned } = await reviewTransaction(desk, address, payload)
    await signAndSubmit(desk, keys.accountKey, unsigned)
  })
  stops.push(() => duties.stop())
}

/** The peers named at start are dialled whenever they are not connected. */
function keepDialling(network: Network, addresses: readonly string[], telemetry: Telemetry): () => void {
  const peers = new Map<string, string>()
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  const round = async () => {
    const connected = new Set(network.connections().map((connection) => connection.peer))
    await Promise.all(
      addresses.map(async (address) => {
        const peer = peers.get(address)
        if (peer && connected.has(peer)) return
        try {
          peers.set(address, await network.dial(address, { timeoutMs: DIAL_TIMEOUT_MS }))
        } catch {
          telemetry.count('bootstrap_dials_failed')
        }
      }),
    )
    if (!stopped) timer = setTimeout(round, BOOTSTRAP_RETRY_MS)
  }
  void round()
  return () => {
    stopped = true
    if (timer) clearTimeout(timer)
  }
}
