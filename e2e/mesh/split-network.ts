/**
 * Node validators on two sides of one link: each side's processes have a network namespace of their own, and what they say
 * to the other side goes over a pair of virtual Ethernet devices, which can be made to lead nowhere. Where the machine does
 * not allow that, both sides are on its loopback, and nothing can be cut.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeGenesis } from '../../cli/dev/genesis-file.ts'
import { layoutOf } from '../../cli/dev/layout.ts'
import { readConfig } from '../../cli/environment.ts'
import type { NodeMethod, NodeMethods } from '../../node-core/node/node-api.ts'
import { workerPort } from '../ports.ts'
import type { SideAnswer, SideOptions, SideOrder, SideRequest } from './side-process.ts'

const SIDE_MODULE = path.join(import.meta.dirname, 'side-process.ts')
const PORT = workerPort()
const LOOPBACK = '127.0.0.1'
const DEVICE = 'mesh0'
/** Of no device: what is sent there arrives nowhere, and nobody is told. */
const NOWHERE = '02:00:00:00:00:99'

export interface SplitOptions {
  /** Validators of each side; their numbers are counted through. */
  readonly sides: readonly [number, number]
  /** In place of the development network's. */
  readonly parameters: object
  /** Each side in a namespace of its own. */
  readonly cuttable: boolean
}

/** Whether this process may make network namespaces and link them; if not, why. */
export function mayMakeNamespaces(): { readonly allowed: boolean; readonly why: string } {
  const command = ['-n', 'ip', 'link', 'add', DEVICE, 'type', 'veth', 'peer', 'name', 'mesh1']
  const { status, stderr, error } = spawnSync('unshare', command, { encoding: 'utf8' })
  return { allowed: status === 0, why: error?.message ?? stderr.trim() }
}

export class SplitNetwork {
  readonly #data: string
  readonly #sides: readonly [Side, Side]
  readonly #sizes: readonly [number, number]

  private constructor(data: string, sizes: readonly [number, number], sides: readonly [Side, Side]) {
    this.#data = data
    this.#sizes = sizes
    this.#sides = sides
  }

  /** Resolves when every validator answers. */
  static async start({ sides: sizes, parameters, cuttable }: SplitOptions): Promise<SplitNetwork> {
    const data = mkdtempSync(path.join(tmpdir(), 'aitbc-split-'))
    const hosts = sizes.flatMap((size, side) =>
      Array.from({ length: size }, () => (cuttable ? hostOf(side) : LOOPBACK)),
    )
    const sides = sizes.map(
      (_, side) => new Side({ data, port: PORT, hosts, own: numbersOf(sizes, side) }, cuttable),
    ) as [Side, Side]
    const network = new SplitNetwork(data, sizes, sides)
    try {
      const parametersFile = path.join(data, 'parameters.json')
      writeFileSync(parametersFile, JSON.stringify(parameters))
      const layout = layoutOf({ data, port: PORT, validators: hosts.length })
      await makeGenesis(layout, readConfig('development'), parametersFile)
      await Promise.all(sides.map((side) => side.ready))
      if (cuttable) link(...sides)
      await Promise.all(sides.map((side) => side.order({ type: 'start' })))
      return network
    } catch (error) {
      await network.remove()
      throw error
    }
  }

  /** From now on no packet of one side reaches the other; neither side is told. */
  cut(): void {
    for (const [side, { pid }] of this.#sides.entries())
      inNamespaceOf(pid, `ip neigh replace ${hostOf(1 - side)} lladdr ${NOWHERE} dev ${DEVICE} nud permanent`)
  }

  heal(): void {
    for (const [side, { pid }] of this.#sides.entries())
      inNamespaceOf(pid, `ip neigh del ${hostOf(1 - side)} dev ${DEVICE}`)
  }

  /** All at once, with SIGKILL; they stay dead. */
  async kill(validators: readonly number[]): Promise<void> {
    await Promise.all(
      this.#sides.map((side, index) => {
        const victims = validators.filter((validator) => this.#sideOf(validator) === index)
        return side.order({ type: 'kill', validators: victims })
      }),
    )
  }

  async call<M extends NodeMethod>(
    validator: number,
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<NodeMethods[M]['result']> {
    const side = this.#sides[this.#sideOf(validator)]!
    return (await side.order({ type: 'call', validator, method, params })) as NodeMethods[M]['result']
  }

  async remove(): Promise<void> {
    await Promise.all(this.#sides.map((side) => side.stop()))
    rmSync(this.#data, { recursive: true, force: true })
  }

  #sideOf(validator: number): 0 | 1 {
    return validator < this.#sizes[0] ? 0 : 1
  }
}

class Side {
  readonly ready: Promise<void>
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #lastId = 0

  constructor(options: SideOptions, apart: boolean) {
    const command = [process.execPath, SIDE_MODULE, JSON.stringify(options)]
    const [program, ...args] = apart ? ['unshare', '-n', ...command] : command
    this.#child = spawn(program!, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const ready = Promise.withResolvers<void>()
    this.ready = ready.promise
    this.#child.on('message', (message: SideAnswer | { readonly type: 'ready' }) => {
      if ('type' in message) return ready.resolve()
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.result)
      else waiting?.reject(new Error(message.error))
    })
    this.#child.once('exit', (code) => {
      const ended = new Error(`a side ended with ${code}`)
      ready.reject(ended)
      for (const waiting of this.#waiting.values()) waiting.reject(ended)
    })
  }

  /** `unshare` becomes the side's process: the id is that of both. */
  get pid(): number {
    return this.#child.pid!
  }

  order(order: SideOrder): Promise<unknown> {
    const id = ++this.#lastId
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    this.#child.send({ id, order } satisfies SideRequest, (error) => {
      if (error) answer.reject(error)
    })
    return answer.promise
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }
}

/** The validators of a side: those of the first come first. */
function numbersOf(sizes: readonly [number, number], side: number): number[] {
  const from = side === 0 ? 0 : sizes[0]
  return Array.from({ length: sizes[side as 0 | 1] }, (_, index) => from + index)
}

function hostOf(side: number): string {
  return `10.98.0.${side + 1}`
}

function link(first: Side, second: Side): void {
  inNamespaceOf(first.pid, `ip link add ${DEVICE} type veth peer name ${DEVICE} netns ${second.pid}`)
  for (const [side, { pid }] of [first, second].entries()) {
    inNamespaceOf(pid, 'ip link set lo up')
    inNamespaceOf(pid, `ip addr add ${hostOf(side)}/24 dev ${DEVICE}`)
    inNamespaceOf(pid, `ip link set ${DEVICE} up`)
  }
}

function inNamespaceOf(pid: number, command: string): void {
  execFileSync('nsenter', ['-t', String(pid), '-n', ...command.split(' ')])
}
