/** What this node saw of the last heights: arrivals, rounds, reasons, who signed. For people; the protocol never reads it. */
import type { RoundNote } from '../consensus/effect.ts'
import type { Clock } from '../ports/clock.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Address, Hash, Height, Round, TimestampMs } from '../protocol/ids.ts'
import type { VerifiedMessage } from '../protocol/messages.ts'
import type { ProposerSchedule } from '../protocol/proposer-priority.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { HEARTBEAT_HEIGHTS, RECORDED_HEIGHTS, ROUND_LOG_LINES } from './constants.ts'
import type { Heartbeat } from './node-api.ts'
import { hasSigned } from './signed-power.ts'

type VoteType = 'pre-prepare' | 'prepare' | 'commit' | 'round-change'

/** Arrival in ms after the round began here. */
export type Arrivals = Partial<Record<VoteType, number>>

export interface RoundRecord {
  readonly round: Round
  readonly startedAtMs: TimestampMs
  readonly startedMonotonicMs: number
  readonly arrivals: Map<Address, Arrivals>
  blockId: Hash | null
  preparedMs: number | null
  committedMs: number | null
}

export interface HeightRecord {
  readonly height: Height
  readonly set: ValidatorSet
  readonly schedule: ProposerSchedule
  readonly rounds: RoundRecord[]
  decided: {
    readonly round: Round
    readonly blockId: Hash
    readonly proposer: Address
    readonly transactionCount: number
  } | null
  evidence: number
}

export interface LogEntry {
  readonly atMs: TimestampMs
  readonly height: Height
  readonly round: Round
  readonly kind: string
  readonly reason: string | null
  readonly validator: Address | null
}

export class ConsensusRecorder {
  readonly #clock: Clock
  readonly #heights = new Map<Height, HeightRecord>()
  /** Marks of the last heights by validator; oldest height first. */
  readonly #marks = new Map<Height, Map<Address, Heartbeat['mark']>>()
  readonly #log: LogEntry[] = []
  readonly #heard = new Map<Address, { readonly height: Height; readonly atMonotonicMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  heightStarted(height: Height, set: ValidatorSet, schedule: ProposerSchedule): void {
    if (this.#heights.has(height)) return
    this.#heights.set(height, { height, set, schedule, rounds: [], decided: null, evidence: 0 })
    forget(this.#heights, RECORDED_HEIGHTS)
    this.#enter(height, 0)
  }

  noted(note: RoundNote): void {
    if (note.kind === 'round-entered') this.#enter(note.height, note.round)
    const round = this.#round(note.height, note.round)
    if (round && note.kind === 'prepared') round.preparedMs ??= this.#since(round)
    if (round && note.kind === 'proposal-accepted') round.blockId = note.blockId
    if (note.kind === 'round-entered' && note.reason === 'start') return
    if (note.kind === 'proposal-accepted' || note.kind === 'prepared') return
    this.#log.push({
      atMs: this.#clock.wallMs(),
      height: note.height,
      round: note.round,
      kind: note.kind,
      reason: 'reason' in note ? note.reason : null,
      validator: 'proposer' in note ? note.proposer : null,
    })
    if (this.#log.length > ROUND_LOG_LINES) this.#log.shift()
  }

  counted(message: VerifiedMessage): void {
    if (message.type === 'reject') return
    const height = Math.max(message.height, this.#heard.get(message.sender)?.height ?? 0)
    this.#heard.set(message.sender, { height, atMonotonicMs: this.#clock.monotonicMs() })
    const round = this.#round(message.height, message.round)
    if (!round) return
    const arrivals = round.arrivals.get(message.sender) ?? {}
    if (arrivals[message.type] !== undefined) return
    round.arrivals.set(message.sender, { ...arrivals, [message.type]: this.#since(round) })
    if (message.type === 'commit') this.#markLate(message.height, message.sender)
  }

  decided(options: {
    height: Height
    blockId: Hash
    proposer: Address
    transactionCount: number
    certificate: Certificate
    set: ValidatorSet
  }): void {
    const { height, certificate, set, proposer } = options
    const record = this.#heights.get(height)
    if (record) {
      record.decided = {
        round: certificate.round,
        blockId: options.blockId,
        proposer,
        transactionCount: options.transactionCount,
      }
      const round = record.rounds.find((each) => each.round === certificate.round)
      if (round) round.committedMs ??= this.#since(round)
    }
    this.certified(height, certificate, set, proposer)
  }

  /** The next block's body shows a fuller certificate of this height. */
  certified(height: Height, certificate: Certificate, set: ValidatorSet, proposer: Address | null): void {
    const marks = this.#marks.get(height) ?? new Map<Address, Heartbeat['mark']>()
    set.members.forEach((member, i) => {
      const signed = hasSigned(certificate, i)
      const before = marks.get(member.address)
      if (member.address === proposer) marks.set(member.address, 'proposed')
      else if (before !== 'proposed' && signed) marks.set(member.address, 'signed')
      else if (before === undefined) marks.set(member.address, 'missed')
    })
    this.#marks.set(height, marks)
    forget(this.#marks, HEARTBEAT_HEIGHTS)
  }

  evidence(height: Height): void {
    const record = this.#heights.get(height)
    if (record) record.evidence++
  }

  record(height: Height): HeightRecord | undefined {
    return this.#heights.get(height)
  }

  get newest(): HeightRecord | undefined {
    return [...this.#heights.values()].at(-1)
  }

  /** Oldest first. */
  heartbeat(validator: Address): Heartbeat[] {
    return [...this.#marks]
      .sort(([a], [b]) => a - b)
      .map(([height, marks]) => ({ height, mark: marks.get(validator) ?? 'not-member' }))
  }

  /** Highest height of its messages, and when the newest one came; null: never heard. */
  lastHeard(validator: Address): { readonly height: Height; readonly atMonotonicMs: number } | null {
    return this.#heard.get(validator) ?? null
  }

  log(limit: number, height?: Height): readonly LogEntry[] {
    const entries = height === undefined ? this.#log : this.#log.filter((entry) => entry.height === height)
    return entries.slice(-limit)
  }

  get heights(): { readonly oldest: Height; readonly newest: Height } {
    const known = [...this.#heights.keys()]
    return { oldest: known[0] ?? 0, newest: known.at(-1) ?? 0 }
  }

  #enter(height: Height, round: Round): void {
    const record = this.#heights.get(height)
    if (!record || record.rounds.some((each) => each.round === round)) return
    record.rounds.push({
      round,
      startedAtMs: this.#clock.wallMs(),
      startedMonotonicMs: this.#clock.monotonicMs(),
      arrivals: new Map(),
      blockId: null,
      preparedMs: null,
      committedMs: null,
    })
  }

  #round(height: Height, round: Round): RoundRecord | undefined {
    return this.#heights.get(height)?.rounds.find((each) => each.round === round)
  }

  #since(round: RoundRecord): number {
    return Math.max(0, Math.round(this.#clock.monotonicMs() - round.startedMonotonicMs))
  }

  #markLate(height: Height, sender: Address): void {
    const marks = this.#marks.get(height)
    if (marks?.get(sender) === 'missed') marks.set(sender, 'late')
  }
}

/** Drops the oldest entries of an insertion-ordered map beyond `limit`. */
function forget<Key>(map: Map<Key, unknown>, limit: number): void {
  while (map.size > limit) map.delete(map.keys().next().value!)
}
