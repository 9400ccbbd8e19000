/** One whole node of a run: the real one, on a clock, a network and a disk that belong to the run. */
import { createTelemetry } from '../../adapters/telemetry.ts'
import { reviewTransaction, signAndSubmit } from '../../node/account-signer.ts'
import { createNode } from '../../node/create-node.ts'
import type { LiveNode } from '../../node/live-node.ts'
import { beginSigningRecord } from '../../node/signer.ts'
import type { Damage } from '../../node/stored-chain.ts'
import { deskOf } from '../../node/transaction-desk.ts'
import { ValidatorDuties } from '../../node/validator-duties.ts'
import { BODY_PROTOCOL, PROPOSAL_PROTOCOL } from '../../node/wire-protocols.ts'
import type { Clock } from '../../ports/clock.ts'
import { ClockModel } from '../clock-model.ts'
import type { CrashHarm, FaultyNode } from '../fault-plan.ts'
import type { Behaviour, CrashAtWrite, CrashMoment } from '../scenario.ts'
import { ByzantineVoice } from './byzantine-voice.ts'
import type { Gossip } from './gossip.ts'
import type { NodeWorld } from './node-world.ts'
import { SimDisk } from './sim-disk.ts'
import { SimNetwork } from './sim-network.ts'
import type { SimIdentity } from './stub-crypto.ts'

interface ArmedCrash {
  readonly at: 'send' | 'journal' | 'storage'
  readonly when: CrashMoment
  readonly forMs: number
  readonly loses: boolean
  readonly damagesPage: boolean
  /** Messages that still leave, of a crash between two effects. */
  sends: number
}

/** Messages that leave at most before a crash between two of them. */
const SENDS_BEFORE_CRASH = 4

export class SimNode implements FaultyNode {
  readonly index: number
  readonly member: number
  readonly behaviour: Behaviour | null
  readonly identity: SimIdentity | null
  readonly clock: ClockModel
  readonly #world: NodeWorld
  readonly #disk: SimDisk
  /** null: down. */
  live: LiveNode | null = null
  network: SimNetwork | null = null
  #life = 0
  #isUp = false
  #hasBegun = false
  /** By the next start a page of the stored state is not what was written. */
  #damagesPage = false
  #armed: ArmedCrash | null = null
  #writes = { journal: 0, storage: 0 }

  constructor(
    world: NodeWorld,
    place: { index: number; member: number; behaviour: Behaviour | null; identity: SimIdentity | null },
  ) {
    const { faults } = world.scenario
    this.#world = world
    this.index = place.index
    this.member = place.member
    this.behaviour = place.behaviour
    this.identity = place.identity
    this.clock = new ClockModel(world.random.around(faults.skewMs), world.random.around(faults.drift))
    this.#disk = new SimDisk(
      {
        wait: (ms) => this.#wait(ms),
        crashAt: (disk) => this.#crashAtWrite(disk),
        stop: () => this.#stop(this.#armed ?? SCRIPTED),
        stopAfterwards: () => this.#stopAfterwards(),
      },
      world.random,
    )
  }

  get height(): number {
    return this.live?.chain.height ?? 0
  }

  get place(): string {
    if (!this.live) return 'down'
    const state = this.live.host.running?.state
    const why = this.live.haltedBecause ?? this.live.host.silence()?.code ?? ''
    return `${state?.height}/${state?.round}${why && `:${why}`}`
  }

  isAlive(life: number): boolean {
    return this.#isUp && this.#life === life
  }

  /** What fails because the machine stops meanwhile fails for a good reason. */
  start(): void {
    const life = ++this.#life
    this.#isUp = true
    this.#world.run(() =>
      this.#start(life).catch((error: unknown) => {
        if (this.#life === life) throw error
      }),
    )
  }

  async #start(life: number): Promise<void> {
    const world = this.#world
    this.#armed = null
    const isDamaged = this.#damagesPage && (await this.#disk.damagePage())
    this.#damagesPage = false
    const clock = this.#clockOf(life)
    const voice = this.behaviour && !this.behaviour.twins ? new ByzantineVoice(world, this) : null
    const network = new SimNetwork(world, this.index, {
      distort: voice ? (gossip) => voice.says(gossip) : null,
      leaving: (gossip) => this.#leaving(life, gossip),
      heard: (gossip, verdict) => {
        if (!this.behaviour && this.#life === life) world.onHeard(this, life, gossip, verdict)
      },
      passesOn: () => !voice && world.passesOn(),
      serves: (protocol) => this.#serves(protocol),
    })
    this.network = network
    const created = await createNode({
      genesis: world.genesis,
      mode: 'full',
      version: 'sim',
      storage: this.#disk.store.open(),
      network,
      clock,
      verifier: world.verifier,
      telemetry: createTelemetry({ clock, level: 'warn', sink: (line) => world.onLog(this, line) }),
      transport: { channels: 'native', verifyWorkers: 0 },
      relaysConfigured: 0,
      config: {},
    })
    if (this.#life !== life) return
    if (!created.ok) return world.checkers.fail(`node ${this.index} does not open: ${created.failure.code}`)
    const { node } = created
    this.live = node
    if (isDamaged) this.#mustHaveFound(node.chain.damage)
    node.chain.onDecided(({ height, id }) => this.#life === life && world.decidedBy(this, height, id))
    await network.start()
    if (!this.identity) return
    const journal = this.#disk.openJournal()
    if (!this.#hasBegun) await beginSigningRecord(journal)
    if (this.#life !== life) return
    this.#hasBegun = true
    await node.setIdentity({ ...this.identity, journal })
    if (this.#life === life && !this.behaviour) this.#takeUpDuties(life, node, this.identity)
  }

  #mustHaveFound(damage: Damage | null): void {
    if (damage) this.#world.damagedStores++
    else this.#world.checkers.fail(`node ${this.index} opened a store with a damaged page as a whole one`)
  }

  /** What a validator's node sends by itself: evidence above all. */
  #takeUpDuties(life: number, node: LiveNode, { address, accountKey }: SimIdentity): void {
    const desk = deskOf(node)
    new ValidatorDuties(node, async (payload) => {
      if (this.#life !== life) return
      const { unsigned } = await reviewTransaction(desk, address, payload)
      await signAndSubmit(desk, accountKey, unsigned)
    })
  }

  crashSoon(forMs: number, { torn, loses, damagesPage }: CrashHarm): void {
    if (!this.#isUp) return
    const { random } = this.#world
    const at = torn ? 'journal' : random.pick(['send', 'send', 'journal', 'storage'] as const)
    const when = torn ? 'torn' : random.pick(['before', 'after'] as const)
    this.#armed = { at, when, forMs, loses, damagesPage, sends: random.below(SENDS_BEFORE_CRASH) }
  }

  crashNow(forMs: number): void {
    this.#stop({ ...SCRIPTED, forMs })
  }

  recover(): void {
    this.#armed = null
    if (!this.#isUp) this.start()
  }

  /** From now on nothing leaves; the rest of what this moment brings comes to nothing. */
  #stopAfterwards(): void {
    const crash = this.#armed ?? SCRIPTED
    const life = this.#life
    this.network!.running = false
    this.#world.after(0, () => {
      if (this.#life !== life) return
      this.network!.running = true
      this.#stop(crash)
    })
  }

  #stop({ forMs, loses, damagesPage }: Omit<ArmedCrash, 'at' | 'when' | 'sends'>): void {
    if (!this.#isUp) return
    const world = this.#world
    this.#isUp = false
    this.#armed = null
    const life = ++this.#life
    this.network?.cut()
    this.network = null
    this.live = null
    world.onFault()
    this.#disk.crash()
    if (loses) this.#disk.damageJournal()
    if (damagesPage) this.#damagesPage = true
    world.crashes++
    world.after(forMs, () => {
      if (this.#life === life && !this.#isUp) this.start()
    })
  }

  #crashAtWrite(disk: CrashAtWrite['disk']): { readonly when: CrashMoment } | null {
    const write = ++this.#writes[disk]
    if (this.#armed?.at === disk) return this.#armed
    return (
      this.#world.scenario.script.crashesAtWrite?.find(
        (each) => each.replica === this.index && each.disk === disk && each.write === write,
      ) ?? null
    )
  }

  /** Called for everything that is published, before anybody gets it. */
  #leaving(life: number, gossip: Gossip): boolean {
    if (this.#life !== life || !this.#isUp) return false
    const armed = this.#armed
    if (armed?.at === 'send' && armed.sends-- <= 0) {
      this.#stop(armed)
      return false
    }
    if (this.#isScriptedCrash(gossip)) {
      this.#stop(SCRIPTED)
      return false
    }
    if (!this.behaviour) this.#world.onSent({ index: this.index, life }, gossip)
    return true
  }

  #isScriptedCrash({ message }: Gossip): boolean {
    const height = this.#world.scenario.script.everyoneCrashesAfterCommitOf
    return height !== undefined && this.#life === 1 && message?.type === 'commit' && message.height === height
  }

  #serves(protocol: string): boolean {
    if (this.behaviour?.silent) return false
    const isBody = protocol === BODY_PROTOCOL || protocol === PROPOSAL_PROTOCOL
    return !(isBody && this.behaviour?.withholdsBodies)
  }

  /** Never resolves when the machine stops before. */
  #wait(ms: number): Promise<void> {
    const life = this.#life
    return new Promise((resolve) =>
      this.#world.after(ms, () => {
        if (this.#life === life) resolve()
      }),
    )
  }

  #clockOf(life: number): Clock {
    const world = this.#world
    return {
      wallMs: () => this.clock.at(world.now).wallMs,
      monotonicMs: () => this.clock.at(world.now).monotonicMs,
      setTimer: (delayMs, callback) => {
        let isSet = true
        const { monotonicMs } = this.clock.at(world.now)
        const dueMs = this.clock.whenMonotonic(monotonicMs + Math.max(0, delayMs))
        world.timer(Math.max(0, dueMs - world.now), () => {
          if (!isSet || this.#life !== life) return false
          callback()
          return true
        })
        return {
          cancel: () => {
            isSet = false
          },
        }
      },
    }
  }
}

const SCRIPTED = {
  at: 'send',
  when: 'before',
  forMs: 1_000,
  loses: false,
  damagesPage: false,
  sends: 0,
} as const
