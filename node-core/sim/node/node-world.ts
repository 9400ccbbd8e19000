/** The node engine's world: whole nodes in virtual time. Promises settle between two events, so a run is the same each time. */

import { GENESIS_MS } from '../../consensus/builders.test-kit.ts'
import { TEST_PARAMETERS } from '../../node/test-cluster.ts'
import type { Verifier } from '../../ports/crypto.ts'
import type { GossipVerdict } from '../../ports/network.ts'
import type { LogLine } from '../../ports/telemetry.ts'
import { UNITS_PER_AIT } from '../../protocol/amount.ts'
import type { Genesis } from '../../protocol/genesis.ts'
import { possessionMessage } from '../../protocol/hash.ts'
import type { Address, Hash, Height } from '../../protocol/ids.ts'
import { assertRecounted } from '../../state/invariants.ts'
import type { BrokenRule } from '../broken-rule.ts'
import { Checkers } from '../checkers.ts'
import type { ClockModel } from '../clock-model.ts'
import { EventQueue } from '../event-queue.ts'
import { FaultPlan } from '../fault-plan.ts'
import { Links } from '../links.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import type { Gossip } from './gossip.ts'
import { PunishmentCheck } from './punishment-check.ts'
import type { SimNetwork } from './sim-network.ts'
import { SimNode } from './sim-node.ts'
import { type SimIdentity, simIdentity, stubProof, stubSignature, stubVerifier } from './stub-crypto.ts'
import type { Hearer } from './testimony.ts'

const CHAIN_ID = 'sim'
const STAKE = 1_000n * UNITS_PER_AIT
const BALANCE = 10_000n * UNITS_PER_AIT
const UNBONDING_MS = 3_600_000

/** Of an older height nothing new is kept; less than the nodes' own window, so that its edge does not matter. */
const LEARNT_HEIGHTS = 10

const CREDULOUS: Verifier = { ...stubVerifier, verifyEd25519: async () => true }

export class NodeWorld {
  readonly scenario: Scenario
  readonly random: Random
  readonly queue = new EventQueue()
  readonly links: Links
  readonly checkers = new Checkers(() => this.now)
  readonly replicas: readonly SimNode[]
  readonly genesis: Genesis
  readonly verifier: Verifier
  readonly people: readonly SimIdentity[]
  readonly plan: FaultPlan
  readonly punishment: PunishmentCheck
  readonly #honest: ReadonlySet<Address>
  now = 0
  crashes = 0
  /** That were found to be so. */
  damagedStores = 0
  messages = 0
  /** Blocks that honest nodes adopted, each for itself. */
  decisions = 0
  /** Something ran whose promises have to settle before the next event. */
  isUnsettled = false

  constructor(scenario: Scenario, broken: BrokenRule) {
    const { powers, byzantine, followers } = scenario
    this.scenario = scenario
    this.random = new Random(scenario.seed)
    this.verifier = broken.believesForgeries ? CREDULOUS : stubVerifier
    this.people = powers.map((_, index) => simIdentity(`validator-${index}`))
    this.genesis = genesisOf(scenario, this.people)
    const places = powers.flatMap((_, member) => {
      const behaviour = byzantine.get(member) ?? null
      const place = { member, behaviour, identity: this.people[member]! }
      return behaviour?.twins ? [place, place] : [place]
    })
    const others = Array.from({ length: followers }, () => ({ member: -1, behaviour: null, identity: null }))
    const all = [...places, ...others]
    this.links = new Links(all.length, this.random, scenario.faults)
    this.replicas = all.map((place, index) => new SimNode(this, { ...place, index }))
    this.#honest = new Set(places.filter((each) => !each.behaviour).map((each) => each.identity.address))
    this.punishment = new PunishmentCheck(this)
    this.plan = new FaultPlan(this)
  }

  after(delayMs: number, run: () => void): void {
    this.queue.push(this.now + delayMs, () => {
      this.isUnsettled = true
      run()
    })
  }

  /** As a timer does, it says whether it did anything: there are more copies of a message than it takes. */
  arrival(delayMs: number, run: () => boolean): void {
    this.queue.push(this.now + delayMs, () => {
      if (run()) this.isUnsettled = true
    })
  }

  /** `run` says whether it did anything: most timers are cancelled before they fire. */
  timer(delayMs: number, run: () => boolean): void {
    const most = this.plan.isCalm ? 0 : this.scenario.faults.timerLatenessMs
    const lateMs = most > 0 ? this.random.next() * most : 0
    this.arrival(delayMs + lateMs, run)
  }

  /** Work in promises that must not fail. */
  run(work: () => Promise<void>): void {
    this.isUnsettled = true
    work().catch((error: unknown) => this.checkers.fail(`a node threw: ${(error as Error).stack ?? error}`))
  }

  networks(): SimNetwork[] {
    return this.replicas.map((each) => each.network).filter((network) => network !== null)
  }

  networkAt(index: number): SimNetwork | null {
    return this.replicas[index]!.network
  }

  clockAt(index: number): ReturnType<ClockModel['at']> {
    return this.replicas[index]!.clock.at(this.now)
  }

  get honest(): readonly SimNode[] {
    return this.replicas.filter((each) => !each.behaviour)
  }

  decidedBy(node: SimNode, height: Height, blockId: Hash): void {
    if (node.behaviour) return
    this.decisions++
    this.punishment.onDecided(node, height)
    this.checkers.onDecided(height, blockId, true)
    this.plan.onHeight(height)
  }

  /** What an honest node published. */
  onSent(by: Hearer, { topic, message }: Gossip) {
    if (topic !== 'consensus') return
    if (!message) return this.checkers.fail('an honest node sent what cannot be read')
    this.checkers.onRound(message.round, this.scenario.maxRound)
    this.checkers.onSent(message)
    const live = this.replicas[by.index]!.live
    const at = message.type === 'reject' ? live?.chain.setAt(message.height) : null
    if (at) this.punishment.testimony.hear(by, message, at.set)
  }

  /** What an honest node judged. Of a height that was over it only learns, and of one long over not even that. */
  onHeard(node: SimNode, life: number, { message }: Gossip, verdict: GossipVerdict): void {
    const { live } = node
    if (!message || !live || verdict === 'reject') return
    const { chain } = live
    const isOver = message.height <= chain.height
    const isKnown = verdict === 'accept' || (isOver && message.height > chain.height - LEARNT_HEIGHTS)
    const at = chain.setAt(message.height)
    if (isKnown && at) this.punishment.testimony.hear({ index: node.index, life }, message, at.set)
  }

  isAlive({ index, life }: Hearer): boolean {
    return this.replicas[index]!.isAlive(life)
  }

  /** Links or clocks are other ones, or a node went down or came up. */
  onFault(): void {
    this.punishment.attendance.look()
  }

  /** Whether accepted gossip goes on. */
  passesOn(): boolean {
    return this.plan.isCalm || !this.random.chance(this.scenario.faults.notPassedOn)
  }

  stakeAtGenesis(member: number): bigint {
    return STAKE * BigInt(this.scenario.powers[member]!)
  }

  onLog(node: SimNode, line: LogLine): void {
    if (!node.behaviour && line.area === 'gate' && line.level === 'error')
      this.checkers.fail(`node ${node.index} threw at its gate: ${line.message}`)
  }

  /** All money is counted: what was slashed is gone or somebody's. */
  recount(): void {
    for (const { index, live } of this.honest) {
      if (!live) continue
      try {
        assertRecounted(live.chain.state)
      } catch (error) {
        this.checkers.fail(`node ${index}: ${(error as Error).message}`)
      }
    }
  }

  /** What a look at the nodes shows, beside what they say. */
  inspect(): void {
    for (const node of this.honest) {
      const { live } = node
      if (!live) continue
      if (live.haltedBecause) this.checkers.fail(`node ${node.index} halted: ${live.haltedBecause}`)
      for (const { first } of live.evidence.book.all())
        if (this.#honest.has(first.sender))
          this.checkers.fail(
            `honest replica accused: node ${node.index} holds evidence against ${first.sender}`,
          )
      this.punishment.inspect(node.index, live)
      if (live.host.silence()?.code === 'key-used-elsewhere')
        this.checkers.fail(`node ${node.index} takes its own signature for another's`)
    }
  }
}

function genesisOf({ powers, parameters }: Scenario, people: readonly SimIdentity[]): Genesis {
  return {
    chainId: CHAIN_ID,
    timestampMs: GENESIS_MS,
    parameters: { ...TEST_PARAMETERS, ...parameters, unbondingMs: UNBONDING_MS },
    accounts: people.map(({ address }) => ({ address, balance: BALANCE })),
    validators: people.map((each, index) => {
      const message = possessionMessage(CHAIN_ID, each.address)
      return {
        address: each.address,
        name: each.name,
        validatorKey: each.validatorKey.publicKey,
        randomnessKey: each.randomnessKey.publicKey,
        validatorKeyProof: stubSignature(each.validatorKey.publicKey, message),
        randomnessKeyProof: stubProof(each.randomnessKey.publicKey, message),
        stake: STAKE * BigInt(powers[index]!),
        commission: 50_000,
      }
    }),
  }
}
