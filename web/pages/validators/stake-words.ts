/** Stake in words: what can be lost, where it is, when it comes back. Pure. */
import type { StakePositionsView, StakePositionView } from '../../../node-core/node/node-api.ts'
import { countWord, integer, shortPercent } from '../../i18n/format.ts'
import { amountWords } from '../../ui/amount-words.ts'
import { blocksWords, clockWords, dateWords, spanWords } from '../../ui/time-words.ts'
import type { ParametersView } from '../chain-parameters.ts'
import type { StakeMove } from './stake-form.ts'

const DAY_MS = 86_400_000
const ORDINALS = ['zeroth', 'first', 'second', 'third', 'fourth', 'fifth'] as const

/** What can be lost or must be waited for, for the review before stake is put somewhere. */
export function riskLines(parameters: ParametersView): readonly string[] {
  const { unbondingMs, stakeOperationsPerWindow, stakeWindowMs } = parameters
  const back =
    unbondingMs === null
      ? 'after the unbonding time'
      : `${spanWords(unbondingMs)} after the last epoch it backs`
  const often =
    stakeOperationsPerWindow === null || stakeWindowMs === null
      ? []
      : [
          `An account may move stake ${timesWords(stakeOperationsPerWindow)} in ${spanWords(stakeWindowMs)}; after that it must wait.`,
        ]
  return [
    ...slashLines(parameters),
    `It comes back ${back}, not before; until then it can still be lost for what happened while it was there.`,
    ...often,
  ]
}

function slashLines({ slashes }: ParametersView): readonly string[] {
  const { doubleSign, invalidBlock, unavailable, slow } = slashes
  const late = [
    part(unavailable, `at the ${ordinal(slashes.unavailableOffences)} long absence`),
    part(slow, `at the ${ordinal(slashes.slowOffences)} time it votes too late`),
  ].filter((words) => words !== null)
  const caught = [
    part(doubleSign, 'if the validator signs two votes for one step'),
    part(invalidBlock, 'if it proposes an invalid block'),
  ].filter((words) => words !== null)
  return [
    ...(caught.length > 0 ? [`Lost: ${caught.join(', ')}; more when many are caught in one epoch.`] : []),
    ...(late.length > 0 ? [`Lost: ${late.join(', ')}.`] : []),
  ]
}

function part(millionths: number | null, when: string): string | null {
  return millionths === null || millionths === 0 ? null : `${shortPercent(millionths)} ${when}`
}

function ordinal(count: number | null): string {
  return count === null ? 'repeated' : (ORDINALS[count] ?? `${integer(count)}th`)
}

function timesWords(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${countWord(count)} times`
}

export interface MoveWords {
  readonly title: string
  readonly button: string
  readonly effects: readonly string[]
}

/** `from` and `to` are names of validators. */
export function moveWords(
  move: StakeMove,
  { from, to }: { readonly from: string; readonly to: string },
  unbondingMs: number | null,
): MoveWords {
  const unbonding = unbondingMs === null ? 'the unbonding time' : spanWords(unbondingMs)
  switch (move) {
    case 'delegate':
      return {
        title: 'Delegate',
        button: 'Sign and delegate',
        effects: [`${to} votes with it and shares what it earns, less its commission. You keep owning it.`],
      }
    case 'undelegate':
      return {
        title: 'Take stake back',
        button: 'Sign and take it back',
        effects: [
          `It stops earning, and can be withdrawn ${unbonding} after the last epoch in which it backs ${from}.`,
          `Until then it can still be lost for what ${from} did while it was there.`,
          'Rewards that wait are paid to your balance at once.',
        ],
      }
    case 'redelegate':
      return {
        title: 'Move stake',
        button: 'Sign and move it',
        effects: [
          `It moves from ${from} to ${to} at once and goes on earning there.`,
          `It cannot be moved on from ${to} until ${unbonding} after the end of the next epoch; taking it back is possible.`,
          `Until then it can be lost for what ${from} did before, too.`,
        ],
      }
  }
}

/** Until when stake that came to a validator cannot be moved on, in words; null: it can. */
export function lockWords(
  positions: readonly StakePositionView[],
  validator: string,
  nowMs: number,
): string | null {
  const moved = positions.filter(
    (position) => position.kind === 'redelegation' && position.validator === validator,
  )
  const open = moved.filter(({ releasedAtMs }) => releasedAtMs === null || releasedAtMs > nowMs)
  if (open.length === 0) return null
  const times = open.map((position) => position.releasedAtMs)
  if (times.includes(null))
    return 'Part of it was moved here, and cannot be moved on until the unbonding time after the next epoch is over.'
  return `Part of it was moved here, and cannot be moved on before ${momentFrom(Math.max(...(times as number[])), nowMs)}.`
}

/** A clock time today, else the date with it. */
export function momentFrom(atMs: number, nowMs: number): string {
  const near = Math.abs(atMs - nowMs) < DAY_MS
  return near ? clockWords(atMs) : `${dateWords(atMs)}, ${clockWords(atMs)}`
}

export type ReturnState = 'waits' | 'unstaking' | 'over' | 'withdrawn' | 'slashed'

export interface ReturnWords {
  readonly state: ReturnState
  /** At the right of its amount. */
  readonly short: string
  readonly line: string
  /** Share of its time that is over, 0 to 1. */
  readonly share: number
}

/** One part on its way back. */
export function returnWords(
  position: StakePositionView,
  nowMs: number,
  unbondingMs: number | null,
): ReturnWords {
  const { state, releasedAtMs, blocksLeft, lost } = position
  const slashed = lost === '0' ? '' : ` ${amountWords(lost)} AIT of it were slashed.`
  if (state === 'withdrawn')
    return { state: 'withdrawn', short: 'withdrawn', line: `It is in your balance.${slashed}`, share: 1 }
  if (state === 'slashed')
    return {
      state: 'slashed',
      short: 'slashed',
      line: 'All of it was slashed; nothing comes back.',
      share: 1,
    }
  if (releasedAtMs === null) {
    const line = `Its time runs from the end of the last epoch in which it backs power.${slashed}`
    return { state: 'waits', short: 'waits', line, share: 0 }
  }
  const left = releasedAtMs - nowMs
  if (left <= 0)
    return { state: 'over', short: 'ready', line: `Its time is over: withdraw it.${slashed}`, share: 1 }
  const blocks = blocksLeft === null ? '' : `${blocksWords(blocksLeft)} left, `
  return {
    state: 'unstaking',
    short: momentFrom(releasedAtMs, nowMs),
    line: `${blocks}about ${spanWords(left)}. Can still be slashed.${slashed}`,
    share: unbondingMs === null ? 0 : Math.max(0, Math.min(1, 1 - left / unbondingMs)),
  }
}

/** What is at validators now. */
export function delegationsOf(positions: readonly StakePositionView[]): readonly StakePositionView[] {
  return positions.filter((position) => position.kind === 'delegation')
}

/** The queue: what can be withdrawn first, then by time; what is over for good last. */
export function returnsOf(positions: readonly StakePositionView[]): readonly StakePositionView[] {
  const rank = ({ state, releasedAtMs }: StakePositionView) =>
    state === 'withdrawn' || state === 'slashed' ? 2 : releasedAtMs === null ? 1 : 0
  return positions
    .filter((position) => position.kind === 'unbonding')
    .toSorted((a, b) => rank(a) - rank(b) || (a.releasedAtMs ?? 0) - (b.releasedAtMs ?? 0))
}

/** "2,012.50 AIT at two validators earn about 4.6 % a year." */
export function stakeSentence(
  { positions, totals }: Pick<StakePositionsView, 'positions' | 'totals'>,
  annualRate: number | null,
): string {
  const count = delegationsOf(positions).filter((position) => position.amount !== '0').length
  if (count === 0) return 'Nothing of yours backs a validator.'
  const where = count === 1 ? 'one validator' : `${countWord(count)} validators`
  const rate = annualRate === null ? '' : `, and earn about ${shortPercent(annualRate)} a year`
  return `${amountWords(totals.active)} AIT are at ${where}${rate}.`
}

/** Under a position: what its rewards do. */
export function rewardWords({ state, compounding, rewards }: StakePositionView): string {
  if (state === 'slashed') return 'slashed: nothing is left'
  if (compounding) return 'rewards join the stake'
  return rewards === '0' ? 'no rewards yet' : `${amountWords(rewards)} AIT of rewards wait`
}
