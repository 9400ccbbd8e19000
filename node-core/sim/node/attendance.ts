/**
 * Which honest validators could not take part at which heights: the chain may hold against them no more than that.
 *
 * A validator is *away* at a height when, at any moment between the first honest decision of the height before and that of the
 * height after (which fixes the certificate), it
 * - was down, or silent because it had just started or had lost its record,
 * - had a clock further off than the chain allows,
 * - sent with a delay that a fault gave it, or could not speak both ways with honest validators that are a quorum with it,
 * - or had, as everybody, links or timers that are worse than the chain assumes.
 * It stays away until it has decided the highest height of all. Whoever was away at no more than half of the heights of a window
 * must not be punished for absence in it.
 */
import type { Height } from '../../protocol/ids.ts'
import type { Scenario } from '../scenario.ts'
import type { NodeWorld } from './node-world.ts'
import type { SimNode } from './sim-node.ts'

/** Of the delay that the chain allows: delays are exponential, and with this mean one message in seven takes longer. */
const MEAN_DELAY_SHARE = 0.5

export class Attendance {
  readonly #world: NodeWorld
  /** By height: indexes of nodes. */
  readonly #away = new Map<Height, Set<number>>()
  readonly #out = new Set<number>()
  #highest = 0

  constructor(world: NodeWorld) {
    this.#world = world
  }

  /** At how many of these heights the node was away. */
  awayAt(node: SimNode, { from, to }: { readonly from: Height; readonly to: Height }): number {
    let count = 0
    for (let height = from; height <= to; height++) if (this.#away.get(height)?.has(node.index)) count++
    return count
  }

  onDecided(node: SimNode, height: Height): void {
    const isNew = height > this.#highest
    this.#highest = Math.max(this.#highest, height)
    if (height === this.#highest && !this.#isOut(node)) this.#out.delete(node.index)
    if (isNew) this.look()
  }

  /** Faults began or ended, a node went down or came up, or a new height begins. */
  look(): void {
    for (const node of this.#world.honest) {
      if (node.member < 0) continue
      if (this.#isOut(node)) this.#out.add(node.index)
      if (!this.#out.has(node.index)) continue
      for (const height of [this.#highest, this.#highest + 1]) this.#awayAt(height).add(node.index)
    }
  }

  #awayAt(height: Height): Set<number> {
    const known = this.#away.get(height) ?? new Set()
    this.#away.set(height, known)
    return known
  }

  #isOut(node: SimNode): boolean {
    const { links, plan, scenario } = this.#world
    const silence = node.live?.host.silence()?.code
    return (
      !node.live ||
      (!plan.isCalm && isWorseThanAssumed(scenario)) ||
      silence === 'record-lost' ||
      silence === 'looking-for-another-signer' ||
      links.isSlow(node.index) ||
      Math.abs(node.clock.errorMs(this.#world.now)) > scenario.parameters.clockPrecisionMs ||
      !this.#speaksWithQuorum(node)
    )
  }

  #speaksWithQuorum({ index, member }: SimNode): boolean {
    const { links, honest, scenario } = this.#world
    const { powers } = scenario
    let power = powers[member]!
    for (const other of honest) {
      const isOpen = links.isOpen(index, other.index) && links.isOpen(other.index, index)
      if (other.member >= 0 && other.index !== index && other.live && isOpen) power += powers[other.member]!
    }
    return 3 * power > 2 * powers.reduce((sum, each) => sum + each, 0)
  }
}

/** The chain of a run assumes that a message arrives within its delay, and a timer fires within a block's time. */
function isWorseThanAssumed({ faults, parameters }: Scenario): boolean {
  return (
    faults.loss > 0 ||
    faults.delayMs > MEAN_DELAY_SHARE * parameters.messageDelayMs ||
    faults.timerLatenessMs > parameters.blockTimeMs
  )
}
