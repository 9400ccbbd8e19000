/** Votes of members on who may be one, where admission is by authority. Open votes lapse at the epoch's end. */
import type { Address } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { ADMISSION_VOTES_KEY, validatorKey } from '../state/keys.ts'
import { MAX_OPEN_VOTES } from '../state/record-kinds.ts'
import type { AdmissionVotes, ValidatorRecord } from '../state/records.ts'
import type { Draft, StateView } from '../state/store.ts'

type Vote = AdmissionVotes[number]

/** On whom, and for what. */
export type Question = Pick<Vote, 'validator' | 'kind'>

/** Those that are open. */
export function votesOf(view: StateView): AdmissionVotes {
  return view.get(ADMISSION_VOTES_KEY) ?? []
}

/** Who has voted so. */
export function votersOn(view: StateView, question: Question): readonly Address[] {
  return votesOf(view).find((vote) => isOn(vote, question))?.voters ?? []
}

export function hasRoomFor(view: StateView, question: Question): boolean {
  const votes = votesOf(view)
  return votes.length < MAX_OPEN_VOTES || votes.some((vote) => isOn(vote, question))
}

/** A member's, who has not voted so yet. With more than two thirds of the set's power it is done. */
export function castVote(
  draft: Draft,
  voter: Address,
  question: Question,
  { set, record }: { readonly set: ValidatorSet; readonly record: ValidatorRecord },
): void {
  const voters = [...votersOn(draft, question), voter].sort()
  const others = votesOf(draft).filter((vote) => !isOn(vote, question))
  const isDecided = 3n * powerOf(set, voters) > 2n * set.totalPower
  if (isDecided) draft.set(validatorKey(record.address), { ...record, admitted: question.kind === 'admit' })
  draft.set(ADMISSION_VOTES_KEY, isDecided ? others : [...others, { ...question, voters }].sort(byQuestion))
}

export function lapseVotes(draft: Draft): void {
  if (votesOf(draft).length > 0) draft.set(ADMISSION_VOTES_KEY, [])
}

function powerOf(set: ValidatorSet, voters: readonly Address[]): bigint {
  const isVoter = new Set(voters)
  return set.members.reduce((sum, { address, power }) => sum + (isVoter.has(address) ? power : 0n), 0n)
}

function isOn(vote: Vote, { validator, kind }: Question): boolean {
  return vote.validator === validator && vote.kind === kind
}

function byQuestion(a: Vote, b: Vote): number {
  if (a.validator !== b.validator) return a.validator < b.validator ? -1 : 1
  return a.kind < b.kind ? -1 : 1
}
