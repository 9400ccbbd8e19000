/** Validators as processes on free ports, each with its own directory: for tests of what only a whole process can show. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { NodeStatus } from '../../node-core/node/node-api.ts'
import { readConfig } from '../environment.ts'
import { RpcClient } from '../rpc-client.ts'
import { requireFreePorts } from './free-ports.ts'
import { makeGenesis } from './genesis-file.ts'
import { type Layout, layoutOf, portsOf, type ValidatorLayout } from './layout.ts'
import { SupervisedProcess } from './supervised-process.ts'
import { validatorArgs } from './validator-args.ts'

const ENVIRONMENT = 'development'
const FIRST_PORT = 20_000
const PORTS_OF_WORKER = 1_000
const PORTS_OF_NETWORK = 100
/** Between two questions to a node's status, ms. */
const POLL_MS = 100

export interface ValidatorProcess {
  readonly validator: ValidatorLayout
  readonly rpc: RpcClient
  readonly process: SupervisedProcess
  readonly logFile: string
}

export class ValidatorProcesses {
  readonly layout: Layout
  readonly config = readConfig(ENVIRONMENT)
  readonly #running = new Set<SupervisedProcess>()

  private constructor(layout: Layout) {
    this.layout = layout
  }

  /** Keys and genesis; nothing runs yet. */
  static async create(validators: number, parameters: object): Promise<ValidatorProcesses> {
    const data = mkdtempSync(path.join(tmpdir(), 'aitbc-validators-'))
    const created = new ValidatorProcesses(await freeLayout(data, validators))
    const file = path.join(data, 'parameters.json')
    writeFileSync(file, JSON.stringify(parameters))
    await makeGenesis(created.layout, created.config, file)
    return created
  }

  async startAll(): Promise<ValidatorProcess[]> {
    const started: ValidatorProcess[] = []
    for (const validator of this.layout.validators) started.push(await this.start(validator))
    return started
  }

  /** Resolves when it is ready. `nodeFlags`: of Node itself. */
  async start(validator: ValidatorLayout, nodeFlags: readonly string[] = []): Promise<ValidatorProcess> {
    const { name } = validator
    const args = validatorArgs({ layout: this.layout, validator, environment: ENVIRONMENT })
    const logFile = path.join(this.layout.logs, `${name}.log`)
    const spec = { name, args: [...nodeFlags, ...args], logFile, background: false }
    const started = new SupervisedProcess(spec, () => {})
    this.#running.add(started)
    await started.start()
    return {
      validator,
      process: started,
      logFile,
      rpc: new RpcClient(`http://127.0.0.1:${validator.rpcPort}`),
    }
  }

  async remove(): Promise<void> {
    await Promise.all([...this.#running].map((each) => each.stop()))
    rmSync(this.layout.data, { recursive: true, force: true })
  }
}

async function freeLayout(data: string, validators: number): Promise<Layout> {
  // Vitest's workers look for ports at the same time.
  const first = FIRST_PORT + PORTS_OF_WORKER * Number(process.env.VITEST_POOL_ID)
  for (let port = first; ; port += PORTS_OF_NETWORK) {
    const tried = layoutOf({ data, port, validators })
    const taken = await requireFreePorts(portsOf(tried)).catch(() => 'taken')
    if (!taken) return tried
  }
}

export function logOf({ logFile }: ValidatorProcess): string {
  return readFileSync(logFile, 'utf8')
}

export async function untilHeight({ rpc }: Pick<ValidatorProcess, 'rpc'>, height: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stream = await rpc.subscribe('heads', (head) => head.height >= height && resolve())
  const head = await rpc.call('chain_head', {}).catch(() => null)
  if (head && head.height >= height) resolve()
  await promise
  stream.close()
}

/** The first status for which it holds. */
export async function untilStatus(
  { rpc }: ValidatorProcess,
  holds: (status: NodeStatus) => boolean,
): Promise<NodeStatus> {
  for (;;) {
    const status = await rpc.call('node_status', {})
    if (holds(status)) return status
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** Of one validator at each height from ≤ h < to, by the certificates that another one has: whether it voted. */
export async function votesOf(
  address: string,
  { rpc }: ValidatorProcess,
  from: number,
  to: number,
): Promise<boolean[]> {
  const heights = Array.from({ length: to - from }, (_, i) => from + i)
  return Promise.all(
    heights.map(async (height) => {
      const { signers } = await rpc.call('chain_certificate', { height })
      return signers.some((each) => each.address === address)
    }),
  )
}

/** Resolves with the first height from `from` on whose certificate has this validator's vote. */
export async function untilVote(address: string, other: ValidatorProcess, from: number): Promise<number> {
  for (let height = from; ; height++) {
    await untilHeight(other, height)
    if ((await votesOf(address, other, height, height + 1))[0]) return height
  }
}

/** Everything that any of them holds against anybody. */
export async function evidenceAt(validators: readonly ValidatorProcess[]): Promise<readonly unknown[]> {
  const lists = await Promise.all(validators.map(({ rpc }) => rpc.call('alert_list', {})))
  return lists.flatMap(({ evidence }) => evidence)
}
