import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { OutsideProof } from '../../node-core/execution/outside-proofs.ts'
import type {
  TransactionFailure,
  TransactionRejection,
} from '../../node-core/execution/transaction-errors.ts'
import type { ApiError } from '../../node-core/node/node-api.ts'
import { rangeStats } from '../store/derive.ts'
import { status, view, vote } from '../store/fixtures.ts'
import { countWord, integer, millisecondsShort, nameList, percent, secondsFigure } from './format.ts'
import { type HealthFacts, healthOf } from './health.ts'
import { heightSentence } from './height-sentence.ts'
import { receiptWords, refusalWords } from './receipt-words.ts'
import { roundReasonWords } from './round-words.ts'
import { errorWords, stallWords } from './words.ts'

const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ') ?? null

const AT_MS = Date.UTC(2026, 10, 24, 12, 0, 0)
const SOMEBODY = '0x01'

type Refused = TransactionRejection | TransactionFailure | { code: OutsideProof['refusal']; data: object }

/** Of proofs that a transaction carries: all of them, or this is no record. */
const OF_PROOFS: Readonly<Record<OutsideProof['refusal'], true>> = {
  'bad-possession-proof': true,
  'bad-evidence-signature': true,
}

/** What people do wrong, as the chain answers it: the fact that matters, and what is to be done. */
const BAD_INPUTS: readonly {
  readonly what: string
  readonly error: Refused & ApiError
  readonly says: string
  readonly todo: string
}[] = [
  {
    what: 'a stake below the minimum',
    error: { code: 'below-minimum-stake', data: { minimum: '1000000000000', actual: '1' } },
    says: 'at least 1,000.00 AIT',
    todo: 'stake that much, or delegate to another',
  },
  {
    what: 'a delegation below the minimum',
    error: { code: 'below-minimum-delegation', data: { minimum: '10000000000', actual: '1' } },
    says: 'At least 10.00 AIT',
    todo: 'put in more, or take all of it back',
  },
  {
    what: 'a delegator over the limit',
    error: { code: 'too-many-delegators', data: { limit: '100' } },
    says: '100 delegators, which is the most',
    todo: 'choose another',
  },
  {
    what: 'an unknown validator',
    error: { code: 'unknown-validator', data: { address: SOMEBODY } },
    says: 'no such validator',
    todo: 'look for it among those of the set',
  },
  {
    what: 'a locked position',
    error: { code: 'redelegation-locked', data: { releasesAtMs: String(AT_MS) } },
    says: '24 Nov 2026',
    todo: 'take it back instead, or wait',
  },
  {
    what: 'an early withdrawal',
    error: { code: 'still-unbonding', data: { releasesAtMs: String(AT_MS) } },
    says: '24 Nov 2026',
    todo: 'wait until then',
  },
  {
    what: 'a commission out of range',
    error: { code: 'commission-out-of-range', data: { minimum: '10000', maximum: '100000' } },
    says: 'from 1 % to 10 %',
    todo: 'choose one within',
  },
  {
    what: 'a jailed validator’s message',
    error: { code: 'validator-jailed', data: { releasesAtMs: String(AT_MS) } },
    says: 'in jail until 24 Nov 2026',
    todo: 'bring it back then',
  },
  {
    what: 'a rotation without possession',
    error: { code: 'bad-possession-proof', data: {} },
    says: 'The proof of the validator’s key does not fit',
    todo: 'sign again, it is made anew',
  },
  {
    what: 'an approval by a non-member',
    error: { code: 'not-a-member', data: { address: SOMEBODY } },
    says: 'is not a member',
    todo: 'use one that is',
  },
  {
    what: 'a second execution',
    error: { code: 'proposal-closed', data: { proposal: '3' } },
    says: 'it cannot be executed twice',
    todo: 'propose it anew',
  },
]

describe('figures', () => {
  it('have commas, points and units', () => {
    expect(integer(48_217)).toBe('48,217')
    expect(plain(percent(552_000))).toBe('55.2 %')
    expect(secondsFigure(412)).toBe('0.41')
    expect(secondsFigure(4520)).toBe('4.5')
    expect(millisecondsShort(384)).toBe('384')
    expect(plain(millisecondsShort(4520))).toBe('4.5 s')
  })

  it('are words in sentences when they are small', () => {
    expect(countWord(0)).toBe('no')
    expect(countWord(9)).toBe('nine')
    expect(countWord(1204)).toBe('1,204')
    expect(nameList(['Bodø'])).toBe('Bodø')
    expect(nameList(['Bodø', 'Tern'])).toBe('Bodø and Tern')
    expect(nameList(['Bodø', 'Tern', 'Skerry', 'Marram'])).toBe('Bodø, Tern and two more')
  })
})

describe('codes', () => {
  it('are sentences, with their data', () => {
    expect(refusalWords({ code: 'fee-too-low', data: {} })).toBe('The fee was too low')
    expect(receiptWords({ code: 'insufficient-balance', data: {} })).toBe('The balance is too small')
    expect(receiptWords({ code: 'expired', data: { validUntilHeight: '1200' } })).toContain('1,200')
    expect(stallWords({ code: 'catching-up', remainingBlocks: 1204 })).toBe('Catching up, 1,204 blocks to go')
    expect(roundReasonWords('timeout')).toBe('No proposal within the round’s time')
  })

  it('of every refused or failed transaction have words', () => {
    const source = readFileSync(
      new URL('../../node-core/execution/transaction-errors.ts', import.meta.url),
      'utf8',
    )
    const ofTransactions = [...source.matchAll(/(?:code: |\| )'([a-z-]+)'/g)].map((match) => match[1]!)
    const codes = [...ofTransactions, ...Object.keys(OF_PROOFS)]
    expect(codes).toContain('evidence-too-old')
    expect(codes.length).toBeGreaterThan(50)
    expect(codes.filter((code) => receiptWords({ code, data: {} }).includes('no words for'))).toEqual([])
  })

  it.each(BAD_INPUTS)('of $what say what to do', ({ error, says, todo }) => {
    const words = plain(refusalWords(error))!
    expect(words).toContain(says)
    expect(words).toContain(todo)
  })

  it('of stake say until when, how much, and what to do', () => {
    const atMs = Date.UTC(2026, 10, 24, 12, 0, 0)
    const locked = receiptWords({ code: 'redelegation-locked', data: { releasesAtMs: `${atMs}` } })
    expect(locked).toContain('24 Nov 2026')
    expect(locked).toContain('take it back instead')
    expect(receiptWords({ code: 'still-unbonding', data: { releasesAtMs: '' } })).toContain('next epoch')
    const short = { minimum: '10000000000', actual: '1' }
    expect(receiptWords({ code: 'below-minimum-delegation', data: short })).toContain('10.00 AIT')
    expect(receiptWords({ code: 'proposal-closed', data: { proposal: '3' } })).toContain('executed twice')
  })

  it('with which a node refuses have words', () => {
    const files = ['transaction-verifier', 'transaction-pool', 'node-service', 'account-signer']
    const sources = [...files.map((name) => `node/${name}.ts`), 'rpc/errors.ts'].map((file) =>
      readFileSync(new URL(`../../node-core/${file}`, import.meta.url), 'utf8'),
    )
    const pattern = /(?:(?:refuse|CodedError)\(|code: )'([a-z-]+)'|^ {2}'?([a-z-]+)'?: '/gm
    const codes = sources.flatMap((source) =>
      [...source.matchAll(pattern)].map((match) => match[1] ?? match[2]!),
    )
    // Said inside of the node alone: to a peer that gave what nobody asked for, and of a server that cannot start.
    const inner = new Set(['not-asked-for', 'port-in-use', 'cannot-listen'])
    const told = [...new Set(codes)].filter((code) => !inner.has(code))
    expect(told).toContain('malformed')
    expect(told).toContain('pool-full')
    expect(told.length).toBeGreaterThan(25)
    expect(told.filter((code) => refusalWords({ code, data: {} }).includes('no words for'))).toEqual([])
  })

  it('that are unknown show themselves after a general sentence', () => {
    expect(errorWords({ code: 'never-heard-of', data: {} })).toContain('never-heard-of')
    expect(refusalWords({ code: 'never-heard-of', data: {} })).toContain('never-heard-of')
    expect(receiptWords({ code: 'never-heard-of', data: {} })).toContain('never-heard-of')
    expect(roundReasonWords('never-heard-of')).toBe('never heard of')
  })
})

describe('the sentence of health', () => {
  const votes = [
    vote('Lodestone', 500_000),
    vote('Kestrel', 437_000),
    vote('Bodø', 63_000, { silentSinceHeight: 48_196 }),
  ]
  const seen = [{ height: 1, atMs: 0, round: 0, finalityMs: 412, transactions: 1 }]
  const facts = (part: Partial<HealthFacts>): HealthFacts => ({
    status: status(),
    consensus: view({ votes }),
    headHeight: 48_217,
    stats: rangeStats(seen, '5min', 0),
    failed: null,
    blocksError: null,
    ...part,
  })

  it('is well with figures, and names who is silent', () => {
    const health = healthOf(facts({}))
    expect(plain(health.sentence)).toBe(
      'Healthy. Blocks are final in 0.41 seconds, and two of three validators are signing.',
    )
    expect(plain(health.why)).toBe(
      'Bodø has been silent since 48,196. The other two hold 93.7 % of the power; a block needs 66.7 %.',
    )
    expect(health.short).toBeNull()
  })

  it('says why the chain stands still', () => {
    const stall = { code: 'no-quorum', heardPower: 500_000, silent: ['Kestrel', 'Bodø'], sinceMs: 0 } as const
    const health = healthOf(facts({ status: status({ stall }) }))
    expect(health.tone).toBe('bad')
    expect(plain(health.sentence)).toBe(
      'Stalled. Only 50.0 % of the power is heard, and a block needs 66.7 %.',
    )
    expect(health.why).toContain('Kestrel and Bodø are silent')
    expect(plain(health.short)).toBe('stalled, 50.0 % heard')
  })

  it('never calls a node healthy that gives no blocks', () => {
    const refused = healthOf(facts({ blocksError: { code: 'timeout', data: {} } }))
    expect(refused.tone).toBe('bad')
    expect(refused.why).toContain('No answer in time')
    expect(healthOf(facts({ headHeight: null })).sentence).toBe('The chain has no block yet.')
    expect(healthOf(facts({ status: null, failed: 'timeout' })).tone).toBe('bad')
  })
})

describe('the sentence of a height', () => {
  const votes = [
    vote('Lodestone', 400_000, { prePrepareMs: 64, prepareMs: 96, commitMs: 219 }),
    vote('Kestrel', 152_000, { prepareMs: 148, commitMs: 220 }),
    vote('Tern', 129_000, { prepareMs: 148 }),
    vote('Marram', 256_000),
    vote('Bodø', 63_000, { silentSinceHeight: 48_196 }),
  ]
  const prepared = view({ votes, preparedMs: 148, preparePower: 681_000, commitPower: 552_000 })

  it('names the smallest vote that would do', () => {
    expect(plain(heightSentence(prepared))).toBe(
      'Prepared at 148 ms. Commit needs 11.5 % more of the power; Tern alone would do.',
    )
  })

  it('follows the phases', () => {
    const none = view({ votes: [vote('Kestrel', 1_000_000)], blockId: null })
    expect(heightSentence(none)).toBe('Waiting for Kestrel to propose.')
    const proposed = view({ votes, preparePower: 552_000 })
    expect(plain(heightSentence(proposed))).toMatch(/^Proposed at 64 ms\. Prepare needs 11\.5 %/)
    const past = view({ votes, live: false, committedMs: 384, commitPower: 681_000 })
    expect(plain(heightSentence(past))).toBe(
      'Decided after 384 ms with 68.1 % of the power, without Tern, Marram and Bodø.',
    )
  })

  it('says who must come back when those heard are not enough', () => {
    const stuck = view({
      votes: [
        vote('Tern', 500_000, { prePrepareMs: 60, prepareMs: 90 }),
        vote('Bodø', 500_000, { silentSinceHeight: 3 }),
      ],
      preparePower: 500_000,
    })
    expect(heightSentence(stuck)).toContain('all who are heard have voted; Bodø must come back')
  })
})
