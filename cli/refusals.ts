/** What the chain says when it refuses, as words that say what to do. Its amounts come out in AIT. */
import { inAit } from './ait-json.ts'
import { percent, timeWords } from './words.ts'

type Facts = Readonly<Record<string, unknown>>
type Words = string | ((facts: Facts) => string)

export interface Refusal {
  readonly message: string
  readonly data: Facts
}

/** Codes whose figures are all amounts. */
const OF_AMOUNTS: ReadonlySet<string> = new Set([
  'insufficient-balance',
  'below-minimum-stake',
  'below-minimum-delegation',
  'own-stake-below-minimum',
  'insufficient-stake',
])

const WORDS: Readonly<Record<string, Words>> = {
  'insufficient-balance': 'the balance is too small',
  'unknown-validator': 'there is no such validator; aitbc validator list shows all',
  'already-registered': 'this account is a validator already',
  'key-in-use': 'these keys belong to another validator; aitbc validator keys makes new ones',
  'validator-exiting': 'the validator is leaving for good; nothing of it can be changed any more',
  'below-minimum-stake': ({ minimum }) => `a validator stakes at least ${minimum} AIT of its own`,
  'commission-out-of-range': ({ minimum, maximum }) =>
    `the commission is from ${percent(Number(minimum))} to ${percent(Number(maximum))} on this chain`,
  'below-minimum-delegation': ({ minimum, actual }) =>
    `a delegation, and what is left of one, is at least ${minimum} AIT, and this would be ${actual}; put more, leave more, or take all`,
  'own-stake-below-minimum': ({ minimum }) =>
    `a validator keeps at least ${minimum} AIT of its own; to take all of it, leave by aitbc validator exit`,
  'unknown-delegation':
    'this account has no stake with that validator; aitbc validator positions shows where it has',
  'insufficient-stake': ({ stake }) => `there are only ${stake} AIT; "all" takes all of it`,
  'too-many-delegators': ({ limit }) =>
    `the validator has ${limit} delegators, which is as many as one may have; choose another`,
  'validator-closed':
    'the validator leaves, was removed or has lost nearly all; it takes no more stake, choose another',
  'same-validator': 'it is with that validator already; name another to move it to',
  'redelegation-locked': ({ releasesAtMs }) =>
    `stake that was moved here cannot be moved on ${until(releasesAtMs)}; aitbc validator unstake takes it back`,
  'too-many-redelegations': ({ limit }) =>
    `${limit} moves to this validator are not over yet; wait for one, or stake from the balance`,
  'unknown-position': ({ position }) =>
    `this account has nothing on its way back by the number ${position}; aitbc validator positions shows what it has`,
  'still-unbonding': ({ releasesAtMs }) => `it cannot be withdrawn ${until(releasesAtMs)}`,
  'nothing-to-claim':
    'no rewards wait to be claimed; they come at the end of an epoch, and what compounds joins the stake',
  'stake-cooling-down': ({ endsAtMs }) =>
    `the stake of this account was changed too often; the next change can be from ${time(endsAtMs)} on. Withdrawing and claiming always can`,
  'not-jailed': 'the validator is not in jail',
  'validator-jailed': ({ releasesAtMs }) =>
    `the validator is in jail; it may leave from ${time(releasesAtMs)} on, by aitbc validator unjail`,
  tombstoned:
    'the validator was removed for good: nothing more is taken from it. To validate, begin again with new keys and another account',
  'evidence-malformed':
    'the evidence cannot be read; take its file or its id from aitbc validator evidence again',
  'evidence-known': 'this offence was punished already; nothing is left to do',
  'evidence-too-old': 'the offence is too long ago to be punished; nothing is left to do',
  'evidence-too-new': 'its height is not decided yet; send it again afterwards',
  'evidence-wrong-set': 'it is not signed by a validator of that height; check which chain it is from',
  'bad-evidence-signature':
    'a signature in it does not hold, so it proves nothing; check where it comes from',
  'rotation-too-early': ({ nextAtMs }) => `the keys can be changed again from ${time(nextAtMs)} on`,
  'admission-by-stake': 'on this chain stake alone decides who enters; there is nothing to vote on',
  'not-a-member': 'only members decide, and this account is none',
  'already-voted': 'this validator has voted for that already',
  'too-many-votes': ({ limit }) =>
    `${limit} votes are open, which is as many as can be; wait until one is decided`,
}

/** A code without words of its own is read aloud. */
export function refusalOf(code: string, facts: Facts, otherwise = code.replaceAll('-', ' ')): Refusal {
  const data = OF_AMOUNTS.has(code) ? amountsOf(facts) : facts
  const words = Object.hasOwn(WORDS, code) ? WORDS[code]! : otherwise
  const message = typeof words === 'string' ? words : words(data)
  return { message: data.payload === undefined ? message : `${partWords(data.payload)}: ${message}`, data }
}

/** A batch is done whole or not at all; the chain counts its operations from 0. */
function partWords(payload: unknown): string {
  return `nothing of the batch was done, for its operation ${Number(payload) + 1}`
}

function amountsOf(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, isWhole(value) ? inAit(value) : value]),
  )
}

function isWhole(value: unknown): value is string {
  return typeof value === 'string' && /^\d+$/.test(value)
}

function until(ms: unknown): string {
  return ms === ''
    ? 'before the last epoch with its power and the time after it are over'
    : `before ${time(ms)}`
}

/** The chain gives times as decimal text. */
function time(ms: unknown): string {
  return `${timeWords(Number(ms))} UTC`
}
