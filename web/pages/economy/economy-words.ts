import type {
  AttackType,
  DetectorView,
  DistributionView,
  FeeSpeed,
  FeesView,
  ThreatLevel,
} from '../../../node-core/node/node-api.ts'
import { capital, countWord, decimal, integer, percent } from '../../i18n/format.ts'
import { blocksWords } from '../../ui/time-words.ts'

/** From this many times the target on a block counts as busy, millionths. */
const ONE = 1_000_000

export const ATTACK_WORDS: Readonly<Record<AttackType, { readonly name: string; readonly what: string }>> = {
  sybil: { name: 'Sybil', what: 'one party behind several validators' },
  'stake-grinding': { name: 'Stake grinding', what: 'stake moved back and forth to be drawn more often' },
  'nothing-at-stake': { name: 'Nothing at stake', what: 'votes for two things, or for none' },
  'long-range': { name: 'Long range', what: 'a history signed with keys that are no longer in use' },
  'front-running': { name: 'Front running', what: 'a proposer’s own transactions beside those of others' },
  'gas-manipulation': { name: 'Gas manipulation', what: 'one party drives the base fee up' },
  'stake-concentration': { name: 'Concentration', what: 'few hold enough to stop the chain' },
  'wash-trading': { name: 'Wash trading', what: 'one party on both sides of a deal' },
}

/** What a person may do about it. */
export const ACTION_WORDS: Readonly<Record<AttackType, string>> = {
  sybil: 'Look at who they are before you count them as different.',
  'stake-grinding': 'Nothing, unless it is your account: then let its stake rest.',
  'nothing-at-stake': 'Send the evidence if no validator has; of one that is absent, ask who runs it.',
  'long-range': 'Tell newcomers to start from a checkpoint of somebody they trust.',
  'front-running': 'Look at the blocks, and move your delegation if they are not by chance.',
  'gas-manipulation': 'Wait until the base fee has come down, unless yours cannot.',
  'stake-concentration': 'Delegate to validators that hold less.',
  'wash-trading': 'Do not count the reputation of such deals.',
}

export const THREAT_WORDS: Readonly<Record<ThreatLevel, string>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
}

export const RESPONSE_WORDS: Readonly<Record<DetectorView['response'], string>> = {
  none: 'told to people',
  slash: 'evidence takes stake',
  'cool-down': 'more stake operations wait',
  'narrower-entry': 'one of them enters an epoch',
  'sender-share': 'a sender’s share of a block is limited',
  refused: 'refused',
  'no-reputation': 'such deals will earn no reputation',
}

/** How evenly power and rewards are shared, and how steady the price is, as rows. */
export function distributionRows({
  effectiveEntities,
  rewards,
  baseFeeBlocks,
  baseFeeSpread,
}: DistributionView): readonly (readonly [string, string])[] {
  const none = 'nothing earned yet'
  return [
    ['As diverse as', `${decimal(effectiveEntities / ONE, 1)} equal entities`],
    ['Rewards, Gini', rewards === null ? none : decimal(rewards.gini / ONE, 2)],
    ['Largest reward', rewards === null ? none : percent(rewards.largestShare)],
    [
      'Base fee strays by',
      baseFeeSpread === null ? 'no block yet' : `${percent(baseFeeSpread)} in ${blocksWords(baseFeeBlocks)}`,
    ],
  ]
}

/** "a tenth of the power, of 10 % that would speak". */
export function measured({ value, threshold, unit }: DetectorView): string {
  const words = (of: number) =>
    unit === 'millionths' ? percent(of) : unit === 'count' ? integer(of) : `${decimal(of / ONE, 2)} ×`
  return `${words(value)} of ${words(threshold)}`
}

/** Whether sending is dear now, beside the lowest the base fee can be. */
export function feeSentence({ recent, baseFeePerGas, forecast }: FeesView): string {
  const fees = recent.map((block) => BigInt(block.baseFeePerGas))
  const now = BigInt(baseFeePerGas)
  const usual = fees.length === 0 ? now : [...fees].sort((a, b) => (a < b ? -1 : 1))[fees.length >> 1]!
  const last = forecast.at(-1)
  const rising = last !== undefined && BigInt(last.expected) > (now * 11n) / 10n
  if (now > (usual * 3n) / 2n) return 'Sending is dearer than usual, because blocks are full.'
  if (rising) return 'Sending costs what it usually does, and will soon cost more.'
  return 'Sending costs what it usually does.'
}

export function waitWords(blocks: number): string {
  return blocks <= 1 ? 'in the next block' : `within ${blocksWords(blocks)}`
}

export const SPEED_WORDS: Readonly<Record<FeeSpeed, string>> = {
  slow: 'Slow',
  standard: 'Standard',
  fast: 'Fast',
}

/** "Six detectors are silent, one speaks." */
export function detectorsSentence(detectors: readonly Pick<DetectorView, 'threat'>[]): string {
  const speaking = detectors.filter(({ threat }) => threat !== null).length
  const silent = detectors.length - speaking
  if (speaking === 0) return `All ${countWord(silent)} are silent`
  return `${capital(countWord(speaking))} of ${countWord(detectors.length)} ${speaking === 1 ? 'speaks' : 'speak'}`
}

/** "71 of 74 came true", or what is missing. */
export function hitWords(rate: number | null, of: number, nothing: string): string {
  return rate === null ? nothing : `${percent(rate)} of ${integer(of)}`
}

const GROUPS: Readonly<Record<string, string>> = {
  transfer: 'transfer',
  batch: 'batch',
  'faucet.drip': 'faucet',
  'evidence.submit': 'evidence',
}

/** An operation as people say it: "stake: delegate". */
export function operationWords(type: string): string {
  const known = GROUPS[type]
  if (known !== undefined) return known
  const [group, act = ''] = type.split('.')
  return `${group}: ${act.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`
}
