/** A replica of the model and one of the implementation in the same plain words, so that they can be compared. */
import type { Address, Hash } from '../../protocol/ids.ts'
import type {
  CompactBlock,
  GuardedMessage,
  Prepare,
  Prepared,
  RoundChange,
  Unsigned,
} from '../../protocol/messages.ts'
import { compactBlock, hashNumber, member } from '../builders.test-kit.ts'
import type { GuardRecord, Position, PreparedValue, ReplicaState } from '../replica-state.ts'
import type { Claim, Departure, ModelMessage, ModelReplica, Proved, Vote } from './trace.test-kit.ts'

/** Sets are sorted lists of words. */
interface Description {
  readonly round: number
  readonly accepted: number
  readonly prepared: string
  readonly preparedInRound: boolean
  readonly timerRuns: boolean
  /** Of the proposal in the making; null: none. */
  readonly justification: readonly string[] | null
  readonly proposals: readonly string[]
  readonly prepares: readonly string[]
  readonly commits: readonly string[]
  readonly roundChanges: readonly string[]
  readonly latest: readonly string[]
  readonly known: readonly string[]
  readonly wanted: readonly string[]
  readonly own: readonly string[]
  /** In the order in which they were given. */
  readonly orders: readonly string[]
  readonly guard: string
  readonly record: readonly string[]
  readonly decided: number
}

/** What the model has for "no value", "no round", "no place". */
export const NONE = -1
const TYPES = ['round-change', 'pre-prepare', 'prepare', 'commit'] as const
const TYPE_OF_TAG = {
  RoundChange: 'round-change',
  PrePrepare: 'pre-prepare',
  Prepare: 'prepare',
  Commit: 'commit',
} as const
/** Keeps the ids of blocks apart from the other hashes of the tests. */
const FIRST_BLOCK_ID = 0x10_0000

export function blockIdOf(value: number): Hash {
  return hashNumber(FIRST_BLOCK_ID + value)
}

export function valueOfBlock(blockId: Hash | null): number {
  return blockId === null ? NONE : Number(BigInt(blockId)) - FIRST_BLOCK_ID
}

/** The hundreds of a value name its author. */
export function blockOf(value: number): CompactBlock {
  return compactBlock({ proposer: member(Math.floor(value / 100)) })
}

export function isInvalid(value: number): boolean {
  return value % 100 === 99
}

export function indexOf(sender: Address): number {
  return Number(BigInt(sender)) - 1
}

function sorted(words: readonly (string | number)[]): string[] {
  return words.map(String).sort()
}

// ---- Messages: who says what, where, and on which ROUND-CHANGEs; proofs only where they are kept ----

function sayingOf(sender: number, type: string, round: number, what: string): string {
  return `${sender}: ${type} in ${round} of ${what}`
}

function claimText({ round, value }: Claim): string {
  return round === NONE ? 'nothing' : `${value} prepared in ${round}`
}

function claimOf(prepared: Prepared | null): Claim {
  return prepared
    ? { round: prepared.round, value: valueOfBlock(prepared.blockId) }
    : { round: NONE, value: NONE }
}

export function described(message: Unsigned<GuardedMessage>): string {
  const { type, round } = message
  const saying = (what: string) => sayingOf(indexOf(message.sender), type, round, what)
  if (message.type === 'round-change') return saying(claimText(claimOf(message.prepared)))
  if (message.type !== 'pre-prepare') return saying(`${valueOfBlock(message.blockId)}`)
  return saying(`${valueOfBlock(message.blockId)} on [${sorted(message.justification.map(described))}]`)
}

export function describedInModel(message: ModelMessage): string {
  const { sender, round } = message.value
  const saying = (what: string) => sayingOf(sender, TYPE_OF_TAG[message.tag], round, what)
  if (message.tag === 'RoundChange') return saying(claimText(message.value.prepared.claim))
  if (message.tag !== 'PrePrepare') return saying(`${message.value.value}`)
  return saying(`${message.value.value} on [${sorted(message.value.justification.map(departureInModel))}]`)
}

function departureInModel(value: Departure): string {
  return describedInModel({ tag: 'RoundChange', value })
}

function provedText({ claim, signers }: Proved): string {
  return `${claimText(claim)} by [${sorted(signers)}]`
}

function provedOf(prepared: Prepared | null, certificate: readonly Prepare[]): Proved {
  return { claim: claimOf(prepared), signers: certificate.map((each) => indexOf(each.sender)) }
}

function preparedText(prepared: PreparedValue | null): string {
  return provedText(provedOf(prepared, prepared?.certificate ?? []))
}

/** With its proof. */
function kept(message: RoundChange): string {
  return `${described(message)} ${provedText(provedOf(message.prepared, message.preparedCertificate))}`
}

function keptInModel(message: Departure): string {
  return `${departureInModel(message)} ${provedText(message.prepared)}`
}

// ---- Replicas ----

function placeOf(position: Position | null): number {
  return position ? position.round * TYPES.length + TYPES.indexOf(position.type) : NONE
}

function guardText(place: number, lastCommit: Claim): string {
  return `at ${place}, last COMMIT ${claimText(lastCommit)}`
}

function recordOf(record: GuardRecord | null): string[] {
  return [
    guardText(placeOf(record?.position ?? null), claimOf(record?.lastCommit ?? null)),
    preparedText(record?.prepared ?? null),
    ...sorted((record?.messages ?? []).map(described)),
  ]
}

/** `record`: what is durable; `decided`: the value of the order to decide, or NONE. */
export function describeReplica(
  state: ReplicaState,
  record: GuardRecord | null,
  decided: number,
): Description {
  const { building, rounds, guard, blocks } = state
  const present = <T>(list: readonly (T | undefined)[]) => list.filter((each) => each !== undefined)
  return {
    round: state.round,
    accepted: valueOfBlock(state.accepted),
    prepared: preparedText(state.prepared),
    preparedInRound: state.preparedInRound,
    timerRuns: state.timer !== null,
    justification: building?.round === state.round ? sorted(building.justification.map(described)) : null,
    proposals: sorted(rounds.filter((log) => log.proposal).map((log) => log.round)),
    prepares: sorted(rounds.flatMap((log) => present(log.prepares.byMember).map(described))),
    commits: sorted(rounds.flatMap((log) => present(log.commits.byMember).map(described))),
    roundChanges: sorted(rounds.flatMap((log) => present(log.roundChanges).map(kept))),
    latest: sorted(present(state.latestRoundChanges).map(kept)),
    known: sorted(blocks.filter((each) => each.block).map((each) => valueOfBlock(each.blockId))),
    wanted: sorted(blocks.filter((each) => !each.block).map((each) => valueOfBlock(each.blockId))),
    own: sorted(state.own.map(described)),
    orders: guard.pending.map(({ order }) => described(order.message)),
    guard: guardText(placeOf(guard.position), claimOf(guard.lastCommit)),
    record: recordOf(record),
    decided,
  }
}

export function describeModelReplica(replica: ModelReplica): Description {
  const { record } = replica
  const votes = (tag: 'Prepare' | 'Commit', list: readonly Vote[]) =>
    sorted(list.map((value) => describedInModel({ tag, value })))
  return {
    round: replica.round,
    accepted: replica.accepted,
    prepared: provedText(replica.prepared),
    preparedInRound: replica.preparedInRound,
    timerRuns: replica.timerRuns,
    justification: replica.building ? sorted(replica.justification.map(departureInModel)) : null,
    proposals: sorted(replica.proposals),
    prepares: votes('Prepare', replica.prepares),
    commits: votes('Commit', replica.commits),
    roundChanges: sorted(replica.roundChanges.map(keptInModel)),
    latest: sorted(replica.latest.map(keptInModel)),
    known: sorted(replica.known),
    wanted: sorted(replica.wanted),
    own: sorted(replica.own.map(describedInModel)),
    orders: replica.orders.map((each) => describedInModel(each.message)),
    guard: guardText(replica.guardPlace, replica.lastCommit),
    record: [
      guardText(record.place, record.lastCommit),
      provedText(record.prepared),
      ...sorted(record.messages.map(describedInModel)),
    ],
    decided: replica.decided,
  }
}
