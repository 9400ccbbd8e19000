/** The faults of a run at their times, and the moment at which they end. The same for both engines. */
import type { Height } from '../protocol/ids.ts'
import type { ClockModel } from './clock-model.ts'
import type { EventQueue } from './event-queue.ts'
import type { Links } from './links.ts'
import type { Random } from './random.ts'
import type { Behaviour, Scenario } from './scenario.ts'

/** What a crash does to the disk. */
export interface CrashHarm {
  /** The journal's record that is being written. */
  readonly torn: boolean
  /** The journal. */
  readonly loses: boolean
  /** A page of the stored state, where there are any. */
  readonly damagesPage: boolean
}

const NO_HARM: CrashHarm = { torn: false, loses: false, damagesPage: false }

/** A node as far as faults touch it. */
export interface FaultyNode {
  readonly behaviour: Behaviour | null
  /** −1: does not vote. */
  readonly member: number
  readonly clock: ClockModel
  crashSoon(forMs: number, harm: CrashHarm): void
  crashNow(forMs: number): void
  /** Up again, and no crash is pending. */
  recover(): void
}

export interface FaultyWorld {
  readonly scenario: Scenario
  readonly random: Random
  readonly queue: Pick<EventQueue, 'push'>
  readonly links: Links
  readonly replicas: readonly FaultyNode[]
  readonly now: number
  /** Links or clocks are other ones from now on. */
  onFault?(): void
}

const DOWN_LEAST_MS = 200
const DOWN_MOST_MS = 6_000
/** A partition lasts at most this share of the faults. */
const PARTITION_SHARE = 0.4
/** What is left of a clock's error when the faults are over, as a share of the precision that the chain assumes. */
const CALM_CLOCK_SHARE = 0.4

export class FaultPlan {
  readonly #world: FaultyWorld
  #calmSinceMs: number | null = null
  #highest = 0
  #lostRecords = 0
  /** What every honest replica must reach; infinite while faults go on. */
  target = Number.POSITIVE_INFINITY

  constructor(world: FaultyWorld) {
    this.#world = world
    const { queue, scenario } = world
    this.#scheduleScript()
    if (scenario.faults.untilMs > 0) this.#scheduleFaults()
    queue.push(scenario.faults.untilMs, () => this.#calmDown())
  }

  get isCalm(): boolean {
    return this.#calmSinceMs !== null
  }

  /** Virtual time at which the chain must have got there. */
  get deadlineMs(): number {
    return (this.#calmSinceMs ?? this.#world.scenario.faults.untilMs) + this.#world.scenario.boundMs
  }

  get calmSinceMs(): number {
    return this.#calmSinceMs ?? this.#world.now
  }

  /** An honest replica decided this height. */
  onHeight(height: Height): void {
    const { queue, now, scenario } = this.#world
    if (height <= this.#highest) return
    this.#highest = height
    const lastFaultyHeight = Math.max(1, scenario.heights - scenario.calmHeights)
    if (height >= lastFaultyHeight && !this.isCalm && scenario.faults.untilMs > 0)
      queue.push(now, () => this.#calmDown())
  }

  #scheduleScript(): void {
    const { queue, links, replicas } = this.#world
    const { isolated, sleeps = [] } = this.#world.scenario.script
    for (const { replica, fromMs, forMs } of sleeps)
      queue.push(fromMs, () => replicas[replica]!.crashNow(forMs))
    if (!isolated) return
    queue.push(isolated.fromMs, () => {
      links.isolateAll()
      this.#world.onFault?.()
    })
    queue.push(isolated.untilMs, () => this.#heal())
  }

  #scheduleFaults(): void {
    const { random, links, scenario } = this.#world
    const { partitions, crashes, everyoneCrashes, clockJumps, clockJumpMs, untilMs } = scenario.faults
    for (let i = 0; i < partitions; i++)
      this.#at(random.next() * untilMs, (now) => {
        links.divide()
        this.#world.onFault?.()
        this.#at(now + random.next() * untilMs * PARTITION_SHARE, () => this.#heal())
      })
    for (let i = 0; i < crashes; i++) this.#at(random.next() * untilMs, () => this.#crashOne())
    for (let i = 0; i < everyoneCrashes; i++) this.#at(random.next() * untilMs, () => this.#crashAll())
    for (let i = 0; i < clockJumps; i++)
      this.#at(random.next() * untilMs, () => {
        random.pick(this.#world.replicas).clock.jump(random.around(clockJumpMs))
        this.#world.onFault?.()
      })
  }

  #heal(): void {
    this.#world.links.heal()
    this.#world.onFault?.()
  }

  /** Unless the faults are over by then. */
  #at(atMs: number, run: (now: number) => void): void {
    this.#world.queue.push(atMs, () => {
      if (!this.isCalm) run(atMs)
    })
  }

  #downMs(): number {
    return DOWN_LEAST_MS + this.#world.random.next() * (DOWN_MOST_MS - DOWN_LEAST_MS)
  }

  #crashOne(): void {
    const { random, replicas, scenario } = this.#world
    const node = random.pick(replicas)
    const loses = !node.behaviour && this.#mayLoseRecord(node) && random.chance(0.5)
    if (loses) this.#lostRecords++
    const { tornWrites, damagedPages } = scenario.faults
    node.crashSoon(this.#downMs(), {
      torn: random.chance(tornWrites),
      loses,
      // Drawn only where it can be: seeds of other runs stay what they are.
      damagesPage: damagedPages > 0 && random.chance(damagedPages),
    })
  }

  /** Without it, and without the byzantine ones, there is still a quorum: else the chain rightly stands still. */
  #mayLoseRecord(node: FaultyNode): boolean {
    const { powers, byzantine, faults } = this.#world.scenario
    if (node.member < 0 || this.#lostRecords >= Math.min(1, faults.lostRecords)) return false
    const total = powers.reduce((sum, power) => sum + power, 0)
    const left = powers.reduce(
      (sum, power, index) => (byzantine.has(index) || index === node.member ? sum : sum + power),
      0,
    )
    return 3 * left > 2 * total
  }

  #crashAll(): void {
    for (const node of this.#world.replicas) if (!node.behaviour) node.crashSoon(this.#downMs() / 2, NO_HARM)
  }

  #calmDown(): void {
    if (this.isCalm) return
    const { links, replicas, random, scenario, now } = this.#world
    this.#calmSinceMs = now
    links.calmDown()
    const offsetMs = scenario.parameters.clockPrecisionMs * CALM_CLOCK_SHARE
    for (const { clock } of replicas) {
      const { skewMs, drift, clockJumps } = scenario.faults
      if (skewMs > 0 || drift > 0 || clockJumps > 0) clock.mend(now, random.around(offsetMs))
    }
    for (const node of replicas) node.recover()
    this.#world.onFault?.()
    this.target = Math.max(scenario.heights, this.#highest + scenario.calmHeights)
  }
}
