/** The development network: relay, validators and dashboard, each its own process, started in order and stopped together. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../node-core/protocol/config.ts'
import type { Genesis } from '../../node-core/protocol/genesis.ts'
import { formatGenesis } from '../../node-core/protocol/genesis-codec.ts'
import type { Io } from '../context.ts'
import { PROJECT_ROOT, readConfig } from '../environment.ts'
import { CommandFailure } from '../failure.ts'
import { RpcClient } from '../rpc-client.ts'
import { requireFreePorts } from './free-ports.ts'
import { makeGenesis, readGenesis } from './genesis-file.ts'
import { type Layout, layoutOf, portsOf } from './layout.ts'
import { SupervisedProcess } from './supervised-process.ts'
import { meshAddress, validatorArgs } from './validator-args.ts'
import { buildWebApp } from './web-build.ts'
import { startWebServer } from './web-server.ts'

/** Without a decided block in this time, ms, something is wrong. */
const FIRST_BLOCK_TIMEOUT_MS = 60_000
const RELAY_MODULE = fileURLToPath(new URL('./relay-process.ts', import.meta.url))

export interface DevOptions {
  /** Absolute path. */
  readonly data: string
  readonly port: number
  /** null: as many as the genesis has, or the default. */
  readonly validators: number | null
  readonly defaultValidators: number
  /** Name or file. */
  readonly environment: string
  readonly parametersFile: string | null
  readonly open: boolean
}

type Say = (text: string) => void

/** Resolves when the signal has ended it and everything is stopped; the same when it cannot start. */
export async function runDevNetwork(io: Io, options: DevOptions): Promise<void> {
  const stops: (() => Promise<unknown>)[] = []
  try {
    await start(io, options, stops)
    await aborted(io.signal)
    io.out('stopping …')
  } catch (error) {
    if (!io.signal.aborted) throw error
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function start(io: Io, options: DevOptions, stops: (() => Promise<unknown>)[]): Promise<void> {
  const say: Say = (text) => io.out(text)
  const config = readConfig(options.environment)
  const stored = readGenesis(layoutOf({ ...options, validators: 0 }).genesisFile)
  if (stored !== null) requireSameChain(stored, options, config)
  const validators = stored?.validators.length ?? options.validators ?? options.defaultValidators
  const layout = layoutOf({ ...options, validators })
  await requireFreePorts(portsOf(layout))
  say(
    `${stored === null ? 'a new chain' : 'going on with the chain'} with ${validators} validators in ${options.data}`,
  )
  const genesis = stored ?? (await makeGenesis(layout, config, options.parametersFile))
  await buildWebApp(PROJECT_ROOT, { signal: io.signal, say })
  io.signal.throwIfAborted()
  const relays = await startRelay(layout, stops, say)
  io.signal.throwIfAborted()
  await startValidators(layout, { environment: options.environment, relays, stops, say, signal: io.signal })
  const network = await networkJson(layout, { genesis, config, relays })
  writeFileSync(layout.networkFile, network)
  const root = path.join(PROJECT_ROOT, 'dist')
  const server = await startWebServer({ port: layout.port, root, network: () => network })
  stops.push(() => server.stop())
  await firstBlock(layout, io.signal, say)
  const url = `http://127.0.0.1:${layout.port}`
  io.out(`Dashboard: ${url}`)
  if (options.open && process.stdout.isTTY) openBrowser(url)
}

/** Fails with `chain-exists` when the directory holds a chain that is not the one asked for. */
function requireSameChain(stored: Genesis, options: DevOptions, config: Config): void {
  const { data, validators, parametersFile } = options
  const count = stored.validators.length
  const refuse = (what: string, facts: Readonly<Record<string, unknown>>) => {
    throw new CommandFailure(
      'chain-exists',
      `the chain in ${data} ${what}; --data takes another directory`,
      facts,
    )
  }
  if (validators !== null && validators !== count) refuse(`has ${count} validators`, { validators: count })
  if (stored.chainId !== config.chainId)
    refuse(`is ${stored.chainId}, not ${config.chainId}`, { chainId: stored.chainId })
  if (parametersFile !== null) refuse('has its parameters already', {})
}

async function startRelay(
  layout: Layout,
  stops: (() => Promise<unknown>)[],
  say: Say,
): Promise<readonly string[]> {
  const relay = new SupervisedProcess(
    {
      name: 'relay',
      args: [RELAY_MODULE, String(layout.relayPort), layout.relayKeyFile, `http://127.0.0.1:${layout.port}`],
      logFile: path.join(layout.logs, 'relay.log'),
      background: false,
    },
    say,
  )
  stops.push(() => relay.stop())
  const { addresses } = await relay.start()
  say(`relay on port ${layout.relayPort}`)
  return addresses as string[]
}

interface ValidatorsStart {
  readonly environment: string
  readonly relays: readonly string[]
  readonly stops: (() => Promise<unknown>)[]
  readonly say: Say
  readonly signal: AbortSignal
}

async function startValidators(
  layout: Layout,
  { environment, relays, stops, say, signal }: ValidatorsStart,
): Promise<void> {
  const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${layout.port}`)
  const processes = layout.validators.map(
    (validator) =>
      new SupervisedProcess(
        {
          name: validator.name,
          args: validatorArgs({ layout, validator, environment, relays, origins }),
          logFile: path.join(layout.logs, `${validator.name.toLowerCase()}.log`),
          background: true,
        },
        say,
      ),
  )
  stops.push(() => Promise.all(processes.map((each) => each.stop())))
  const started = await Promise.allSettled(processes.map((each) => each.start()))
  signal.throwIfAborted()
  const failed = started.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  say(`validators: ${layout.validators.map(({ name, rpcPort }) => `${name} (RPC ${rpcPort})`).join(', ')}`)
}

/** What a page needs to join: the genesis, and where to find others. */
async function networkJson(
  layout: Layout,
  {
    genesis,
    config,
    relays,
  }: { readonly genesis: Genesis; readonly config: Config; readonly relays: readonly string[] },
): Promise<string> {
  const statuses = await Promise.all(
    layout.validators.map(({ rpcPort }) => rpcOf(rpcPort).call('node_status', {})),
  )
  return JSON.stringify({
    genesis: formatGenesis(genesis),
    relays,
    bootstrap: layout.validators.map(
      (validator, index) => `${meshAddress(validator)}/p2p/${statuses[index]!.peerId}`,
    ),
    iceServers: config.network.iceServers,
  })
}

/** A block decided from now on, as the first validator sees it. */
async function firstBlock(layout: Layout, signal: AbortSignal, say: Say): Promise<void> {
  say('waiting for a block …')
  let decided = (_height: number) => {}
  const height = new Promise<number>((resolve) => {
    decided = resolve
  })
  const stream = await rpcOf(layout.validators[0]!.rpcPort).subscribe('heads', (head) => decided(head.height))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), FIRST_BLOCK_TIMEOUT_MS)
  })
  const first = await Promise.race([height, late, aborted(signal)])
  clearTimeout(timer)
  stream.close()
  signal.throwIfAborted()
  if (typeof first !== 'number')
    throw new CommandFailure('no-block', `no block was decided in ${FIRST_BLOCK_TIMEOUT_MS / 1000} s`, {
      logs: layout.logs,
    })
  say(`block ${first} is decided`)
}

function rpcOf(port: number): RpcClient {
  return new RpcClient(`http://127.0.0.1:${port}`)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function openBrowser(url: string): void {
  const command =
    process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open'
  const opener = spawn(command, [url], { stdio: 'ignore', detached: true })
  // Without a desktop the address on the screen is enough.
  opener.once('error', () => {})
  opener.unref()
}
