/**
 * Development chains for Ethereum contracts: one process, no consensus, nothing durable. Transfers from its unlocked accounts,
 * which the process signs itself; a block a second. Installed with npm in a folder of their own.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Benchmark, FigureUnavailable, rounded } from '../figure.ts'

export interface EvmPeer {
  readonly name: string
  readonly package: string
  /** Files that it wants beside it. */
  readonly files: Readonly<Record<string, string>>
  /** From the folder's node_modules/.bin. */
  readonly command: string
  readonly args: readonly string[]
  readonly port: number
}

const MEASURED_SECONDS = 15
const BATCH = 100
const BATCHES_IN_FLIGHT = 4
const READY_TIMEOUT_MS = 60_000

export function evmBenchmark(peer: EvmPeer): Benchmark {
  return {
    names: [peer.name],
    async run({ seconds, say }) {
      const directory = mkdtempSync(path.join(tmpdir(), 'aitbc-evm-'))
      let child: ChildProcess | null = null
      try {
        say(`npm install ${peer.package}`)
        install(peer, directory)
        const program = path.join(directory, 'node_modules', '.bin', peer.command)
        child = spawn(program, [...peer.args], { cwd: directory, stdio: 'ignore' })
        const accounts = await ready(peer.port)
        const measured = seconds ?? MEASURED_SECONDS
        const perSecond = await transfersPerSecond(peer.port, accounts, measured)
        const detail = { package: peer.package, processes: 1, faults: 'none', seconds: measured }
        return [{ name: peer.name, value: rounded(perSecond), unit: 'transfers/s', detail }]
      } finally {
        child?.kill('SIGKILL')
        rmSync(directory, { recursive: true, force: true })
      }
    },
  }
}

function install(peer: EvmPeer, directory: string): void {
  const manifest = JSON.stringify({ name: 'peer', private: true })
  for (const [name, text] of Object.entries({ 'package.json': manifest, ...peer.files }))
    writeFileSync(path.join(directory, name), text)
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', peer.package], {
    cwd: directory,
    stdio: 'ignore',
  })
  if (status !== 0) throw new FigureUnavailable(`npm cannot install ${peer.package} here`)
}

async function ready(port: number): Promise<readonly string[]> {
  const untilMs = performance.now() + READY_TIMEOUT_MS
  while (performance.now() < untilMs) {
    const accounts = await call<readonly string[]>(port, 'eth_accounts', []).catch(() => null)
    if (accounts) return accounts
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  throw new Error('it does not answer')
}

/** Those in blocks, over the time from the first to the last that was counted. */
async function transfersPerSecond(
  port: number,
  accounts: readonly string[],
  seconds: number,
): Promise<number> {
  const from = await blockNumber(port)
  const startedMs = performance.now()
  const untilMs = startedMs + 1_000 * seconds
  const worker = async (id: number) => {
    while (performance.now() < untilMs) await sendBatch(port, accounts, id)
  }
  await Promise.all(Array.from({ length: BATCHES_IN_FLIGHT }, (_, id) => worker(id)))
  const to = await blockNumber(port)
  const elapsed = (performance.now() - startedMs) / 1_000
  let included = 0
  for (let height = from + 1; height <= to; height++) {
    const count = await call<string>(port, 'eth_getBlockTransactionCountByNumber', [
      `0x${height.toString(16)}`,
    ])
    included += Number(count)
  }
  return included / elapsed
}

async function sendBatch(port: number, accounts: readonly string[], id: number): Promise<void> {
  const requests = Array.from({ length: BATCH }, (_, at) => {
    const from = accounts[(id * BATCH + at) % accounts.length]
    const to = accounts[(id * BATCH + at + 1) % accounts.length]
    const params = [{ from, to, value: '0x1', gas: '0x5208' }]
    return { jsonrpc: '2.0', id: at, method: 'eth_sendTransaction', params }
  })
  await post(port, requests)
}

async function blockNumber(port: number): Promise<number> {
  return Number(await call<string>(port, 'eth_blockNumber', []))
}

async function call<T>(port: number, method: string, params: readonly unknown[]): Promise<T> {
  const { result, error } = (await post(port, { jsonrpc: '2.0', id: 1, method, params })) as {
    result?: T
    error?: { message: string }
  }
  if (error) throw new Error(`${method}: ${error.message}`)
  return result as T
}

async function post(port: number, body: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.json()
}
