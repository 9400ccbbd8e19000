/** What this node saw of the last heights: arrivals, rounds, reasons, who signed. For people; the protocol never reads it. */
import type { RoundNote } from '../consensus/effect.ts'
import type { Clock } from '../ports/clock.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Address, Hash, Height, Round, TimestampMs } from '../protocol/ids.ts'
import type { VerifiedMessage } from '../protocol/messages.ts'
import type { ProposerSchedule } from '../protocol/proposer-priority.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { RoundFailure } from './consensus-api.ts'
import {
  HEARTBEAT_HEIGHTS,
  RECORDED_HEIGHTS,
  RECORDED_MESSAGE_BYTES,
  RECORDED_ROUNDS,
  ROUND_LOG_LINES,
} from './constants.ts'
import {
  askedPower,
  type EntryReason,
  failureOf,
  type HeightRecord,
  type RoundRecord,
} from './height-record.ts'
import type { Heartbeat } from './node-api.ts'
import { type RawMessage, RawMessages } from './raw-messages.ts'
import { hasSigned } from './signed-power.ts'

export interface LogEntry {
  readonly atMs: TimestampMs
  readonly height: Height
  readonly round: Round
  readonly kind: string
  readonly reason: string | null
  readonly validator: Address | null
  /** The three below belong to a round entered after another one. */
  failure: RoundFailure | null
  asked: { readonly power: bigint; readonly of: bigint } | null
  recovered: { readonly round: Round; readonly afterMs: number; readonly proposer: Address } | null
}

export class ConsensusRecorder {
  readonly #clock: Clock
  readonly #heights = new Map<Height, HeightRecord>()
  readonly #raw = new RawMessages(RECORDED_MESSAGE_BYTES)
  /** Marks of the last heights by validator; oldest height first. */
  readonly #marks = new Map<Height, Map<Address, Heartbeat['mark']>>()
  readonly #log: LogEntry[] = []
  readonly #heard = new Map<Address, { readonly height: Height; readonly atMonotonicMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  heightStarted(height: Height, set: ValidatorSet, schedule: ProposerSchedule): void {
    if (this.#heights.has(height)) return
    this.#heights.set(height, {
      height,
      set,
      schedule,
      rounds: [],
      asked: new Map(),
      decided: null,
      evidence: 0,
    })
    for (const old of forget(this.#heights, RECORDED_HEIGHTS + 1)) this.#raw.forget(old)
    this.#enter(height, 0, 'start')
  }

  noted(note: RoundNote): void {
    const { height } = note
    if (note.kind === 'round-entered') this.#enter(height, note.round, note.reason)
    const round = this.#round(height, note.round)
    if (round && note.kind === 'prepared') round.preparedMs ??= this.#since(round)
    if (round && note.kind === 'proposal-accepted') round.blockId = note.blockId
    if (round && note.kind === 'proposal-dropped') round.dropped ??= note.reason
    if (note.kind === 'round-entered' && note.reason === 'start') return
    if (note.kind === 'proposal-accepted' || note.kind === 'prepared') return
    this.#log.push({
      atMs: this.#clock.wallMs(),
      height,
      round: note.round,
      kind: note.kind,
      reason: 'reason' in note ? note.reason : null,
      validator: 'proposer' in note ? note.proposer : this.#failedProposer(note),
      failure: null,
      asked: null,
      recovered: null,
    })
    if (this.#log.length > ROUND_LOG_LINES) this.#log.shift()
    this.#refresh(height)
  }

  counted(message: VerifiedMessage): void {
    this.#keepRaw(message)
    const round = this.#round(message.height, message.round)
    if (message.type === 'reject') {
      if (!round) return
      round.rejects.set(message.sender, message.code)
      this.#refresh(message.height)
      return
    }
    const atMonotonicMs = this.#clock.monotonicMs()
    const height = Math.max(message.height, this.#heard.get(message.sender)?.height ?? 0)
    this.#heard.set(message.sender, { height, atMonotonicMs })
    if (message.type === 'round-change') this.#ask(message.height, message.round, message.sender)
    if (!round) return
    if ('blockId' in message && message.type !== 'pre-prepare')
      round.votedFor.set(message.sender, message.blockId)
    this.#arrived(round, message.sender, message.type, this.#since(round))
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
        atMonotonicMs: this.#clock.monotonicMs(),
      }
      const round = record.rounds.find((each) => each.round === certificate.round)
      if (round) round.committedMs ??= this.#since(round)
      this.#refresh(height)
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

  /** Raw messages of a round, in the order of arrival; fewer than came when there were too many bytes. */
  messages(height: Height, round: Round): readonly RawMessage[] {
    return this.#raw.of(height, round)
  }

  /** How far back raw messages reach; null: none is kept. */
  get oldestRawHeight(): Height | null {
    return this.#raw.oldestHeight
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

  #enter(height: Height, round: Round, enteredBy: EntryReason): void {
    const record = this.#heights.get(height)
    if (!record || record.rounds.some((each) => each.round === round)) return
    const entered: RoundRecord = {
      round,
      enteredBy,
      startedAtMs: this.#clock.wallMs(),
      startedMonotonicMs: this.#clock.monotonicMs(),
      arrivals: new Map(),
      votedFor: new Map(),
      rejects: new Map(),
      blockId: null,
      dropped: null,
      preparedMs: null,
      committedMs: null,
    }
    record.rounds.push(entered)
    if (record.rounds.length > RECORDED_ROUNDS) record.rounds.shift()
    for (const asked of record.asked.keys()) if (asked < record.rounds[0]!.round) record.asked.delete(asked)
    // What came before this node was there counts from the beginning.
    for (const { sender, type } of this.#raw.of(height, round))
      if (type !== 'reject') this.#arrived(entered, sender, type, 0)
  }

  #arrived(round: RoundRecord, sender: Address, type: RawMessage['type'], afterMs: number): void {
    const arrivals = round.arrivals.get(sender) ?? {}
    if (type === 'reject' || arrivals[type] !== undefined) return
    round.arrivals.set(sender, { ...arrivals, [type]: afterMs })
  }

  #ask(height: Height, round: Round, sender: Address): void {
    const record = this.#heights.get(height)
    if (!record || !withinReach(record, round)) return
    const asked = record.asked.get(round) ?? new Map<Address, number>()
    if (!asked.has(sender)) asked.set(sender, this.#clock.monotonicMs())
    record.asked.set(round, asked)
    this.#refresh(height)
  }

  #keepRaw(message: VerifiedMessage): void {
    const record = this.#heights.get(message.height)
    if (record && withinReach(record, message.round)) this.#raw.add(message, this.#clock.monotonicMs())
  }

  /** What became known later about the rounds of a height goes into its lines, which stand near the end. */
  #refresh(height: Height): void {
    const record = this.#heights.get(height)
    if (!record) return
    for (const entry of this.#log.filter((each) => each.height === height && each.kind === 'round-entered')) {
      if (entry.round === 0) continue
      entry.failure = failureOf(record, entry.round - 1)
      entry.asked = { power: askedPower(record, entry.round), of: record.set.totalPower }
      entry.recovered = recoveryOf(record, entry.round)
    }
  }

  #failedProposer(note: RoundNote): Address | null {
    const record = this.#heights.get(note.height)
    if (!record || note.kind !== 'round-entered' || note.round === 0) return null
    return record.schedule.proposerAt(note.height, note.round - 1)
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

/** A round so far ahead of all that was lived through is not kept: its sender may have made it up. */
function withinReach(record: HeightRecord, round: Round): boolean {
  const newest = record.rounds.at(-1)?.round ?? 0
  const oldest = record.rounds[0]?.round ?? 0
  return round >= oldest && round < newest + RECORDED_ROUNDS
}

/** Counts from the beginning of the round before, or of this one where that was not lived through. */
function recoveryOf(record: HeightRecord, round: Round): LogEntry['recovered'] {
  const { decided, rounds } = record
  if (!decided) return null
  const from =
    rounds.findLast((each) => each.round < round) ?? rounds.find((each) => each.round === round) ?? rounds[0]
  if (!from) return null
  const afterMs = Math.max(0, Math.round(decided.atMonotonicMs - from.startedMonotonicMs))
  return { round: decided.round, afterMs, proposer: decided.proposer }
}

/** Drops the oldest entries of an insertion-ordered map beyond `limit`, and says which. */
function forget<Key>(map: Map<Key, unknown>, limit: number): Key[] {
  const dropped = [...map.keys()].slice(0, Math.max(0, map.size - limit))
  for (const key of dropped) map.delete(key)
  return dropped
}
