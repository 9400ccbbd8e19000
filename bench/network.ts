/**
 * A chain of its own for one benchmark: validators as processes, connected over loopback by libp2p, journals and blocks on
 * disk. The same processes, keys and genesis as the development network's, with funded accounts added.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { requireFreePorts } from '../cli/dev/free-ports.ts'
import { makeGenesis } from '../cli/dev/genesis-file.ts'
import { type Layout, layoutOf, portsOf, type ValidatorLayout } from '../cli/dev/layout.ts'
import { SupervisedProcess } from '../cli/dev/supervised-process.ts'
import { validatorArgs } from '../cli/dev/validator-args.ts'
import { readConfig } from '../cli/environment.ts'
import { RpcClient } from '../cli/rpc-client.ts'
import type { BlockSummary } from '../node-core/node/node-api.ts'
import type { ChainParameters, Genesis } from '../node-core/protocol/genesis.ts'
import { formatGenesis } from '../node-core/protocol/genesis-codec.ts'
import type { Height } from '../node-core/protocol/ids.ts'
import { processorSeconds } from './machine.ts'
import { SENDER_BALANCE, type Sender } from './senders.ts'

/** The dashboard's port, which nothing serves here; the others follow from it. */
const PORT = 46_100
const ENVIRONMENT = 'development'
const FIRST_BLOCK_TIMEOUT_MS = 60_000

export interface NetworkOptions {
  readonly validators: number
  readonly senders: readonly Sender[]
  /** In place of the development network's. */
  readonly parameters: Partial<ChainParameters>
  /** Where each process leaves a CPU profile when it stops; null: none. */
  readonly profileDirectory: string | null
}

export interface HeadSeen {
  readonly validator: number
  readonly atMs: number
  readonly head: BlockSummary
}

export class BenchNetwork {
  readonly genesis: Genesis
  readonly rpc: readonly RpcClient[]
  readonly #data: string
  readonly #processes: readonly SupervisedProcess[]

  private constructor(options: {
    genesis: Genesis
    layout: Layout
    processes: readonly SupervisedProcess[]
  }) {
    this.genesis = options.genesis
    this.rpc = options.layout.validators.map(({ rpcPort }) => new RpcClient(`http://127.0.0.1:${rpcPort}`))
    this.#data = options.layout.data
    this.#processes = options.processes
  }

  /** Resolves when every validator has decided a block. */
  static async start(options: NetworkOptions): Promise<BenchNetwork> {
    const data = mkdtempSync(path.join(tmpdir(), 'aitbc-bench-'))
    const layout = layoutOf({ data, port: PORT, validators: options.validators })
    await requireFreePorts(portsOf(layout))
    const genesis = await fundedGenesis(layout, options)
    const processes = layout.validators.map(
      (validator) =>
        new SupervisedProcess(
          {
            name: validator.name,
            args: [
              ...profileFlags(options, validator),
              ...validatorArgs({ layout, validator, environment: ENVIRONMENT }),
            ],
            logFile: path.join(layout.logs, `${validator.name.toLowerCase()}.log`),
            background: false,
          },
          (text) => console.error(text),
        ),
    )
    const network = new BenchNetwork({ genesis, layout, processes })
    try {
      await Promise.all(processes.map((each) => each.start()))
      await network.#firstBlock()
      return network
    } catch (error) {
      await network.stop()
      throw error
    }
  }

  /** Processor time of all validators since they started, s, each of their threads included; null where the system does not tell. */
  processorSeconds(): number | null {
    const ids = this.#processes.flatMap((each) => each.pid ?? [])
    return processorSeconds(ids)
  }

  /** Each decided block of each validator from now on, when it is durable there. */
  async watchHeads(listener: (seen: HeadSeen) => void): Promise<() => void> {
    const streams = await Promise.all(
      this.rpc.map((rpc, validator) =>
        rpc.subscribe('heads', (head) => listener({ validator, atMs: performance.now(), head })),
      ),
    )
    return () => {
      for (const stream of streams) stream.close()
    }
  }

  async headHeight(): Promise<Height> {
    return (await this.rpc[0]!.call('node_status', {})).head?.height ?? 0
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.stop()))
    rmSync(this.#data, { recursive: true, force: true })
  }

  async #firstBlock(): Promise<void> {
    const waiting = new Set(this.rpc.keys())
    let stop = () => {}
    let timer: NodeJS.Timeout | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('no block was decided')), FIRST_BLOCK_TIMEOUT_MS)
        this.watchHeads(({ validator }) => {
          waiting.delete(validator)
          if (waiting.size === 0) resolve()
        }).then((end) => {
          stop = end
        }, reject)
      })
    } finally {
      clearTimeout(timer)
      stop()
    }
  }
}

async function fundedGenesis(layout: Layout, { parameters, senders }: NetworkOptions): Promise<Genesis> {
  const made = await makeGenesis(layout, readConfig(ENVIRONMENT), null)
  const genesis: Genesis = {
    ...made,
    parameters: { ...made.parameters, ...parameters },
    accounts: [...made.accounts, ...senders.map(({ address }) => ({ address, balance: SENDER_BALANCE }))],
  }
  writeFileSync(layout.genesisFile, JSON.stringify(formatGenesis(genesis)))
  return genesis
}

function profileFlags({ profileDirectory }: NetworkOptions, { name }: ValidatorLayout): string[] {
  if (profileDirectory === null) return []
  return ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`, `--cpu-prof-name=${name}.cpuprofile`]
}
