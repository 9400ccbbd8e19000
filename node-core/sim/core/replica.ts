/** One replica of the core engine with what is around it: clock, disk, block store, crashes. */
import { GENESIS_ID, GENESIS_MS } from '../../consensus/builders.test-kit.ts'
import type { Effect } from '../../consensus/effect.ts'
import { recordAfter } from '../../consensus/guard-record.ts'
import type { Input } from '../../consensus/input.ts'
import { createReplica, NEVER_SIGN, type ReplicaState } from '../../consensus/replica-state.ts'
import { step } from '../../consensus/step.ts'
import type { Address, Hash, Height } from '../../protocol/ids.ts'
import type { CompactBlock, GuardedMessage, VerifiedMessage } from '../../protocol/messages.ts'
import { ClockModel } from '../clock-model.ts'
import type { CrashHarm } from '../fault-plan.ts'
import type { Behaviour, CrashAtWrite, CrashMoment } from '../scenario.ts'
import { onHeard } from './byzantine.ts'
import type { CoreWorld } from './core-world.ts'
import type { DecidedBlock, Envelope } from './envelope.ts'
import { CoreJournal } from './journal.ts'
import { said } from './said.ts'

const SIGN_MS = 2
const WRITE_MS = 3
const CHECK_MS = 4
const FETCH_RETRY_MS = 250
/** Decided blocks given to one who asks. */
const SERVED_BLOCKS = 8

/** Where a crash that was called for falls. */
interface ArmedCrash {
  readonly at: 'effect' | 'journal' | 'storage'
  readonly when: CrashMoment
  readonly forMs: number
  /** The journal is found damaged afterwards. */
  readonly loses: boolean
}

export class CoreReplica {
  /** Of this process: twins share a member, not this. */
  readonly index: number
  /** −1: a follower. */
  readonly member: number
  readonly self: Address | null
  /** null: honest. */
  readonly behaviour: Behaviour | null
  readonly clock: ClockModel
  readonly #world: CoreWorld
  /** null: crashed. */
  state: ReplicaState | null = null
  /** Durable, as is the journal. */
  chain: DecidedBlock[] = []
  readonly journal: CoreJournal
  /** What a byzantine replica remembers of others. */
  readonly heard: VerifiedMessage[] = []
  #bodies = new Set<Hash>()
  #life = 0
  #signerFreeAt = 0
  #armed: ArmedCrash | null = null
  #wakeAt = Number.POSITIVE_INFINITY
  /** Wall time at which the loss of the record was found. */
  #recordLostSince: number | null = null
  #writes = { journal: 0, storage: 0 }
  #feeding = false
  #inbox: Input[] = []

  constructor(world: CoreWorld, place: { index: number; member: number; behaviour: Behaviour | null }) {
    const { faults, script } = world.scenario
    this.#world = world
    this.index = place.index
    this.member = place.member
    this.self = world.set.members[place.member]?.address ?? null
    this.behaviour = place.behaviour
    this.clock = new ClockModel(world.random.around(faults.skewMs), world.random.around(faults.drift))
    this.journal = new CoreJournal(script.records?.get(place.member) ?? null)
  }

  get place(): string {
    return this.state ? `${this.state.height}/${this.state.round}` : 'down'
  }

  start(): void {
    const world = this.#world
    this.#life++
    this.#armed = null
    this.#signerFreeAt = 0
    this.#wakeAt = Number.POSITIVE_INFINITY
    this.#inbox = []
    const found = this.journal.readBack()
    const record = found.ok ? found.record : null
    const restored = world.broken.restored ? world.broken.restored(record) : record
    if (!found.ok) this.#recordLostSince = this.clock.at(world.now).wallMs
    this.#bodies = new Set(record?.prepared && !world.broken.forgetsBodies ? [record.prepared.blockId] : [])
    this.state = createReplica({
      self: this.self,
      chainId: 'sim',
      parameters: world.scenario.parameters,
      restored,
      signFromHeight: this.#recordLostSince === null ? null : NEVER_SIGN,
    })
    this.startHeight()
  }

  /** At the next effect, journal record or stored block, wherever the seed puts it. */
  crashSoon(forMs: number, { torn, loses }: CrashHarm): void {
    if (!this.state) return
    const { random } = this.#world
    const at = torn ? 'journal' : random.pick(['effect', 'effect', 'journal', 'storage'] as const)
    const when = torn ? 'torn' : random.pick(['before', 'after'] as const)
    this.#armed = { at, when, forMs, loses }
  }

  crashNow(forMs: number): void {
    this.#crash({ forMs, loses: false })
  }

  recover(): void {
    this.#armed = null
    if (!this.state) this.start()
  }

  #crash({ forMs, loses }: { readonly forMs: number; readonly loses: boolean }): void {
    if (!this.state) return
    const world = this.#world
    this.#armed = null
    this.state = null
    this.#life++
    world.crashes++
    if (loses) this.journal.damage(world.random)
    const life = this.#life
    world.after(forMs, () => {
      if (this.#life === life && !this.state) this.start()
    })
  }

  /** Runs `work` later unless the node has crashed by then. */
  #later(delayMs: number, work: () => void): void {
    const life = this.#life
    this.#world.after(delayMs, () => {
      if (this.#life === life && this.state) work()
    })
  }

  startHeight(): void {
    const parent = this.chain.at(-1)
    const { random, scenario, set } = this.#world
    this.feed({
      type: 'height-started',
      height: this.chain.length + 1,
      parentId: parent?.blockId ?? GENESIS_ID,
      parentTimeMs: parent?.block.header.timestampMs ?? GENESIS_MS,
      validators: set,
      pendingSetChange: false,
      hasWork: scenario.work >= 1 || random.chance(scenario.work),
    })
  }

  /** An effect that is answered at once waits until the effects before it are carried out. */
  feed(input: Input): void {
    if (this.#feeding) {
      this.#inbox.push(input)
      return
    }
    this.#feeding = true
    this.#step(input)
    while (this.#inbox.length > 0) this.#step(this.#inbox.shift()!)
    this.#feeding = false
  }

  #step(given: Input): void {
    const world = this.#world
    const { broken } = world
    if (!this.state) return
    const at = this.clock.at(world.now)
    const input = broken.input ? broken.input(this.state, given, at) : given
    if (input === null) return
    const stepped = step(this.state, { at, input })
    this.state = broken.state ? broken.state(stepped.state, at) : stepped.state
    if (broken.state) this.#wakeForTimer(this.state)
    if (!this.behaviour) world.checkers.onRound(stepped.state.round, world.scenario.maxRound)
    const { effects } = stepped
    const armed = this.#armed?.at === 'effect' && effects.length > 0 ? this.#armed : null
    const end = armed ? world.random.below(effects.length + 1) : effects.length
    for (let i = 0; i < end; i++) {
      const effect = broken.effect ? broken.effect(effects[i]!) : effects[i]!
      if (effect) this.#carryOut(effect)
      if (!this.state) return
    }
    if (armed) this.#crash(armed)
  }

  /** A timer that a broken rule brought in has told nobody when to call. */
  #wakeForTimer({ timer }: ReplicaState): void {
    if (timer) this.#setWake(timer.startedAtMs + timer.timeoutMs)
  }

  receive(envelope: Envelope) {
    if (!this.state) return
    switch (envelope.kind) {
      case 'message': {
        if (envelope.forged && !this.#world.broken.believesForgeries) return
        const { message } = envelope
        if (message.type === 'pre-prepare' && envelope.hasBody) this.#bodies.add(message.blockId)
        if (this.behaviour && !this.behaviour.twins) onHeard(this.#world, this, message)
        return this.feed({ type: 'message-received', message })
      }
      case 'decided':
        if (envelope.height <= this.chain.length) return
        if (envelope.forged && !this.#world.broken.believesForgeries) return
        return this.#receiveDecided(envelope.height, envelope.decided)
      case 'request':
        return this.#serve(envelope.fromHeight, envelope.asker)
    }
  }

  #receiveDecided(height: Height, decided: DecidedBlock) {
    if (height > this.chain.length + 1)
      return this.feed({ type: 'peer-ahead', height: this.chain.length + 1 })
    this.#bodies.add(decided.blockId)
    const { blockId, block } = decided
    this.feed({ type: 'block-checked', blockId, result: { verdict: 'valid' }, block })
    this.feed({ type: 'certificate-received', certificate: decided.certificate })
  }

  #serve(fromHeight: Height, asker: number): void {
    if (this.behaviour?.silent || this.#world.broken.servesNobody) return
    const last = Math.min(fromHeight + SERVED_BLOCKS - 1, this.chain.length)
    for (let height = fromHeight; height <= last; height++) this.#sendDecided(height, asker)
  }

  #sendDecided(height: Height, to: number): void {
    const decided = this.chain[height - 1]
    if (decided && !this.behaviour?.silent)
      this.#world.post(this.index, to, { kind: 'decided', height, decided, forged: false })
  }

  #carryOut(effect: Effect) {
    const world = this.#world
    switch (effect.type) {
      case 'sign-and-persist':
        return this.#sign(effect.order)
      case 'sign-reject': {
        if (!this.behaviour && world.isByHonest(effect.message.blockId))
          world.checkers.fail('honest replica accused: its block is rejected')
        const message = said(effect.message)
        world.broadcast(this, message)
        return this.feed({ type: 'own-message-persisted', message })
      }
      case 'broadcast':
        return world.broadcast(this, effect.message)
      case 'build-block':
        return this.#later(CHECK_MS, () => this.#build(effect))
      case 'check-block':
        return this.#later(CHECK_MS, () => this.#check(effect.blockId, null, effect.block.header.height))
      case 'fetch-block': {
        const { blockId, height } = effect
        const block = world.blocks.get(blockId)?.block ?? null
        return this.#later(CHECK_MS, () => this.#check(blockId, block, height))
      }
      case 'decide':
        return this.#decide(effect)
      case 'send-decided':
        if (!world.broken.servesNobody)
          for (const to of world.replicasOf(effect.to)) this.#sendDecided(effect.height, to)
        return
      case 'request-decided':
        return world.ask(this.index, effect.fromHeight)
      case 'set-wake':
        return this.#setWake(effect.atMonotonicMs)
      case 'evidence-found':
        return world.accused(this.index, effect.first)
      case 'invalid-block-proved':
        return world.accused(this.index, effect.proof.proposal)
      case 'halt':
        if (!this.behaviour) world.checkers.fail(`replica ${this.index} halted`)
        return
      case 'note':
        return
    }
  }

  /** One after another; the record is durable before the answer, and a crash may fall on either side of that. */
  #sign(order: Extract<Effect, { type: 'sign-and-persist' }>['order']) {
    const world = this.#world
    this.#signerFreeAt = Math.max(world.now, this.#signerFreeAt) + SIGN_MS + WRITE_MS
    this.#later(this.#signerFreeAt - world.now, () => {
      const signed = said<GuardedMessage>(order.message)
      const after = recordAfter(this.journal.record, order, signed)
      const record = world.broken.record ? world.broken.record(after, order) : after
      const crash = this.#crashAtWrite('journal')
      if (crash) {
        this.journal.crashWriting(record, crash.when, world.random)
        return this.#crash(crash)
      }
      this.journal.write(record)
      if (this.#isScriptedCrash(order.message)) return this.crashNow(1_000)
      this.feed({ type: 'own-message-persisted', message: signed })
    })
  }

  /** The crash that falls on this write, if there is one. */
  #crashAtWrite(disk: CrashAtWrite['disk']): Omit<ArmedCrash, 'at'> | null {
    const write = ++this.#writes[disk]
    if (this.#armed?.at === disk) return this.#armed
    const scripted = this.#world.scenario.script.crashesAtWrite?.find(
      (each) => each.replica === this.index && each.disk === disk && each.write === write,
    )
    return scripted ? { when: scripted.when, forMs: 1_000, loses: false } : null
  }

  #isScriptedCrash({ type, height }: { readonly type: string; readonly height: Height }): boolean {
    const isDue = this.#life === 1 && type === 'commit'
    return isDue && height === this.#world.scenario.script.everyoneCrashesAfterCommitOf
  }

  #build({ height, round, notBeforeMs }: Extract<Effect, { type: 'build-block' }>): void {
    const world = this.#world
    if (!this.state || this.self === null || this.chain.length + 1 !== height) return
    const { wallMs } = this.clock.at(world.now)
    const made = world.newBlock(this, {
      height,
      parentId: this.chain.at(-1)?.blockId ?? GENESIS_ID,
      timestampMs: Math.max(wallMs, notBeforeMs),
      empty: !this.state.hasWork,
    })
    this.#bodies.add(made.blockId)
    this.feed({ type: 'block-built', height, round, block: made.block, blockId: made.blockId })
  }

  /** Checks once the body is here; asks others for it until then. */
  #check(blockId: Hash, fetched: CompactBlock | null, height: Height) {
    const world = this.#world
    if (this.chain.length + 1 !== height) return
    if (!this.#bodies.has(blockId) && !world.findsBody(this.index, blockId))
      return this.#later(FETCH_RETRY_MS, () => this.#check(blockId, fetched, height))
    this.#bodies.add(blockId)
    const isInvalid = !world.blocks.get(blockId)!.valid && !this.behaviour
    const result = isInvalid
      ? ({ verdict: 'invalid', code: 'bad-state-root' } as const)
      : ({ verdict: 'valid' } as const)
    this.feed({ type: 'block-checked', blockId, result, ...(fetched ? { block: fetched } : {}) })
  }

  /** Beside a proposal, as far as this node has the body and gives it. */
  sendsBodyOf(message: VerifiedMessage): boolean {
    if (message.type !== 'pre-prepare' || this.behaviour?.withholdsBodies) return false
    return this.behaviour !== null || this.#bodies.has(message.blockId)
  }

  servesBody(blockId: Hash): boolean {
    return this.state !== null && !this.behaviour?.withholdsBodies && this.#bodies.has(blockId)
  }

  #decide({ blockId, certificate, height }: Extract<Effect, { type: 'decide' }>): void {
    const decided: DecidedBlock = { ...this.#world.blocks.get(blockId)!, certificate }
    this.#later(WRITE_MS, () => this.#persist(decided, height))
  }

  /** Block and certificate are one durable write; then the decision is shown, announced, and the next height begins. */
  #persist(decided: DecidedBlock, height: Height) {
    if (height !== this.chain.length + 1) return
    const crash = this.#crashAtWrite('storage')
    if (crash && crash.when !== 'after') return this.#crash(crash)
    if (crash) {
      this.chain.push(decided)
      this.#world.decidedBy(this, height, decided)
      return this.#crash(crash)
    }
    this.#adopt(decided, height)
  }

  #adopt(decided: DecidedBlock, height: Height): void {
    const world = this.#world
    this.chain.push(decided)
    world.decidedBy(this, height, decided)
    if (decided.block.header.proposer === this.self && !this.behaviour?.silent) world.announce(this, decided)
    this.startHeight()
    this.#allowSigningAgain(decided, height)
  }

  /** Whatever the lost record held is below a block that is newer than the loss, clocks considered. */
  #allowSigningAgain({ block }: DecidedBlock, height: Height): void {
    const since = this.#recordLostSince
    const { clockPrecisionMs } = this.#world.scenario.parameters
    if (since === null || block.header.timestampMs <= since + 2 * clockPrecisionMs) return
    this.#recordLostSince = null
    this.feed({ type: 'signing-allowed', fromHeight: height + 1 })
  }

  /** Only the earliest wake is queued; one that fires too early is queued again. */
  #setWake(atMonotonicMs: number | null): void {
    if (atMonotonicMs === null) return
    const world = this.#world
    const dueAt = Math.max(world.now, this.clock.whenMonotonic(atMonotonicMs))
    if (dueAt >= this.#wakeAt) return
    this.#wakeAt = dueAt
    const lateMs = world.timerLatenessMs()
    this.#later(dueAt - world.now + lateMs, () => {
      if (this.#wakeAt !== dueAt) return
      this.#wakeAt = Number.POSITIVE_INFINITY
      const wanted = this.state!.wakeAtMs
      const isDue = wanted !== null && this.clock.whenMonotonic(wanted) <= world.now
      if (isDue || world.broken.state) this.feed({ type: 'clock-advanced' })
      if (!this.state || this.#wakeAt !== Number.POSITIVE_INFINITY) return
      this.#setWake(this.state.wakeAtMs)
    })
  }
}
