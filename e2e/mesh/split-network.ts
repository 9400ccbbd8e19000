/**
 * Node validators on two sides that can be cut from each other. All are on this machine's loopback, which no system lets
 * anybody cut: what one side dials at the other goes through links that the test holds.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeGenesis } from '../../cli/dev/genesis-file.ts'
import { layoutOf } from '../../cli/dev/layout.ts'
import { SupervisedProcess } from '../../cli/dev/supervised-process.ts'
import { validatorArgs } from '../../cli/dev/validator-args.ts'
import { readConfig } from '../../cli/environment.ts'
import { RpcClient } from '../../cli/rpc-client.ts'
import type { NodeMethod, NodeMethods } from '../../node-core/node/node-api.ts'
import { workerPort } from '../ports.ts'
import { CuttableLink } from './cuttable-link.ts'

const DIAL_THROUGH = pathToFileURL(path.join(import.meta.dirname, 'dial-through.ts')).href
const ENVIRONMENT = 'development'
const PORT = workerPort()

export interface SplitOptions {
  /** Validators of each side; their numbers are counted through. */
  readonly sides: readonly [number, number]
  /** In place of the development network's. */
  readonly parameters: object
}

interface Parts {
  readonly data: string
  /** To each validator, for those of the other side. */
  readonly links: readonly CuttableLink[]
  readonly processes: readonly SupervisedProcess[]
  readonly rpc: readonly RpcClient[]
}

export class SplitNetwork {
  readonly #parts: Parts

  private constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Resolves when every validator answers. */
  static async start({ sides: [first, second], parameters }: SplitOptions): Promise<SplitNetwork> {
    const data = mkdtempSync(path.join(tmpdir(), 'aitbc-split-'))
    const layout = layoutOf({ data, port: PORT, validators: first + second })
    const { validators, logs } = layout
    const links = await Promise.all(validators.map(({ meshPort }) => CuttableLink.to(meshPort)))
    const through = validators.map(({ meshPort }, index) => [String(meshPort), String(links[index]!.port)])
    const across = [through.slice(first), through.slice(0, first)] as const
    const processes = validators.map((validator, index) => {
      const ports = new URLSearchParams(across[index < first ? 0 : 1])
      const args = validatorArgs({ layout, validator, environment: ENVIRONMENT })
      return new SupervisedProcess(
        {
          name: validator.name,
          args: ['--import', `${DIAL_THROUGH}?${ports}`, ...args],
          logFile: path.join(logs, `${validator.name.toLowerCase()}.log`),
          background: true,
        },
        (text) => console.log(text),
      )
    })
    const rpc = validators.map(({ rpcPort }) => new RpcClient(`http://127.0.0.1:${rpcPort}`))
    const network = new SplitNetwork({ data, links, processes, rpc })
    try {
      const parametersFile = path.join(data, 'parameters.json')
      writeFileSync(parametersFile, JSON.stringify(parameters))
      await makeGenesis(layout, readConfig(ENVIRONMENT), parametersFile)
      await Promise.all(processes.map((each) => each.start()))
      return network
    } catch (error) {
      await network.remove()
      throw error
    }
  }

  /** From now on nothing of one side reaches the other; neither side is told. */
  cut(): void {
    for (const link of this.#parts.links) link.cut()
  }

  heal(): void {
    for (const link of this.#parts.links) link.heal()
  }

  /** All at once, with SIGKILL; they stay dead. */
  async kill(validators: readonly number[]): Promise<void> {
    const victims = validators.map((validator) => this.#parts.processes[validator]!)
    for (const { pid } of victims) process.kill(pid!, 'SIGKILL')
    await Promise.all(victims.map((victim) => victim.stop()))
  }

  call<M extends NodeMethod>(
    validator: number,
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<NodeMethods[M]['result']> {
    return this.#parts.rpc[validator]!.call(method, params)
  }

  async remove(): Promise<void> {
    const { data, links, processes } = this.#parts
    await Promise.all(processes.map((each) => each.stop()))
    for (const link of links) link.close()
    rmSync(data, { recursive: true, force: true })
  }
}
