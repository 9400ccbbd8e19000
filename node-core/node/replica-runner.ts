/** Runs the consensus core: feeds it facts one at a time and carries out what it orders. Holds no rule of its own. */
import type { Effect, InvalidBlockProof } from '../consensus/effect.ts'
import type { Input } from '../consensus/input.ts'
import { createReplica, type ReplicaState } from '../consensus/replica-state.ts'
import { step } from '../consensus/step.ts'
import { pendingSetChange } from '../economy/validator-set.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { encodeTransaction } from '../protocol/codec-transaction.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import type { CompactBlock, VerifiedMessage } from '../protocol/messages.ts'
import type { BlockBuilder } from './block-builder.ts'
import type { BlockChecker, CheckedBlock } from './block-checker.ts'
import type { Chain } from './chain.ts'
import type { Observation } from './repositories.ts'
import { hasSigned, signedPower } from './signed-power.ts'
import type { Restored, Signer } from './signer.ts'

/** What leaves the replica for the rest of the node. */
export interface RunnerPorts {
  broadcast(message: VerifiedMessage): void
  sendDecided(height: Height, to: Address): void
  requestDecided(fromHeight: Height): void
  evidence(first: VerifiedMessage, second: VerifiedMessage): void
  invalidBlock(proof: InvalidBlockProof): void
  note(note: Extract<Effect, { type: 'note' }>['note']): void
  /** A message of one's own or of others was counted: for people to look at. */
  counted(message: VerifiedMessage): void
  hasWork(): boolean
  heightStarted(): void
  /** Before each input: what must be known first may be fed by `feedFirst`. */
  aboutToStep(): void
  halted(reason: { readonly height: Height; readonly blockId: Hash; readonly code: string }): void
}

export interface RunnerOptions {
  readonly self: Address | null
  readonly chain: Chain
  readonly checker: BlockChecker
  readonly builder: BlockBuilder
  readonly signer: Signer | null
  readonly restored: Restored
  readonly signFromHeight: Height | null
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly ports: RunnerPorts
}

export class ReplicaRunner {
  readonly #options: RunnerOptions
  #state: ReplicaState
  readonly #inbox: Input[] = []
  #running = false
  #stopped = false
  #wake: Timer | null = null
  /** When the height's first proposal was here, monotonic; null: none yet. */
  #proposedMs: number | null = null

  constructor(options: RunnerOptions) {
    this.#options = options
    this.#state = createReplica({
      self: options.self,
      chainId: options.chain.genesis.chainId,
      parameters: options.chain.parameters,
      restored: options.restored.record,
      signFromHeight: options.signFromHeight,
    })
  }

  get state(): ReplicaState {
    return this.#state
  }

  /** Begin, or go on after the chain moved by another way: the height after the head. */
  startHeight(): void {
    const { chain, checker, ports } = this.#options
    // A catch-up tells of a height that consensus has begun by itself: what is being checked for it goes on.
    if (this.#state.phase === 'running' && this.#state.height > chain.height) return
    checker.startHeight()
    this.#proposedMs = null
    ports.heightStarted()
    const changes = pendingSetChange(chain.state, chain.parameters)
    this.feed({
      type: 'height-started',
      height: chain.height + 1,
      parentId: chain.parent.id,
      parentTimeMs: chain.parent.timestampMs,
      validators: chain.nextSet.set,
      pendingSetChange: changes,
      hasWork: changes || ports.hasWork(),
    })
  }

  feed(input: Input): void {
    if (this.#stopped) return
    this.#inbox.push(input)
    if (this.#running) return
    this.#running = true
    try {
      for (let next = this.#inbox.shift(); next; next = this.#inbox.shift()) this.#step(next)
    } finally {
      this.#running = false
    }
  }

  /** Before everything that waits, and before the input whose step is about to begin. */
  feedFirst(input: Input): void {
    if (this.#stopped) return
    if (this.#running) this.#apply(input)
    else this.feed(input)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake?.cancel()
    this.#options.checker.startHeight()
    await this.#options.signer?.settle()
  }

  #step(input: Input): void {
    this.#options.ports.aboutToStep()
    this.#apply(input)
  }

  #apply(input: Input): void {
    const { clock } = this.#options
    const at = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() }
    const { state, effects } = step(this.#state, { at, input })
    this.#state = state
    for (const effect of effects) this.#carryOut(effect)
  }

  #carryOut(effect: Effect): void {
    const { ports } = this.#options
    switch (effect.type) {
      case 'sign-and-persist':
        this.#inBackground(this.#sign(effect.order))
        break
      case 'sign-reject':
        this.#inBackground(this.#signReject(effect.message))
        break
      case 'broadcast':
        if (!effect.repeat) ports.counted(effect.message)
        ports.broadcast(effect.message)
        break
      case 'build-block':
        this.#inBackground(this.#build(effect))
        break
      case 'check-block':
        this.#proposedMs ??= this.#options.clock.monotonicMs()
        this.#inBackground(this.#check(effect.blockId, effect.block))
        break
      case 'fetch-block':
        this.#inBackground(this.#fetch(effect.blockId))
        break
      case 'decide':
        this.#inBackground(this.#decide(effect))
        break
      case 'send-decided':
        ports.sendDecided(effect.height, effect.to)
        break
      case 'request-decided':
        ports.requestDecided(effect.fromHeight)
        break
      case 'set-wake':
        this.#setWake(effect.atMonotonicMs)
        break
      case 'evidence-found':
        ports.evidence(effect.first, effect.second)
        break
      case 'invalid-block-proved':
        ports.invalidBlock(effect.proof)
        break
      case 'note':
        ports.note(effect.note)
        break
      case 'halt':
        ports.halted(effect)
        break
    }
  }

  async #sign(order: Extract<Effect, { type: 'sign-and-persist' }>['order']): Promise<void> {
    const { signer, chain, checker } = this.#options
    const { height, round, type } = order.message
    try {
      if (!signer) throw new Error('a follower was ordered to sign')
      const prepared = order.prepared && checker.checked(order.prepared.blockId)
      const body = prepared ? prepared.block.body.transactions.map(encodeTransaction) : null
      const message = await signer.carryOut(order, chain.setAt(height)!, body)
      this.feed({ type: 'own-message-persisted', message })
    } catch (error) {
      this.#options.telemetry.log(
        'error',
        'signer',
        `${type} at ${height}/${round} was not signed: ${String(error)}`,
      )
      this.feed({ type: 'signing-failed', height, round, messageType: type })
    }
  }

  async #signReject(message: Extract<Effect, { type: 'sign-reject' }>['message']): Promise<void> {
    const { signer, chain, ports } = this.#options
    if (!signer) return
    const reject = await signer.signReject(message, chain.setAt(message.height)!)
    ports.counted(reject)
    ports.broadcast(reject)
    this.feed({ type: 'own-message-persisted', message: reject })
  }

  async #build(order: Extract<Effect, { type: 'build-block' }>): Promise<void> {
    const { height, round } = order
    const built = await this.#options.builder.build(order)
    this.feed({ type: 'block-built', height, round, block: built?.block ?? null, blockId: built?.id ?? null })
  }

  async #check(blockId: Hash, block: CompactBlock): Promise<void> {
    const result = await this.#options.checker.check(blockId, block)
    if (result !== 'height-ended') this.feed({ type: 'block-checked', blockId, result })
  }

  async #fetch(blockId: Hash): Promise<void> {
    const { checker } = this.#options
    const block = await checker.find(blockId)
    if (block === 'height-ended') return
    const result = await checker.check(blockId, block)
    if (result !== 'height-ended') this.feed({ type: 'block-checked', blockId, result, block })
  }

  async #decide(effect: Extract<Effect, { type: 'decide' }>): Promise<void> {
    const { chain, self, clock } = this.#options
    const checked = await this.#findChecked(effect.blockId)
    if (!checked || effect.height !== chain.height + 1) return
    const { set } = chain.nextSet
    const own = set.members.findIndex((member) => member.address === self)
    const observation: Observation = {
      decisionMs: this.#proposedMs === null ? null : Math.round(clock.monotonicMs() - this.#proposedMs),
      ownCommit: own < 0 ? null : hasSigned(effect.certificate, own),
      signedPower: signedPower(set, effect.certificate),
    }
    try {
      if (await chain.adopt(checked.block, effect.certificate, checked.outcome, observation))
        this.startHeight()
    } catch (error) {
      this.#options.ports.halted({
        height: effect.height,
        blockId: effect.blockId,
        code: (error as { code?: string }).code ?? 'storage-lost',
      })
      throw error
    }
  }

  /** A verdict is remembered longer than its block: then the block is found and checked once more. */
  async #findChecked(blockId: Hash): Promise<CheckedBlock | null> {
    const { checker } = this.#options
    const known = checker.checked(blockId)
    if (known) return known
    const block = await checker.find(blockId)
    if (block !== 'height-ended') await checker.check(blockId, block)
    return checker.checked(blockId) ?? null
  }

  #setWake(atMonotonicMs: number | null): void {
    this.#wake?.cancel()
    this.#wake = null
    if (atMonotonicMs === null || this.#stopped) return
    const { clock } = this.#options
    this.#wake = clock.setTimer(Math.max(0, atMonotonicMs - clock.monotonicMs()), () =>
      this.feed({ type: 'clock-advanced' }),
    )
  }

  /** Nothing here may reject: what fails is a bug, said in the log and counted. */
  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (this.#stopped) return
      this.#options.telemetry.count('runner_failures')
      this.#options.telemetry.log(
        'error',
        'runner',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      )
    })
  }
}
