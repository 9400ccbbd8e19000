/** The Validators page in words. Pure. */
import type { ValidatorListView, ValidatorState, ValidatorView } from '../../../node-core/node/node-api.ts'
import { capital, countWord, integer, nameList } from '../../i18n/format.ts'
import { membersToDecide, membersToStop } from '../../ui/power-share.ts'
import { aboutWords, blocksWords } from '../../ui/time-words.ts'

/** "Three validators together could stop the chain; five could decide it." */
export function powerSentence(powers: readonly number[]): string {
  const stop = membersToStop(powers)
  const decide = membersToDecide(powers)
  if (stop === 0) return 'No validator has power yet.'
  if (decide === 1) return 'One validator alone decides the chain.'
  const stopping =
    stop === 1
      ? 'One validator alone could stop the chain'
      : `${capital(countWord(stop))} validators together could stop the chain`
  return `${stopping}; ${countWord(decide)} could decide it.`
}

export interface EpochFacts {
  readonly list: ValidatorListView
  readonly head: number
  readonly blockIntervalMs: number | null
  /** Sum of the set's stakes, whole AIT, with commas. */
  readonly bonded: string
}

/** "Epoch 402 ends in 22 blocks, about 44 s. 96,400 AIT bonded by nine validators. Next set: unchanged." */
export function epochReason({ list, head, blockIntervalMs, bonded }: EpochFacts): string {
  const left = Math.max(0, list.lastHeight - head)
  const end =
    left === 0
      ? `Epoch ${list.epoch} ends with this block.`
      : `Epoch ${list.epoch} ends in ${blocksWords(left)}, ${aboutWords(left, blockIntervalMs)}.`
  const members = inSet(list.validators).length
  const by = members === 1 ? 'one validator' : `${countWord(members)} validators`
  return `${end} ${bonded} AIT bonded by ${by}. ${nextSetWords(list.next)}`
}

/** "Next set: Tern enters, Bodø leaves." */
export function nextSetWords(next: ValidatorListView['next']): string {
  const entering = next.filter((member) => member.change === 'enters').map((member) => member.name)
  const leaving = next.filter((member) => member.change === 'leaves').map((member) => member.name)
  const parts = []
  if (entering.length > 0) parts.push(`${nameList(entering)} ${entering.length === 1 ? 'enters' : 'enter'}`)
  if (leaving.length > 0) parts.push(`${nameList(leaving)} ${leaving.length === 1 ? 'leaves' : 'leave'}`)
  return `Next set: ${parts.length === 0 ? 'unchanged' : parts.join(', ')}.`
}

/** Those with power now. */
export function inSet(validators: readonly ValidatorView[]): readonly ValidatorView[] {
  return validators.filter((validator) => validator.power > 0)
}

export function outOfSet(validators: readonly ValidatorView[]): readonly ValidatorView[] {
  return validators.filter((validator) => validator.power === 0)
}

const STATE_WORDS: Readonly<Record<ValidatorState, string>> = {
  none: 'not a validator',
  registered: 'registered, waiting to be ready',
  entering: 'enters with the next set',
  active: 'active',
  pausing: 'active, paused from the next set on',
  paused: 'paused',
  leaving: 'leaving',
  left: 'left',
  jailed: 'jailed',
  tombstoned: 'removed for good',
}

export function stateWords({ state }: Pick<ValidatorView, 'state'>): string {
  return STATE_WORDS[state]
}

/** In jail, or removed for good. */
export function isPunished({ state }: Pick<ValidatorView, 'state'>): boolean {
  return state === 'jailed' || state === 'tombstoned'
}

/** Stake can be put there. */
export function takesStake({ state, tombstoned }: Pick<ValidatorView, 'state' | 'tombstoned'>): boolean {
  return !tombstoned && state !== 'leaving' && state !== 'left'
}

export interface Step {
  readonly name: string
  readonly state: 'done' | 'now' | 'later'
  readonly line: string
}

/** From registering to voting: registered, ready, enters at a height, active. */
export function entryProgress(
  validator: Pick<ValidatorView, 'state' | 'registeredAtHeight' | 'activeFromHeight'>,
  head: number,
  blockIntervalMs: number | null,
): readonly Step[] {
  const at =
    ({ registered: 1, entering: 2, active: 4 } as Readonly<Record<string, number>>)[validator.state] ?? 0
  const from = validator.activeFromHeight
  const left = from === null ? null : Math.max(0, from - head)
  const mark = (index: number): Step['state'] => (index < at ? 'done' : index === at ? 'now' : 'later')
  const entering =
    from === null || left === null
      ? 'with the first set that is not announced yet'
      : left === 0
        ? `since height ${integer(from)}`
        : `height ${integer(from)}, ${blocksWords(left)} left, ${aboutWords(left, blockIntervalMs)}`
  return [
    { name: 'Registered', state: mark(0), line: `at height ${integer(validator.registeredAtHeight)}` },
    {
      name: 'Ready',
      state: mark(1),
      line: at > 1 ? 'said by this node' : 'this node says so by itself once it is at the head',
    },
    { name: 'Enters', state: mark(2), line: entering },
    { name: 'Active', state: mark(3), line: at === 4 ? 'votes count' : 'from then on its votes count' },
  ]
}
