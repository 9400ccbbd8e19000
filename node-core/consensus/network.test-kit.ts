/**
 * A deterministic network of replicas in memory: virtual time, one seed, faults until a set moment, then calm. It holds
 * the promises to the letter: agreement at every decision, progress once faults stop, no honest replica accused.
 */
import type { Certificate } from '../protocol/certificate.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import type { CompactBlock, VerifiedMessage } from '../protocol/messages.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { hashNumber, validatorSet } from './builders.test-kit.ts'
import { type ByzantineMode, distort } from './byzantine.test-kit.ts'
import { isAmnesia, isDoubleSign } from './evidence.ts'
import { TestNode } from './node.test-kit.ts'
import { EventQueue, Random } from './random.test-kit.ts'
import type { GuardRecord } from './replica-state.ts'

export interface DecidedBlock {
  readonly blockId: Hash
  readonly block: CompactBlock
  readonly certificate: Certificate
}

export type Envelope =
  | { readonly kind: 'message'; readonly message: VerifiedMessage; readonly hasBody: boolean }
  | { readonly kind: 'decided'; readonly height: Height; readonly decided: DecidedBlock }
  | { readonly kind: 'request'; readonly fromHeight: Height; readonly asker: number }

export interface NetworkOptions {
  readonly seed: number
  readonly powers: readonly number[]
  /** By member index; their power must be below a third. */
  readonly byzantine?: ReadonlyMap<number, ByzantineMode>
  /** Virtual ms with loss, duplicates, partitions and crashes. */
  readonly faultsMs?: number
  readonly loss?: number
  readonly duplication?: number
  /** Mean extra delay of a message during the faults, ms. */
  readonly delayMs?: number
  readonly partitions?: number
  readonly crashes?: number
  /** Moments at which every honest replica crashes. */
  readonly everyoneCrashesAtMs?: readonly number[]
  /** Every replica crashes once its COMMIT of this height is durable, before it leaves. */
  readonly everyoneCrashesAfterCommitOf?: Height
  /** A body does not survive a crash: the fault that rule 3 rules out. */
  readonly forgetsBodies?: boolean
  /** Nobody hears anybody. */
  readonly isolated?: { readonly fromMs: number; readonly untilMs: number }
  readonly sleeps?: readonly { readonly index: number; readonly fromMs: number; readonly forMs: number }[]
  /** What the replicas had signed before the run begins. */
  readonly records?: ReadonlyMap<number, GuardRecord>
  /** Clocks differ from true time by up to this, ms. */
  readonly skewMs?: number
  /** Timers fire up to this late, ms. */
  readonly timerLatenessMs?: number
  /** Heights to decide after the faults. */
  readonly heights?: number
  readonly boundMs?: number
  /** Share of heights at which a node has something to include. */
  readonly work?: number
}

export interface RunResult {
  /** null: every promise was kept. */
  readonly violation: string | null
  readonly heights: number
  readonly highestRound: number
  readonly crashes: number
  readonly events: number
  /** Virtual ms from the end of the faults to the last of the heights asked for. */
  readonly recoveryMs: number
}

const CALM_DELAY_MS = 60

export class TestNetwork {
  readonly options: NetworkOptions
  readonly random: Random
  readonly set: ValidatorSet
  readonly nodes: TestNode[]
  readonly invalid = new Set<Hash>()
  readonly blocks = new Map<Hash, CompactBlock>()
  readonly queue = new EventQueue()
  now = 0
  crashes = 0
  highestRound = 0
  violation: string | null = null
  #blockCount = 0
  #blocked = new Set<number>()
  #calm = false
  #target = Number.POSITIVE_INFINITY
  #decided = new Map<Height, Hash>()
  /** Everything honest replicas sent, by sender and height: what a collector of evidence would hold. */
  #sent = new Map<string, VerifiedMessage[]>()

  constructor(options: NetworkOptions) {
    this.options = options
    this.random = new Random(options.seed)
    this.set = validatorSet(options.powers)
    const skew = options.skewMs ?? 0
    this.nodes = options.powers.map(
      (_, index) => new TestNode(this, index, Math.round((this.random.next() * 2 - 1) * skew)),
    )
  }

  modeOf(index: number): ByzantineMode | null {
    return this.options.byzantine?.get(index) ?? null
  }

  newBlockId(): Hash {
    this.#blockCount++
    return hashNumber(0x10_0000 + this.#blockCount)
  }

  fail(why: string): void {
    this.violation ??= `${why} at ${Math.round(this.now)} ms, seed ${this.options.seed}`
  }

  after(delayMs: number, run: () => void): void {
    this.queue.push(this.now + delayMs, run)
  }

  /** Everyone else gets it, as far as the network lets it through. */
  broadcast(from: number, message: VerifiedMessage): void {
    const mode = this.modeOf(from)
    if (!mode) this.#observe(message)
    this.nodes.forEach((_, to) => {
      if (to === from) return
      const sent = mode ? distort(this, mode, message) : [message]
      for (const each of sent)
        this.post(from, to, { kind: 'message', message: each, hasBody: this.nodes[from]!.sendsBodyOf(each) })
    })
  }

  post(from: number, to: number, envelope: Envelope): void {
    if (this.#blocked.has(from * this.nodes.length + to)) return
    const { loss = 0, duplication = 0, delayMs = 0 } = this.options
    if (this.#calm) {
      this.after(5 + this.random.next() * CALM_DELAY_MS, () => this.nodes[to]!.receive(envelope))
      return
    }
    if (this.random.chance(loss)) return
    const copies = this.random.chance(duplication) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const wait = 5 - Math.log(1 - this.random.next()) * delayMs
      this.after(wait, () => this.nodes[to]!.receive(envelope))
    }
  }

  decidedBy(index: number, height: Height, blockId: Hash): void {
    if (this.modeOf(index)) return
    if (this.invalid.has(blockId)) this.fail(`an invalid block was decided at ${height}`)
    const before = this.#decided.get(height)
    if (before !== undefined && before !== blockId) this.fail(`fork at height ${height}`)
    this.#decided.set(height, blockId)
  }

  accused(by: number, first: VerifiedMessage): void {
    const index = this.set.members.findIndex((each) => each.address === first.sender)
    if (!this.modeOf(index)) this.fail(`replica ${by} accuses the honest replica ${index}`)
  }

  /** One honest message against all that its sender said at that height. */
  #observe(message: VerifiedMessage): void {
    const key = `${message.sender} ${message.height}`
    const said = this.#sent.get(key) ?? []
    if (said.includes(message)) return
    for (const each of said) {
      if (isDoubleSign(each, message)) this.fail(`an honest replica signed ${message.type} twice`)
      const [commit, roundChange] = each.type === 'commit' ? [each, message] : [message, each]
      if (commit.type === 'commit' && roundChange.type === 'round-change' && isAmnesia(commit, roundChange))
        this.fail('an honest replica forgot its COMMIT')
    }
    this.#sent.set(key, [...said, message])
  }

  #partition(untilMs: number): void {
    const size = this.nodes.length
    const groups = this.nodes.map(() => this.random.below(2))
    const oneWay = this.random.chance(0.3)
    for (let from = 0; from < size; from++)
      for (let to = 0; to < size; to++)
        if (oneWay ? groups[from]! < groups[to]! : groups[from] !== groups[to])
          this.#blocked.add(from * size + to)
    this.queue.push(untilMs, () => this.#blocked.clear())
  }

  #isolate({ fromMs, untilMs }: { fromMs: number; untilMs: number }): void {
    const size = this.nodes.length
    this.queue.push(fromMs, () => {
      for (let link = 0; link < size * size; link++) this.#blocked.add(link)
    })
    this.queue.push(untilMs, () => this.#blocked.clear())
  }

  #scheduleFaults(): void {
    const { faultsMs = 0, partitions = 0, crashes = 0, everyoneCrashesAtMs = [] } = this.options
    for (let i = 0; i < partitions; i++) {
      const from = this.random.next() * faultsMs
      this.queue.push(from, () =>
        this.#partition(Math.min(faultsMs, from + this.random.next() * faultsMs * 0.4)),
      )
    }
    for (let i = 0; i < crashes; i++) {
      const node = this.nodes[this.random.below(this.nodes.length)]!
      this.queue.push(this.random.next() * faultsMs, () => node.crashSoon(200 + this.random.next() * 6_000))
    }
    for (const at of everyoneCrashesAtMs)
      for (const node of this.nodes)
        if (!this.modeOf(node.index))
          this.queue.push(at, () => node.crashSoon(500 + this.random.next() * 2_000))
    for (const { index, fromMs, forMs } of this.options.sleeps ?? [])
      this.queue.push(fromMs, () => this.nodes[index]!.sleep(forMs))
    if (this.options.isolated) this.#isolate(this.options.isolated)
    this.queue.push(faultsMs, () => this.#calmDown())
  }

  #calmDown(): void {
    this.#calm = true
    this.#blocked.clear()
    for (const node of this.nodes) node.recover()
    const honest = this.nodes.filter((node) => !this.modeOf(node.index))
    this.#target = Math.max(...honest.map((node) => node.chain.length)) + (this.options.heights ?? 3)
  }

  #isDone(): boolean {
    if (this.#target === Number.POSITIVE_INFINITY) return false
    return this.nodes.every((node) => this.modeOf(node.index) || node.chain.length >= this.#target)
  }

  run(): RunResult {
    const { faultsMs = 0, boundMs = 600_000 } = this.options
    this.#scheduleFaults()
    for (const node of this.nodes) {
      node.record = this.options.records?.get(node.index) ?? null
      node.start()
    }
    let events = 0
    while (this.violation === null && !this.#isDone()) {
      const next = this.queue.pop()
      if (!next || next.atMs > faultsMs + boundMs) {
        const places = this.nodes.map((node) => node.place).join(' ')
        this.fail(`no progress after the faults (${places})`)
        break
      }
      this.now = next.atMs
      next.run()
      events++
    }
    const { violation, highestRound, crashes } = this
    return {
      violation,
      heights: this.#decided.size,
      highestRound,
      crashes,
      events,
      recoveryMs: this.now - faultsMs,
    }
  }
}
