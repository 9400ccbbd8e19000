/**
 * etcd, three processes on this machine: replicated by raft, durable, for crash faults alone; nothing is signed and nobody
 * lies. A value of the size of a transfer a put. Needs `etcd` on the path (Debian: etcd-server).
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Benchmark, FigureUnavailable, rounded } from '../figure.ts'

const MEMBERS = 3
const FIRST_PORT = 46_500
const VALUE_BYTES = 200
const IN_FLIGHT = 128
const MEASURED_SECONDS = 15
const READY_TIMEOUT_MS = 30_000

export const etcd: Benchmark = {
  names: ['peer_etcd_puts_per_second'],
  async run({ seconds }) {
    if (spawnSync('etcd', ['--version']).error)
      throw new FigureUnavailable('there is no etcd here: apt-get install etcd-server')
    const directory = mkdtempSync(path.join(tmpdir(), 'aitbc-etcd-'))
    const members = Array.from({ length: MEMBERS }, (_, at) => startMember(directory, at))
    try {
      await ready()
      const measured = seconds ?? MEASURED_SECONDS
      const puts = await putsIn(measured)
      return [
        {
          name: 'peer_etcd_puts_per_second',
          value: rounded(puts / measured),
          unit: 'puts/s',
          detail: { members: MEMBERS, valueBytes: VALUE_BYTES, inFlight: IN_FLIGHT, faults: 'crash' },
        },
      ]
    } finally {
      await Promise.all(members.map(stop))
      rmSync(directory, { recursive: true, force: true })
    }
  },
}

const clientUrl = (at: number) => `http://127.0.0.1:${FIRST_PORT + 2 * at}`
const peerUrl = (at: number) => `http://127.0.0.1:${FIRST_PORT + 2 * at + 1}`

function startMember(directory: string, at: number): ChildProcess {
  const cluster = Array.from({ length: MEMBERS }, (_, each) => `m${each}=${peerUrl(each)}`).join(',')
  const flags = {
    name: `m${at}`,
    'data-dir': path.join(directory, `m${at}`),
    'listen-client-urls': clientUrl(at),
    'advertise-client-urls': clientUrl(at),
    'listen-peer-urls': peerUrl(at),
    'initial-advertise-peer-urls': peerUrl(at),
    'initial-cluster': cluster,
  }
  return spawn(
    'etcd',
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    { stdio: 'ignore' },
  )
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

async function ready(): Promise<void> {
  const untilMs = performance.now() + READY_TIMEOUT_MS
  while (performance.now() < untilMs) {
    if (await put('ready', 0).catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('etcd did not take a value')
}

async function putsIn(seconds: number): Promise<number> {
  const untilMs = performance.now() + 1_000 * seconds
  let puts = 0
  const worker = async (id: number) => {
    for (let n = 0; performance.now() < untilMs; n++) {
      if (!(await put(`${id}/${n}`, id % MEMBERS))) throw new Error('etcd refused a value')
      puts++
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, id) => worker(id)))
  return puts
}

/** Resolves once a majority has it on disk. */
async function put(key: string, member: number): Promise<boolean> {
  const response = await fetch(`${clientUrl(member)}/v3/kv/put`, {
    method: 'POST',
    body: JSON.stringify({ key: btoa(key), value: btoa('v'.repeat(VALUE_BYTES)) }),
  })
  await response.arrayBuffer()
  return response.ok
}
