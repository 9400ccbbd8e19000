/** Blocks of a chain, as the detectors of attacks see them. */
import { describe, expect, it } from 'vitest'
import { AIT, addressNumber, type BlockOptions, TestChain } from '../execution/test-chain.ts'
import { multisigAddress, sortedMembers } from '../protocol/multisig-account.ts'
import type { Payload, VerifiedTransaction } from '../protocol/transaction.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'
import { blockFacts } from './block-facts.ts'

const [ANNA, BEN, NEWCOMER] = [4, 5, 20] as const
const to = addressNumber

const chainOf = (parameters = {}) => new TestChain({ funded: [0, 1, 2, 3, ANNA, BEN], parameters })

/** The next block, decided, as facts. */
function factsOf(chain: TestChain, candidates: readonly VerifiedTransaction[], options: BlockOptions = {}) {
  const parentCertificate = chain.certificate(options.absent)
  const { header, transactions, outcome } = chain.decide(candidates, options)
  const body = {
    transactions: transactions.map(({ transaction }) => transaction),
    evidence: [],
    parentCertificate,
  }
  const source = {
    state: chain.state,
    setAt: (height: number) => ({
      set: validatorSetOf(chain.state, epochOf(height, chain.state.parameters)),
    }),
  }
  return blockFacts(source, { block: { header, body }, receipts: outcome.receipts })
}

/** The only transaction of the next block. */
function oneOf(chain: TestChain, n: number, payload: Payload) {
  const { transactions } = factsOf(chain, [chain.by(n, payload)])
  expect(transactions).toHaveLength(1)
  return transactions[0]!
}

const delegate = (validator: number, amount: bigint) =>
  ({ type: 'stake.delegate', validator: to(validator), amount }) as const
const transfer = (n: number, amount: bigint) => ({ type: 'transfer', to: to(n), amount }) as const

describe('a block', () => {
  it('has its header, what each used, and whom each names', () => {
    const chain = chainOf()
    const facts = factsOf(chain, [chain.by(ANNA, transfer(BEN, AIT)), chain.by(BEN, delegate(1, 9n * AIT))])
    const { height, timestampMs, proposer, baseFeePerGas, gasUsed } = chain.parent.header!
    expect(facts).toMatchObject({ height, timeMs: timestampMs, proposer, baseFee: baseFeePerGas, gasUsed })
    expect(gasUsed).toBe(81_000)
    const byType = new Map(facts.transactions.map((each) => [each.type, each]))
    expect(byType.get('transfer')).toEqual({
      sender: to(ANNA),
      party: to(ANNA),
      type: 'transfer',
      gas: 21_000,
      counterparties: [to(BEN)],
      stake: [],
      done: true,
    })
    expect(byType.get('stake.delegate')).toMatchObject({ gas: 60_000, counterparties: [to(1)], done: true })
  })

  it('tells who of its parent’s set signed, and excuses a declared pause', () => {
    const chain = chainOf()
    expect(factsOf(chain, []).signers).toEqual([])
    factsOf(chain, [chain.by(2, { type: 'validator.pause' })])
    const { signers } = factsOf(chain, [], { absent: [to(1), to(2)] })
    expect(new Map(signers.map(({ validator, signed }) => [validator, signed]))).toEqual(
      new Map([
        [to(0), true],
        [to(1), false],
        [to(3), true],
      ]),
    )
    // A signature of who is excused counts all the same.
    expect(factsOf(chain, []).signers).toHaveLength(4)
  })
})

describe('a party', () => {
  it('is who funded the account, or the account', () => {
    const chain = chainOf()
    expect(oneOf(chain, ANNA, transfer(NEWCOMER, 100n * AIT)).party).toBe(to(ANNA))
    oneOf(chain, BEN, transfer(NEWCOMER, 100n * AIT))
    expect(oneOf(chain, NEWCOMER, transfer(BEN, AIT))).toMatchObject({
      sender: to(NEWCOMER),
      party: to(ANNA),
    })
  })
})

describe('stake that moves', () => {
  it('is told of each operation, with where it goes and where it comes from', () => {
    const chain = chainOf()
    const payloads = [delegate(1, 9n * AIT), delegate(2, 5n * AIT)]
    expect(oneOf(chain, ANNA, { type: 'batch', payloads })).toMatchObject({
      counterparties: [to(1), to(2)],
      stake: [[{ validator: to(1), change: 9n * AIT }], [{ validator: to(2), change: 5n * AIT }]],
    })
    const amount = 4n * AIT
    expect(oneOf(chain, ANNA, { type: 'stake.redelegate', from: to(1), to: to(3), amount }).stake).toEqual([
      [
        { validator: to(1), change: -amount },
        { validator: to(3), change: amount },
      ],
    ])
    expect(oneOf(chain, ANNA, { type: 'stake.undelegate', validator: to(2), amount }).stake).toEqual([
      [{ validator: to(2), change: -amount }],
    ])
    expect(oneOf(chain, ANNA, { type: 'stake.compound', validator: to(2), enabled: true }).stake).toEqual([])
  })

  it('of an operation that failed is none, but for what the cool-down refused', () => {
    const chain = chainOf({ stakeOperationsPerWindow: 1 })
    const refused = { type: 'stake.undelegate', validator: to(1), amount: AIT } as const
    expect(oneOf(chain, ANNA, refused)).toMatchObject({ done: false, stake: [], counterparties: [to(1)] })
    expect(oneOf(chain, ANNA, delegate(1, 9n * AIT)).done).toBe(true)
    expect(oneOf(chain, ANNA, delegate(1, 2n * AIT))).toMatchObject({
      done: false,
      stake: [[{ validator: to(1), change: 2n * AIT }]],
    })
  })
})

it('an account of several is named by what its members do with it', () => {
  const chain = chainOf()
  const terms = { threshold: 1, members: sortedMembers([ANNA, BEN].map(to)) }
  const account = multisigAddress({ ...terms, creator: to(ANNA), nonce: 0, place: 0 })
  expect(oneOf(chain, ANNA, { type: 'multisig.create', ...terms }).counterparties).toEqual([])
  const payload = transfer(BEN, AIT)
  const proposed = oneOf(chain, ANNA, { type: 'multisig.propose', account, payload, expiresAtHeight: 99 })
  expect(proposed).toMatchObject({ counterparties: [account], done: true })
  expect(oneOf(chain, BEN, { type: 'multisig.execute', account, proposal: 0 })).toMatchObject({
    counterparties: [account],
    done: false,
  })
})
