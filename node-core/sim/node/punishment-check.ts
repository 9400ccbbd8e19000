/** Who is punished on the chains of honest nodes, and who must be: the guilty all, the honest never. */
import type { LiveNode } from '../../node/live-node.ts'
import { accusedBy, offenceId } from '../../protocol/evidence-proof.ts'
import type { Address, Height } from '../../protocol/ids.ts'
import type { Offence } from '../../protocol/offence.ts'
import { epochKey, evidenceKey, SLASHES_KEY, validatorKey } from '../../state/keys.ts'
import { stakeOf } from '../../state/records.ts'
import { allValidators, epochOf } from '../../state/validator-sets.ts'
import { Attendance } from './attendance.ts'
import type { NodeWorld } from './node-world.ts'
import type { SimNode } from './sim-node.ts'
import { type Proved, Testimony } from './testimony.ts'

export class PunishmentCheck {
  readonly testimony: Testimony
  readonly attendance: Attendance
  readonly #world: NodeWorld
  readonly #honest: ReadonlyMap<Address, SimNode>
  /** Punished for absence, and truly away. */
  readonly #excused = new Set<Address>()
  /** Last heights of windows. */
  readonly #judged = new Set<Height>()

  constructor(world: NodeWorld) {
    this.#world = world
    this.#honest = new Map(
      world.honest.flatMap((each) => (each.identity ? [[each.identity.address, each] as const] : [])),
    )
    const byzantine = [...world.scenario.byzantine.keys()].map((member) => world.people[member]!.address)
    this.testimony = new Testimony(world, new Set(byzantine))
    this.attendance = new Attendance(world)
  }

  onDecided(node: SimNode, height: Height): void {
    this.attendance.onDecided(node, height)
    const last = this.#windowBefore(height)
    if (last !== height - 1 || this.#judged.has(last)) return
    this.#judged.add(last)
    this.#judgeWindow(node.live!, last)
  }

  /** Last height of the last window that was over before this block; 0: none was. */
  #windowBefore(height: Height): Height {
    const { presenceWindowBlocks } = this.#world.scenario.parameters
    return height - 1 - ((height - 1) % presenceWindowBlocks)
  }

  /** The block after a window's last punishes whoever was not in enough of its certificates. */
  #judgeWindow({ chain }: LiveNode, last: Height): void {
    const { presenceWindowBlocks } = this.#world.scenario.parameters
    const window = { from: last - presenceWindowBlocks + 1, to: last }
    for (const [address, node] of this.#honest) {
      const { unavailable, slow } = chain.state.get(validatorKey(address))!
      const { timestampMs } = chain.parent
      if (unavailable.lastAtMs !== timestampMs && slow.lastAtMs !== timestampMs) continue
      const away = this.attendance.awayAt(node, window)
      if (2 * away > presenceWindowBlocks) this.#excused.add(address)
      else
        this.#world.checkers.fail(
          `honest validator punished for absence: node ${node.index} was away at ${away} of the heights ${window.from} to ${window.to}`,
        )
    }
  }

  /** What must be punished and is not yet, on some honest chain. */
  async owed(): Promise<readonly string[]> {
    const owed = new Set<string>()
    for (const { live } of this.#world.honest) {
      if (!live) continue
      for (const accused of await provable(live)) owed.add(`${accused}, of whom a node holds evidence`)
      for (const proved of this.testimony.proved)
        if (!isPunished(live, proved))
          owed.add(`${proved.accused}, who is guilty of ${proved.offence} at height ${proved.height}`)
      for (const silent of this.#silent())
        if (!live.chain.state.get(validatorKey(silent))?.jail) owed.add(`${silent}, who is silent`)
    }
    return [...owed]
  }

  /** They are to be caught in runs that have two windows. */
  #silent(): Address[] {
    const { byzantine, heights, parameters } = this.#world.scenario
    if (heights < 2 * parameters.presenceWindowBlocks) return []
    return [...byzantine].flatMap(([member, { silent }]) =>
      silent ? [this.#world.people[member]!.address] : [],
    )
  }

  /** How many, by what it is for, on any honest chain. */
  punished(): Readonly<Partial<Record<Offence, number>>> {
    const by = new Map<Offence, Set<Address>>()
    for (const { live } of this.#world.honest)
      for (const [address, offence] of live ? punishedBy(live) : [])
        by.set(offence, (by.get(offence) ?? new Set()).add(address))
    return Object.fromEntries([...by].map(([offence, who]) => [offence, who.size]))
  }

  /** Nobody honest is punished for what can be proved, or loses stake for an absence that was none. */
  inspect(index: number, live: LiveNode): void {
    for (const [address, offence] of punishedBy(live))
      if (this.#honest.has(address) && offence !== 'unavailable' && offence !== 'slow')
        this.#world.checkers.fail(
          `honest validator punished: node ${index} holds ${offence} on chain of ${address}`,
        )
    // A node that crashed after it wrote a window's last word has told nobody of it: the others will.
    const last = this.#windowBefore(live.chain.height)
    if (last > 0 && !this.#judged.has(last)) return
    for (const [address, node] of this.#honest) {
      const stake = stakeOf(live.chain.state.get(validatorKey(address))!)
      if (stake < this.#world.stakeAtGenesis(node.member) && !this.#excused.has(address))
        this.#world.checkers.fail(`honest validator lost stake: node ${node.index}, by node ${index}`)
    }
  }
}

/** Whom a node can still accuse of something that can be punished and is not. */
async function provable(live: LiveNode): Promise<readonly Address[]> {
  const { state, height, parameters } = live.chain
  const proofs = await live.evidence.proofs(
    (each) => each.height <= height && state.get(epochKey(epochOf(each.height, parameters))) !== null,
  )
  return proofs
    .filter((proof) => !state.get(evidenceKey(offenceId(proof))))
    .map((proof) => accusedBy(proof).sender)
    .filter((accused) => !isRemoved(live, accused))
}

function isRemoved({ chain }: LiveNode, validator: Address): boolean {
  return chain.state.get(validatorKey(validator))?.tombstoned ?? false
}

function isPunished(live: LiveNode, { accused, offence }: Proved): boolean {
  if (isRemoved(live, accused)) return true
  return (
    offence === 'invalid-block' && punishedBy(live).some(([who, what]) => who === accused && what === offence)
  )
}

function punishedBy({ chain }: LiveNode): (readonly [Address, Offence])[] {
  const slashes = chain.state.get(SLASHES_KEY)?.slashes ?? []
  const jailed = allValidators(chain.state).flatMap(({ address, jail }) =>
    jail ? [[address, jail.reason] as const] : [],
  )
  return [...slashes.map(({ validator, offence }) => [validator, offence] as const), ...jailed]
}
