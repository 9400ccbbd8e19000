/** A node as a process: from files on disk to a running node, until it is told to stop. */
import { loadNodeKeys, type NodeKeys, type Protection } from '../node-core/adapters/nodejs/node-keys.ts'
import { isOrigin } from '../node-core/lib/origin.ts'
import type { NodeMode } from '../node-core/node/node-api.ts'
import type { Context } from './context.ts'
import { tellReady } from './dev/child-link.ts'
import { readGenesis } from './dev/genesis-file.ts'
import { readConfig } from './environment.ts'
import { CommandFailure } from './failure.ts'
import { wrongValue } from './values.ts'
import { readPassword } from './wallets.ts'

export interface NodeRun {
  readonly genesisFile: string
  /** Name or file. */
  readonly environment: string
  readonly mode: NodeMode
  /** null: of a node that signs nothing. */
  readonly keysFile: string | null
  readonly passwordFile: string | undefined
  readonly listen: readonly string[]
  readonly rpcPort: number
  readonly allowedOrigins: readonly string[]
  readonly relays: readonly string[]
  readonly bootstrap: readonly string[]
}

/** Resolves when the node has stopped. */
export async function runNode({ io, home, json }: Context, run: NodeRun): Promise<void> {
  const genesis = readGenesis(run.genesisFile)
  if (genesis === null)
    throw new CommandFailure('genesis-missing', `there is no genesis in ${run.genesisFile}`, {
      file: run.genesisFile,
    })
  const config = readConfig(run.environment)
  // Loaded here alone: the other commands need no libp2p and answer at once.
  const { startNodejsNode } = await import('../node-core/adapters/nodejs/start-node.ts')
  const { isMultiaddr } = await import('../node-core/adapters/libp2p/multiaddrs.ts')
  requireAddresses(run, config.network.relays, isMultiaddr)
  const running = await startNodejsNode({
    home,
    genesis,
    config,
    listen: run.listen,
    rpcPort: run.rpcPort,
    allowedOrigins: run.allowedOrigins,
    relays: [...config.network.relays, ...run.relays],
    bootstrap: run.bootstrap,
    mode: run.mode,
    readKeys: keysReader(run),
  })
  const stopped = new Promise<void>((resolve) => {
    io.signal.addEventListener('abort', () => resolve(), { once: true })
    if (io.signal.aborted) resolve()
  })
  const { peerId } = await running.node.call('node_status', {})
  io.out(
    json
      ? JSON.stringify({ peerId, rpcPort: run.rpcPort })
      : `node ${peerId}, RPC on http://127.0.0.1:${run.rpcPort}`,
  )
  tellReady({ peerId })
  await stopped
  await running.stop()
}

/** What cannot be an address is refused here: it would be dialled in vain for as long as the node runs. */
function requireAddresses(
  { listen, relays, bootstrap, allowedOrigins }: NodeRun,
  configured: readonly string[],
  isMultiaddr: (text: string) => boolean,
): void {
  for (const [flag, addresses] of Object.entries({ listen, relay: relays, bootstrap }))
    for (const address of addresses)
      if (!isMultiaddr(address)) throw wrongValue(`--${flag}`, address, 'a multiaddr, /ip4/…/tcp/…/ws')
  for (const origin of allowedOrigins)
    if (!isOrigin(origin)) throw wrongValue('--allow-origin', origin, 'an origin, http://127.0.0.1:4173')
  for (const [i, address] of configured.entries())
    if (!isMultiaddr(address))
      throw new CommandFailure(
        'config-invalid',
        `network.relays.${i} is "${address}"; right would be a multiaddr, /dns4/…`,
        { address },
      )
}

/** The password is read once: its file may be gone by the time that the keys are changed. */
function keysReader({ keysFile, passwordFile }: NodeRun): (() => Promise<NodeKeys>) | null {
  if (keysFile === null) return null
  const protection = protectionOf({ passwordFile })
  return () => loadNodeKeys(keysFile, protection)
}

/** Encrypted with a password file, in the clear without. */
export function protectionOf({ passwordFile }: { readonly passwordFile?: unknown }): Protection {
  return passwordFile === undefined
    ? { type: 'plain' }
    : { type: 'password', password: readPassword(passwordFile as string) }
}
