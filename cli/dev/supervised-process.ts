/** One process of the development network: started, watched, restarted with growing pauses, stopped without a trace. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { CommandFailure } from '../failure.ts'
import { moveToBackground } from './background-priority.ts'
import { isReadyMessage } from './child-link.ts'

/** From SIGTERM to SIGKILL, ms. */
const STOP_TIMEOUT_MS = 8_000
/** From start to ready, ms. */
const READY_TIMEOUT_MS = 60_000
/** Pause before the first restart, ms; doubles up to the longest. */
const FIRST_RESTART_MS = 500
const LONGEST_RESTART_MS = 30_000
/** A process that ran this long, ms, starts again with the first pause. */
const STEADY_MS = 60_000
/** A log of this size, bytes, is moved aside when its process starts. */
const LOG_BYTES = 16 * 1024 * 1024
/** Shown when a process does not start. */
const LAST_LINES = 8

export interface ProcessSpec {
  readonly name: string
  /** Arguments of Node: the module first. */
  readonly args: readonly string[]
  readonly logFile: string
  /** Once it is ready, it leaves the processor to others. */
  readonly background: boolean
}

export class SupervisedProcess {
  readonly #spec: ProcessSpec
  readonly #say: (text: string) => void
  #child: ChildProcess | null = null
  #restart: NodeJS.Timeout | null = null
  #restartMs = FIRST_RESTART_MS
  #stopping = false

  constructor(spec: ProcessSpec, say: (text: string) => void) {
    this.#spec = spec
    this.#say = say
  }

  get name(): string {
    return this.#spec.name
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Resolves with what the child told when it was ready; fails with `process-failed` and its last lines. */
  async start(): Promise<Readonly<Record<string, unknown>>> {
    const child = this.#spawn()
    const ready = await outcomeOf(child)
    if (ready === null)
      throw new CommandFailure('process-failed', `${this.name} did not start`, {
        log: this.#spec.logFile,
        lastLines: lastLines(this.#spec.logFile),
      })
    this.#settle(child)
    this.#watch(child, Date.now())
    return ready
  }

  /** SIGTERM, then SIGKILL by its id. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#restart !== null) clearTimeout(this.#restart)
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await gone
    clearTimeout(force)
  }

  #spawn(): ChildProcess {
    const log = openLog(this.#spec.logFile)
    // A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which then stops the others in order.
    const child = spawn(process.execPath, [...this.#spec.args], {
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    })
    closeSync(log)
    this.#child = child
    return child
  }

  /** It starts like any other: people wait for that. */
  #settle(child: ChildProcess): void {
    if (this.#spec.background && child.pid !== undefined) moveToBackground(child.pid)
  }

  #watch(child: ChildProcess, startedMs: number): void {
    const ended = () => {
      if (this.#stopping) return
      if (Date.now() - startedMs >= STEADY_MS) this.#restartMs = FIRST_RESTART_MS
      const how = child.signalCode ?? `exit code ${child.exitCode}`
      this.#say(
        `${this.name} ended (${how}); it starts again in ${this.#restartMs / 1000} s. Its log: ${this.#spec.logFile}`,
      )
      this.#restart = setTimeout(() => void this.#startAgain(), this.#restartMs)
      this.#restartMs = Math.min(2 * this.#restartMs, LONGEST_RESTART_MS)
    }
    if (child.exitCode !== null || child.signalCode !== null) ended()
    else child.once('exit', ended)
  }

  async #startAgain(): Promise<void> {
    const child = this.#spawn()
    const startedMs = Date.now()
    const ready = await outcomeOf(child)
    if (ready !== null) this.#settle(child)
    if (ready !== null && !this.#stopping) this.#say(`${this.name} is back`)
    this.#watch(child, startedMs)
  }
}

/** What the child said when ready; null: it ended, could not be started, or took too long and was ended. */
function outcomeOf(child: ChildProcess): Promise<Readonly<Record<string, unknown>> | null> {
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS)
    const done = (result: Readonly<Record<string, unknown>> | null) => {
      clearTimeout(late)
      resolve(result)
    }
    child.on('message', (message) => {
      if (isReadyMessage(message)) done(message.data)
    })
    child.once('exit', () => done(null))
    child.once('error', () => done(null))
  })
}

function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true })
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.old`)
  return openSync(file, 'a', 0o600)
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n')
}
