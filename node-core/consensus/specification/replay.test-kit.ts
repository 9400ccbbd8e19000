/**
 * A trace of the model carried out by the implementation: every step is told to the replica it happened to, what it orders
 * is answered when the model says so, and messages travel as the implementation made them.
 */
import { expect } from 'vitest'
import type { VerifiedMessage } from '../../protocol/messages.ts'
import { commit, prePrepare, prepare, roundChange, validatorSet } from '../builders.test-kit.ts'
import type { Trace } from './model.test-kit.ts'
import {
  blockIdOf,
  blockOf,
  described,
  describedInModel,
  describeModelReplica,
  describeReplica,
  NONE,
} from './projection.test-kit.ts'
import { blockChecked, ReplayedReplica } from './replayed-replica.test-kit.ts'
import type { Departure, ModelEvent, ModelMessage, ModelState } from './trace.test-kit.ts'

/** How often what happened in a trace, so that a test can ask for it. */
export type Coverage = Record<string, number>

function roundChangeOf({ sender, round, prepared: { claim, signers } }: Departure) {
  if (claim.round < 0) return roundChange(sender, { round })
  const blockId = blockIdOf(claim.value)
  return roundChange(sender, {
    round,
    prepared: { round: claim.round, blockId },
    preparedCertificate: signers.map((signer) => prepare(signer, blockId, { round: claim.round })),
  })
}

/** A message that no replica of the implementation made. */
function forged(message: ModelMessage): VerifiedMessage {
  if (message.tag === 'RoundChange') return roundChangeOf(message.value)
  const { sender, round, value } = message.value
  const blockId = blockIdOf(value)
  if (message.tag === 'Prepare') return prepare(sender, blockId, { round })
  if (message.tag === 'Commit') return commit(sender, blockId, { round })
  const { justification } = message.value
  return prePrepare(sender, {
    round,
    blockId,
    block: blockOf(value),
    justification: justification.map(roundChangeOf),
  })
}

export class Replay {
  readonly #replicas: ReadonlyMap<number, ReplayedReplica>
  /** By the model's index. */
  readonly #sent: VerifiedMessage[] = []
  readonly coverage: Coverage = {}

  constructor(powers: readonly number[], honest: Iterable<number>) {
    const set = validatorSet(powers)
    this.#replicas = new Map([...honest].map((index) => [index, new ReplayedReplica(index, set)]))
  }

  /** Throws at the first step after which the implementation is not where the model is. */
  run(trace: Trace): void {
    trace.states.forEach((state, index) => {
      const where = `step ${index}, ${JSON.stringify(state.event)}, of: quint ${trace.command.join(' ')}`
      this.#carryOut(state, where)
      const touched = subjectOf(state.event)
      for (const [self, replica] of this.#replicas)
        if (touched === null || touched === self) this.#compare(self, replica, state, where)
      this.#count(state.event.tag)
    })
    for (const [self, { refusals }] of this.#replicas) this.#cover(trace, self, refusals)
  }

  #replica(index: number): ReplayedReplica {
    const replica = this.#replicas.get(index)
    if (!replica) throw new Error(`${index} is not honest`)
    return replica
  }

  #carryOut(state: ModelState, where: string): void {
    const { event } = state
    const leaves = this.#answer(event)
    const news = state.sent.slice(this.#sent.length)
    if (event.tag !== 'Forged' && event.tag !== 'Restarted')
      expect(leaves.map(describedMessage), `${where}: what it sends`).toEqual(news.map(describedInModel))
    for (const message of news) {
      if (event.tag === 'Forged') {
        this.#sent.push(forged(message))
        continue
      }
      const text = describedInModel(message)
      const made = leaves.find((each) => each.type !== 'reject' && described(each) === text)
      if (!made) expect.fail(`${where}: does not send "${text}"`)
      this.#sent.push(made)
    }
  }

  /** What the implementation sends in this step: new, or again after a restart. */
  #answer(event: ModelEvent): readonly VerifiedMessage[] {
    switch (event.tag) {
      case 'Started':
        return [...this.#replicas.values()].flatMap((replica) => replica.start())
      case 'Proposed': {
        const { by, value } = event.value
        const { round } = this.#replica(by).state
        const block = { block: blockOf(value), blockId: blockIdOf(value) }
        return this.#replica(by).tell({ type: 'block-built', height: 1, round, ...block })
      }
      case 'Persisted': {
        const replica = this.#replica(event.value.by)
        return replica.tell({ type: 'own-message-persisted', message: replica.write() })
      }
      case 'Delivered': {
        const message = this.#sent[event.value.message]
        if (!message) throw new Error('nothing was sent there')
        return this.#replica(event.value.to).tell({ type: 'message-received', message })
      }
      case 'Fetched':
        return this.#replica(event.value.by).tell(blockChecked(event.value.value))
      case 'TimedOut':
        return this.#replica(event.value.by).timeOut()
      case 'Restarted': {
        const replica = this.#replica(event.value.by)
        for (let i = 0; i < event.value.durable; i++) replica.write()
        return replica.start()
      }
      case 'Lost':
      case 'Forged':
        return []
    }
  }

  #compare(self: number, replica: ReplayedReplica, state: ModelState, where: string): void {
    const model = state.replicas.get(self)
    if (!model) throw new Error(`the model has no honest ${self}`)
    const actual = describeReplica(replica.state, replica.record, replica.decided)
    expect(actual, `${where}: replica ${self}`).toEqual(describeModelReplica(model))
    const wronged = replica.accused.filter((index) => this.#replicas.has(index))
    expect(wronged, `${where}: replica ${self} accuses an honest one`).toEqual([])
  }

  #count(what: string, by = 1): void {
    this.coverage[what] = (this.coverage[what] ?? 0) + by
  }

  #cover(trace: Trace, self: number, refusals: number): void {
    const last = trace.states.at(-1)?.replicas.get(self)
    this.#count('refused', refusals)
    if (!last || last.decided === NONE) return
    this.#count(last.round === 0 ? 'decided in round 0' : 'decided later')
  }
}

function describedMessage(message: VerifiedMessage): string {
  return message.type === 'reject' ? 'a reason' : described(message)
}

/** Whom a step happened to; null: nobody or all. */
function subjectOf(event: ModelEvent): number | null {
  if (event.tag === 'Started' || event.tag === 'Forged' || event.tag === 'Lost') return null
  return event.tag === 'Delivered' ? event.value.to : event.value.by
}
