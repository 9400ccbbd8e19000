/**
 * Memory of a tab's node worker that has executed 10,000 blocks. They are synced into it from a Node peer that offers no
 * checkpoint, so that the worker goes through each of them.
 */
import path from 'node:path'
import { buildWebApp } from '../../cli/dev/web-build.ts'
import { startWebServer } from '../../cli/dev/web-server.ts'
import { PROJECT_ROOT } from '../../cli/environment.ts'
import { createLibp2pNetwork } from '../../node-core/adapters/libp2p/create-network.ts'
import { systemClock } from '../../node-core/adapters/nodejs/system-clock.ts'
import { createTelemetry } from '../../node-core/adapters/telemetry.ts'
import { createVerifier } from '../../node-core/adapters/verifier.ts'
import { createNode } from '../../node-core/node/create-node.ts'
import { SNAPSHOT_PROTOCOL } from '../../node-core/node/sync-protocols.ts'
import { TestCluster } from '../../node-core/node/test-cluster.ts'
import { writeHistory } from '../../node-core/node/test-history.ts'
import type { Network } from '../../node-core/ports/network.ts'
import type { Storage } from '../../node-core/ports/storage.ts'
import type { Genesis } from '../../node-core/protocol/genesis.ts'
import { formatGenesis } from '../../node-core/protocol/genesis-codec.ts'
import { launchBrowser, watchSteps, workerMemoryMb } from '../browser.ts'
import { type Benchmark, rounded } from '../figure.ts'

const WEB_PORT = 46_400
const MESH_PORT = 46_401
const VALIDATORS = 5
const BLOCKS = 10_000
const EPOCH_BLOCKS = 120
const DAY_MS = 86_400_000
const SYNC_TIMEOUT_MS = 180_000

export const workerMemory: Benchmark = {
  names: ['worker_memory_mb'],
  isolated: true,
  async run({ say }) {
    await buildWebApp(PROJECT_ROOT, { signal: new AbortController().signal, say })
    say(`a history of ${BLOCKS} blocks`)
    const parameters = { epochBlocks: EPOCH_BLOCKS, unbondingMs: DAY_MS }
    const cluster = await TestCluster.create({ validators: VALIDATORS, ageMs: 10 * DAY_MS, parameters })
    const disk = await writeHistory(cluster, { blocks: BLOCKS })
    const peer = await startPeer(cluster.genesis, disk.open())
    const browser = await launchBrowser()
    const server = await startWebServer({
      port: WEB_PORT,
      root: path.join(PROJECT_ROOT, 'dist'),
      network: () => networkFile(cluster.genesis, peer.network),
    })
    try {
      say('syncing them into a tab')
      const context = await browser.newContext()
      await watchSteps(context)
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${WEB_PORT}`)
      await page.waitForFunction(
        (blocks) => {
          const detail = window.benchSteps.head?.detail as { verified?: number } | undefined
          return (detail?.verified ?? 0) >= blocks
        },
        BLOCKS,
        { timeout: SYNC_TIMEOUT_MS, polling: 500 },
      )
      const value = rounded(await workerMemoryMb(browser), 1)
      return [{ name: 'worker_memory_mb', value, unit: 'MB', detail: { blocks: BLOCKS } }]
    } finally {
      await browser.close()
      await server.stop()
      await peer.stop()
    }
  },
}

/** Gives blocks and no checkpoint. */
async function startPeer(genesis: Genesis, storage: Storage) {
  const network = await createLibp2pNetwork({
    privateKeySeed: crypto.getRandomValues(new Uint8Array(32)),
    chainId: genesis.chainId,
    relays: [],
    listen: [`/ip4/127.0.0.1/tcp/${MESH_PORT}/ws`],
    platform: 'nodejs',
    iceServers: [],
    maxConnections: 10,
  })
  const handle = network.handle.bind(network)
  network.handle = (protocol, handler) => {
    if (protocol !== SNAPSHOT_PROTOCOL) handle(protocol, handler)
  }
  const created = await createNode({
    genesis,
    mode: 'full',
    version: 'bench',
    storage,
    network,
    clock: systemClock,
    verifier: createVerifier(),
    telemetry: createTelemetry({ clock: systemClock }),
    transport: { channels: 'native', verifyWorkers: 0 },
    relaysConfigured: 0,
    config: {},
  })
  if (!created.ok) throw new Error(`the history was refused: ${created.failure.code}`)
  await network.start()
  return {
    network,
    stop: async () => {
      await created.node.stop()
      await network.stop()
    },
  }
}

function networkFile(genesis: Genesis, network: Network): string {
  return JSON.stringify({
    genesis: formatGenesis(genesis),
    relays: [],
    bootstrap: network.addresses(),
    iceServers: [],
  })
}
