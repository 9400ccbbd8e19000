/** The core engine's world: virtual time, the network between replicas, the blocks that were made, the promises checked. */
import { compactBlock, hashNumber, member, validatorSet } from '../../consensus/builders.test-kit.ts'
import type { Address, Hash, Height } from '../../protocol/ids.ts'
import type { VerifiedMessage } from '../../protocol/messages.ts'
import type { ValidatorSet } from '../../protocol/validator-set.ts'
import type { BrokenRule } from '../broken-rule.ts'
import { Checkers } from '../checkers.ts'
import { EventQueue } from '../event-queue.ts'
import { FaultPlan } from '../fault-plan.ts'
import { Links } from '../links.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import { distort } from './byzantine.ts'
import type { DecidedBlock, Envelope, SimBlock } from './envelope.ts'
import { CoreReplica } from './replica.ts'

interface NewBlock {
  readonly height: Height
  readonly parentId: Hash
  readonly timestampMs: number
  readonly empty: boolean
}

/** PERF: nearly all events are deliveries, and a pair is less than half of a closure. */
interface Delivery {
  readonly receiver: CoreReplica
  readonly envelope: Envelope
}

type CoreEvent = Delivery | (() => void)

/** Ids of blocks are far from those that tests use for other things. */
const FIRST_BLOCK_NUMBER = 0x10_0000

export class CoreWorld {
  readonly scenario: Scenario
  readonly broken: BrokenRule
  readonly random: Random
  readonly set: ValidatorSet
  readonly queue = new EventQueue<CoreEvent>()
  readonly links: Links
  readonly checkers = new Checkers(() => this.now)
  readonly replicas: CoreReplica[]
  readonly blocks = new Map<Hash, SimBlock>()
  newestBlock: SimBlock | null = null
  readonly #honest: readonly CoreReplica[]
  readonly #ofAddress = new Map<Address, readonly number[]>()
  readonly plan: FaultPlan
  now = 0
  crashes = 0
  messages = 0
  /** Blocks that honest replicas adopted. */
  decisions = 0

  constructor(scenario: Scenario, broken: BrokenRule) {
    this.scenario = scenario
    this.broken = broken
    this.random = new Random(scenario.seed)
    this.set = validatorSet(scenario.powers)
    const places = scenario.powers.flatMap((_, index) => {
      const behaviour = scenario.byzantine.get(index) ?? null
      const place = { member: index, behaviour }
      return behaviour?.twins ? [place, place] : [place]
    })
    for (let i = 0; i < scenario.followers; i++) places.push({ member: -1, behaviour: null })
    this.links = new Links(places.length, this.random, scenario.faults)
    this.replicas = places.map((place, index) => new CoreReplica(this, { ...place, index }))
    this.#honest = this.replicas.filter((each) => !each.behaviour)
    for (const { self, index } of this.replicas)
      if (self !== null) this.#ofAddress.set(self, [...this.replicasOf(self), index])
    this.plan = new FaultPlan(this)
  }

  after(delayMs: number, run: () => void): void {
    this.queue.push(this.now + delayMs, run)
  }

  /** Carries out the next event; there must be one. */
  runNext(): void {
    this.now = this.queue.nextAtMs
    const event = this.queue.pop()!
    if (typeof event === 'function') event()
    else event.receiver.receive(event.envelope)
  }

  timerLatenessMs(): number {
    const most = this.plan.isCalm ? 0 : this.scenario.faults.timerLatenessMs
    return most > 0 ? this.random.next() * most : 0
  }

  get honest(): readonly CoreReplica[] {
    return this.#honest
  }

  replicasOf(address: Address): readonly number[] {
    return this.#ofAddress.get(address) ?? []
  }

  /** Everyone else gets it, as far as the network lets it through. */
  broadcast(from: CoreReplica, message: VerifiedMessage) {
    const { behaviour } = from
    if (behaviour && !behaviour.twins) return this.#broadcastByzantine(from, message)
    if (!behaviour) this.checkers.onSent(message)
    const envelope = { kind: 'message', message, hasBody: from.sendsBodyOf(message), forged: false } as const
    for (let to = 0; to < this.replicas.length; to++)
      if (to !== from.index) this.post(from.index, to, envelope)
  }

  #broadcastByzantine(from: CoreReplica, message: VerifiedMessage): void {
    for (let to = 0; to < this.replicas.length; to++)
      if (to !== from.index) for (const each of distort(this, from, message)) this.post(from.index, to, each)
  }

  post(from: number, to: number, envelope: Envelope): void {
    const { links } = this
    for (let copies = links.repeats() ? 2 : 1; copies > 0; copies--) {
      const delayMs = links.delayMs(from, to)
      if (delayMs === null) continue
      this.messages++
      this.queue.push(this.now + delayMs, { receiver: this.replicas[to]!, envelope })
    }
  }

  announce(from: CoreReplica, decided: DecidedBlock): void {
    const envelope = {
      kind: 'decided',
      height: decided.block.header.height,
      decided,
      forged: false,
    } as const
    for (let to = 0; to < this.replicas.length; to++)
      if (to !== from.index) this.post(from.index, to, envelope)
  }

  ask(asker: number, fromHeight: Height): void {
    const envelope = { kind: 'request', fromHeight, asker } as const
    for (let to = 0; to < this.replicas.length; to++) if (to !== asker) this.post(asker, to, envelope)
  }

  newBlock(by: CoreReplica, { height, parentId, timestampMs, empty }: NewBlock): SimBlock {
    const block = compactBlock({
      height,
      proposer: by.self ?? member(by.member),
      parentId,
      timestampMs,
      empty,
    })
    const valid = !(by.behaviour?.makesInvalid && this.random.chance(0.5))
    return this.addBlock({ block, valid })
  }

  addBlock(made: Omit<SimBlock, 'blockId'>): SimBlock {
    const blockId = hashNumber(FIRST_BLOCK_NUMBER + this.blocks.size)
    const block = { blockId, ...made }
    this.blocks.set(blockId, block)
    this.newestBlock = block
    return block
  }

  isByHonest(blockId: Hash): boolean {
    const proposer = this.blocks.get(blockId)!.block.header.proposer
    return this.replicasOf(proposer).every((index) => !this.replicas[index]!.behaviour)
  }

  /** Asks one other node, both ways open and nothing lost, for a body. */
  findsBody(asker: number, blockId: Hash): boolean {
    const { links, random, replicas } = this
    const from = random.below(replicas.length)
    const isHeard = links.delayMs(asker, from) !== null && links.delayMs(from, asker) !== null
    return isHeard && replicas[from]!.servesBody(blockId)
  }

  decidedBy(replica: CoreReplica, height: Height, { blockId, valid }: SimBlock): void {
    if (replica.behaviour) return
    this.decisions++
    this.checkers.onDecided(height, blockId, valid)
    this.plan.onHeight(height)
  }

  accused(by: number, { sender }: VerifiedMessage): void {
    const isHonest = this.replicasOf(sender).every((index) => !this.replicas[index]!.behaviour)
    if (isHonest) this.checkers.fail(`honest replica accused: by ${by}, of what ${sender} sent`)
  }
}
