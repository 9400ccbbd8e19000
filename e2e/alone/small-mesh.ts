/** A relay and one validator, each its own process, that come and go together. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeGenesis } from '../../cli/dev/genesis-file.ts'
import { type Layout, layoutOf } from '../../cli/dev/layout.ts'
import { validatorArgs } from '../../cli/dev/validator-args.ts'
import { readConfig } from '../../cli/environment.ts'
import { formatGenesis } from '../../node-core/protocol/genesis-codec.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const ENVIRONMENT = 'development'

export class SmallMesh {
  /** What a page needs to join: the relay alone tells where the validator is. */
  readonly networkFile: object
  readonly #layout: Layout
  #processes: ChildProcess[] = []

  private constructor(layout: Layout, genesis: object) {
    this.#layout = layout
    this.networkFile = { genesis, relays: [this.#relayAddress], bootstrap: [], iceServers: [] }
  }

  /** Nothing runs yet. */
  static async create(port: number): Promise<SmallMesh> {
    const layout = layoutOf({ data: mkdtempSync(path.join(tmpdir(), 'aitbc-alone-')), port, validators: 1 })
    const genesis = await makeGenesis(layout, readConfig(ENVIRONMENT), null)
    return new SmallMesh(layout, formatGenesis(genesis))
  }

  get #relayAddress(): string {
    return `/ip4/127.0.0.1/tcp/${this.#layout.relayPort}/ws`
  }

  async start(): Promise<void> {
    const { relayPort, relayKeyFile, validators } = this.#layout
    const relays = [this.#relayAddress]
    await this.#run('HTTP: ', ['relay/main.ts', '--port', String(relayPort), '--key', relayKeyFile])
    const layout = this.#layout
    const validator = validators[0]!
    await this.#run('RPC on ', validatorArgs({ layout, validator, environment: ENVIRONMENT, relays }))
  }

  async stop(): Promise<void> {
    for (const child of this.#processes.splice(0)) {
      if (child.exitCode !== null) continue
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
    }
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.#layout.data, { recursive: true, force: true })
  }

  /** Resolves when the process has printed `ready`. */
  #run(ready: string, args: readonly string[]): Promise<void> {
    const child = spawn(process.execPath, [...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#processes.push(child)
    let output = ''
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes(ready)) resolve()
      }
      child.stdout!.on('data', read)
      child.stderr!.on('data', read)
      child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}:\n${output}`)))
    })
  }
}
