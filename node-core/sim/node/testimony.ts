/**
 * What honest nodes heard of byzantine validators, and what it proves: the measure of what the nodes find of themselves. It
 * compares what they were told by the rule of offences alone, and shares none of their own memory.
 *
 * An offence is proved when one node heard both halves and has not been down since (what one life heard, was not told of and
 * did not write down, the next does not know), or when both halves were said after the faults, to whomever. What a partition
 * kept apart, and nobody said again, nobody could compare.
 */
import { committeeOf, distinctPower, isQuorum } from '../../consensus/quorum.ts'
import type { Address, Height } from '../../protocol/ids.ts'
import type { ConsensusMessage, PrePrepare, Reject } from '../../protocol/messages.ts'
import { type Contradiction, offenceOf, sameSignedFields } from '../../protocol/offence.ts'
import type { ValidatorSet } from '../../protocol/validator-set.ts'

type Statement = Exclude<ConsensusMessage, Reject>

/** Who goes down within this time of hearing the second half may have neither written nor told it, ms. */
const SETTLED_MS = 1_000

/** A node, from one start of it to the next crash. */
export interface Hearer {
  readonly index: number
  readonly life: number
}

export interface Proved {
  readonly accused: Address
  readonly height: Height
  readonly offence: Contradiction | 'invalid-block'
}

export interface TestimonyWorld {
  readonly plan: { readonly isCalm: boolean }
  after(delayMs: number, run: () => void): void
  isAlive(hearer: Hearer): boolean
}

interface Heard<M> {
  readonly message: M
  /** Nobody had heard it when the faults were over. */
  readonly isNew: boolean
  readonly by: Map<string, Hearer>
}

/** Of one height. */
interface Told {
  readonly statements: Map<Address, Heard<Statement>[]>
  readonly rejects: Heard<Reject>[]
}

interface Proof extends Proved {
  /** Who could find it by itself, while it is up. */
  readonly by: readonly Hearer[]
}

export class Testimony {
  readonly #world: TestimonyWorld
  readonly #byzantine: ReadonlySet<Address>
  readonly #told = new Map<Height, Told>()
  /** By accused, height and offence. */
  readonly #proofs = new Map<string, Proof>()

  constructor(world: TestimonyWorld, byzantine: ReadonlySet<Address>) {
    this.#world = world
    this.#byzantine = byzantine
  }

  /** What must be punished. A quorum of REJECTs is in memory alone, so it holds while the node is up that has it. */
  get proved(): readonly Proved[] {
    return [...this.#proofs.values()].filter((each) => each.offence !== 'invalid-block' || this.#isUp(each))
  }

  /** A verified message of a height with this set: another's, or a REJECT of its own. */
  hear(by: Hearer, message: ConsensusMessage, set: ValidatorSet): void {
    if (message.type !== 'reject' && !this.#byzantine.has(message.sender)) return
    const told: Told = this.#told.get(message.height) ?? { statements: new Map(), rejects: [] }
    this.#told.set(message.height, told)
    if (message.type === 'reject') this.#note(told.rejects, message, by, isSameReject)
    else this.#hearStatement(by, message, told)
    if (message.type === 'reject' || message.type === 'pre-prepare') this.#findInvalid(by, message, told, set)
  }

  #hearStatement(by: Hearer, message: Statement, { statements }: Told): void {
    const { sender: accused, height } = message
    const all = statements.get(accused) ?? []
    statements.set(accused, all)
    const heard = this.#note(all, message, by, sameSignedFields)
    for (const each of all) {
      const offence = offenceOf(each.message, message)
      if (!offence) continue
      if (each.by.has(nameOf(by))) this.#proveSoon({ accused, height, offence, by: [by] })
      else if (each.isNew && heard.isNew)
        this.#proveSoon({ accused, height, offence, by: [...each.by.values(), by] })
    }
  }

  #note<M>(all: Heard<M>[], message: M, by: Hearer, isSame: (a: M, b: M) => boolean): Heard<M> {
    const known = all.find((each) => isSame(each.message, message))
    const heard = known ?? { message, isNew: this.#world.plan.isCalm, by: new Map() }
    if (!known) all.push(heard)
    heard.by.set(nameOf(by), by)
    return heard
  }

  /** A proposal that this node heard, and a quorum of REJECTs of it for one reason. */
  #findInvalid(by: Hearer, about: Reject | PrePrepare, told: Told, set: ValidatorSet): void {
    const { height, round, blockId } = about
    const isHeard = ({ message, by: hearers }: Heard<Statement | Reject>) =>
      message.type !== 'round-change' &&
      message.round === round &&
      message.blockId === blockId &&
      hearers.has(nameOf(by))
    const rejects = told.rejects.filter(isHeard).map(({ message }) => message)
    if (rejects.length === 0) return
    const proposal = [...told.statements.values()]
      .flat()
      .find((each) => each.message.type === 'pre-prepare' && isHeard(each))
    if (!proposal) return
    const committee = committeeOf(set)
    for (const { code } of rejects) {
      const agreeing = rejects.filter((each) => each.code === code)
      if (!isQuorum(committee, distinctPower(committee, agreeing) ?? 0n)) continue
      this.#proveSoon({ accused: proposal.message.sender, height, offence: 'invalid-block', by: [by] })
    }
  }

  #proveSoon(proof: Proof): void {
    const key = `${proof.accused} ${proof.height} ${proof.offence}`
    if (this.#proofs.has(key)) return
    this.#world.after(SETTLED_MS, () => {
      if (this.#isUp(proof)) this.#proofs.set(key, proof)
    })
  }

  #isUp({ by }: Proof): boolean {
    return by.some((each) => this.#world.isAlive(each))
  }
}

function nameOf({ index, life }: Hearer): string {
  return `${index}.${life}`
}

function isSameReject(a: Reject, b: Reject): boolean {
  return a.sender === b.sender && a.round === b.round && a.blockId === b.blockId && a.code === b.code
}
