/**
 * A tab that closes pauses its validator, so that its absence is no offence; when it is opened again, it resumes. What a person
 * paused stays paused.
 */
import type { SubmitPayload } from '../../node/evidence-reporter.ts'
import type { LiveNode } from '../../node/live-node.ts'
import { setsOf, stateOf } from '../../node/views/validator-view.ts'
import { formatAddress } from '../../protocol/address.ts'
import type { Address, Height } from '../../protocol/ids.ts'
import { validatorKey } from '../../state/keys.ts'
import { epochOf } from '../../state/validator-sets.ts'
import type { BrowserKeystore } from './browser-keystore.ts'

/** A pause that was sent when the tab closed is in a block by then, or is in none. */
const RESUMED_WITHIN_BLOCKS = 10

export interface ClosingWatchOptions {
  readonly node: LiveNode
  readonly marks: Pick<BrowserKeystore, 'onWatch' | 'setOnWatch'>
  /** Called when the validator begins or ceases to be one whose absence counts. */
  readonly told: (onWatch: boolean) => void
}

export class ClosingWatch {
  readonly #options: ClosingWatchOptions
  readonly #address: Address
  readonly #submit: SubmitPayload
  readonly #stop: () => void
  #isOnWatch = false
  /** The resume is not in a block yet. */
  #isResuming = false
  /** Durable: this browser means to go on with the validator when it is opened again. null: not read yet. */
  #goesOn: boolean | null = null
  /** Sent by the person, and not in a block yet. */
  #isPausing = false
  /** Afterwards a pause is somebody's wish. null: not at the head yet. */
  #resumesUntil: Height | null = null

  constructor(options: ClosingWatchOptions, address: Address, submit: SubmitPayload) {
    this.#options = options
    this.#address = address
    this.#submit = submit
    const look = () => this.#look()
    this.#stop = options.node.listen({ decided: look, status: look })
    void this.#begin()
  }

  stop(): void {
    this.#stop()
    this.#tell(false)
  }

  /** The page is going and nobody takes over. */
  async closing(): Promise<void> {
    if (!this.#isOnWatch) return
    await this.#send('validator.pause')
    this.#options.node.gossip.hurry()
  }

  /** Before the person's own pause is sent. */
  async willPause(): Promise<void> {
    this.#isPausing = true
    await this.#mark(false)
  }

  async #begin(): Promise<void> {
    this.#goesOn = (await this.#options.marks.onWatch()) === formatAddress(this.#address)
    this.#look()
  }

  #look(): void {
    const { node } = this.#options
    const record = node.chain.state.get(validatorKey(this.#address))
    if (!record) return
    const state = stateOf(record, setsOf(node))
    const isReady = record.readyEpoch === epochOf(node.chain.height + 1, node.chain.parameters)
    const isExpected = state === 'active' || state === 'entering' || (state === 'registered' && isReady)
    if (record.paused) this.#isPausing = false
    else this.#isResuming = false
    this.#tell(isExpected || this.#isResuming)
    if (this.#goesOn === false && isExpected && !this.#isPausing) void this.#mark(true)
    if (!node.caughtUp) return
    const { height } = node.chain
    this.#resumesUntil ??= height + RESUMED_WITHIN_BLOCKS
    if (!record.paused || this.#goesOn !== true || height > this.#resumesUntil) return
    this.#resumesUntil = height - 1
    this.#isResuming = true
    this.#tell(true)
    void this.#send('validator.resume')
  }

  #tell(isOnWatch: boolean): void {
    if (this.#isOnWatch === isOnWatch) return
    this.#isOnWatch = isOnWatch
    this.#options.told(isOnWatch)
  }

  async #mark(goesOn: boolean): Promise<void> {
    this.#goesOn = goesOn
    await this.#options.marks.setOnWatch(goesOn ? formatAddress(this.#address) : null)
  }

  #send(type: 'validator.pause' | 'validator.resume'): Promise<void> {
    return this.#submit({ type }).catch((error: unknown) => {
      this.#options.node.options.telemetry.log('warn', 'duties', `${type} was refused: ${String(error)}`)
    })
  }
}
