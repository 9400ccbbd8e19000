/** The development network as a person starts it: relay, Node validators, dashboard; all as processes of their own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { NodeMethod, NodeMethods } from '../../node-core/node/node-api.ts'
import { workerPort } from '../ports.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const MAIN = path.join(ROOT, 'cli', 'main.ts')
const RPC_OFFSET = 10
const start = promisify(execFile)

/** A chain that moves fast enough to watch epochs pass. */
export const QUICK_PARAMETERS = { blockTimeMs: 400, emptyIntervalMs: 700, epochBlocks: 5 }

export class DevNetwork {
  readonly url: string
  readonly validators: number
  readonly #port: number
  readonly #data: string
  #child: ChildProcess | null = null
  #output = ''

  constructor({ validators, port = workerPort() }: { readonly validators: number; readonly port?: number }) {
    this.#port = port
    this.validators = validators
    this.url = `http://127.0.0.1:${port}`
    this.#data = mkdtempSync(path.join(tmpdir(), 'aitbc-e2e-'))
  }

  /** Resolves at "Dashboard:"; a second start goes on with the same chain. */
  async start(parameters: object | null = QUICK_PARAMETERS): Promise<string> {
    const args = [MAIN, 'dev', '--data', this.#data, '--port', String(this.#port), '--no-open']
    if (parameters && this.#child === null) {
      const file = path.join(this.#data, 'parameters.json')
      writeFileSync(file, JSON.stringify(parameters))
      args.push('--parameters', file, '--validators', String(this.validators))
    }
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#output = ''
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        this.#output += chunk.toString()
        if (this.#output.includes(`Dashboard: ${this.url}`)) resolve()
      }
      child.stdout!.on('data', read)
      child.stderr!.on('data', read)
      child.once('exit', (code) => reject(new Error(`the network ended with ${code}:\n${this.#output}`)))
    })
    return this.#output
  }

  /** As Ctrl-C does. Resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    const child = this.#child
    if (!child || child.exitCode !== null) return child?.exitCode ?? null
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    return ended
  }

  async remove(): Promise<void> {
    await this.interrupt()
    rmSync(this.#data, { recursive: true, force: true })
  }

  async call<M extends NodeMethod>(
    method: M,
    params: NodeMethods[M]['params'],
    validator = 0,
  ): Promise<NodeMethods[M]['result']> {
    const response = await fetch(`${this.rpcUrl(validator)}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const answer = (await response.json()) as {
      result?: NodeMethods[M]['result']
      error?: { message: string }
    }
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result!
  }

  /** Where a Node validator answers, without a path. */
  rpcUrl(validator: number): string {
    return `http://127.0.0.1:${this.#port + RPC_OFFSET + validator}`
  }

  /** A Node validator leaves for good, by its own key. */
  async leave(validator: number): Promise<void> {
    const keys = path.join(this.#data, 'validators', String(validator + 1), 'keys.json')
    await start(process.execPath, [
      MAIN,
      'validator',
      'exit',
      '--keys',
      keys,
      '--rpc',
      this.rpcUrl(validator),
      '--wait',
      '--json',
    ])
  }

  /** Where a Node validator keeps what it must not lose. */
  homeOf(validator: number): string {
    return path.join(this.#data, 'validators', String(validator + 1))
  }

  /** Process id of a Node validator; null: it does not run just now. */
  async pidOf(validator: number): Promise<number | null> {
    const { stdout } = await start('ps', ['-eo', 'pid,args'])
    const line = stdout.split('\n').find((each) => each.includes(`--home ${this.homeOf(validator)} `))
    return line === undefined ? null : Number.parseInt(line, 10)
  }

  /** Command lines of processes that hold this network's directory open in their arguments. */
  async processes(): Promise<string[]> {
    const { stdout } = await start('ps', ['-eo', 'args'])
    return stdout.split('\n').filter((line) => line.includes(this.#data) && !line.startsWith('ps '))
  }
}
