import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashBytes } from '../protocol/hash.ts'
import type { Payload, SinglePayload } from '../protocol/transaction.ts'
import { assertConserved, assertRecounted, ConservationBreach } from '../state/invariants.ts'
import { accountKey, SUPPLY_KEY } from '../state/keys.ts'
import { accountOf, supplyOf, totalSupply } from '../state/ledger.ts'
import { verifyProof } from '../state/proof.ts'
import { ChainState } from '../state/store.ts'
import { AIT, addressNumber, registration, TestChain, transactionBy } from './test-chain.ts'

const people = fc.integer({ min: 0, max: 9 })

const operations: fc.Arbitrary<(n: number) => SinglePayload> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(people, fc.bigInt({ min: 0n, max: 60_000n })).map(
      ([to, ait]) =>
        () =>
          ({ type: 'transfer', to: addressNumber(to), amount: ait * AIT }) as const,
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .bigInt({ min: 1_000n, max: 20_000n })
      .map((ait) => (n: number) => registration(n, ait * AIT)),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('validator.ready', 'validator.pause', 'validator.resume', 'validator.exit')
      .map((type) => () => ({ type }) as const),
  },
)

const payloads: fc.Arbitrary<(n: number) => Payload> = fc.oneof(
  { weight: 6, arbitrary: operations },
  { weight: 1, arbitrary: fc.constant(() => ({ type: 'faucet.drip' }) as const) },
  {
    weight: 2,
    arbitrary: fc
      .array(operations, { minLength: 1, maxLength: 4 })
      .map((list) => (n: number) => ({ type: 'batch', payloads: list.map((make) => make(n)) }) as const),
  },
)

const transactions = fc.record({
  n: people,
  make: payloads,
  tip: fc.bigInt({ min: 0n, max: 500n }),
  gap: fc.constantFrom(0, 0, 0, 0, 1),
})
const blocks = fc.array(
  fc.record({
    list: fc.array(transactions, { maxLength: 8 }),
    wait: fc.nat(200_000),
    absent: fc.subarray([0, 1, 2, 3]),
  }),
  { minLength: 1, maxLength: 16 },
)

describe('any run of blocks', () => {
  it('conserves money, counts nonces, checks what it proposes and stores what it is', () => {
    fc.assert(
      fc.property(blocks, (run) => {
        const chain = new TestChain({
          funded: [0, 1, 2, 3, 4, 5],
          parameters: { unbondingMs: 60_000, faucetIntervalBlocks: 2 },
        })
        const included = new Map<number, number>()
        for (const { list, wait, absent } of run) {
          const offered = new Map<number, number>()
          const candidates = list.map(({ n, make, tip, gap }) => {
            const nonce = chain.nonceOf(n) + (offered.get(n) ?? 0) + gap
            offered.set(n, (offered.get(n) ?? 0) + 1)
            return transactionBy(n, make(n), { nonce, tip, maxFeePerGas: 5_000n })
          })
          const { transactions: taken, outcome } = chain.decide(candidates, {
            timestampMs: chain.parent.timestampMs + wait,
            absent: absent.map(addressNumber),
          })
          expect(outcome.receipts).toHaveLength(taken.length)
          for (const { transaction } of taken) {
            const n = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find(
              (each) => addressNumber(each) === transaction.sender,
            )!
            included.set(n, (included.get(n) ?? 0) + 1)
          }
          assertRecounted(chain.state)
        }
        for (let n = 0; n < 10; n++) expect(chain.nonceOf(n)).toBe(included.get(n) ?? 0)
        const supply = supplyOf(chain.state)
        expect(totalSupply(supply)).toBe(
          supply.balances + supply.bonded + supply.unbonding + supply.rewardPool,
        )

        const loaded = ChainState.load([...chain.stored.values()])
        if (!loaded.ok) throw new Error(loaded.code)
        expect(loaded.state.root()).toBe(chain.parent.header!.stateRoot)
        const { key, proof } = loaded.state.prove(accountKey(addressNumber(3)))
        expect(verifyProof(hashBytes(chain.parent.header!.stateRoot), key, proof).ok).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a breach', () => {
  it('of the totals is thrown with the figures', () => {
    const overlay = new TestChain().state.overlay()
    overlay.set(SUPPLY_KEY, { ...supplyOf(overlay), burned: 1n })
    expect(() => assertConserved(overlay)).toThrow(ConservationBreach)
    expect(() => assertConserved(overlay)).toThrow('burned 1')
  })

  it('between records and totals is found by the recount', () => {
    const overlay = new TestChain().state.overlay()
    const account = accountOf(overlay, addressNumber(1))
    overlay.set(accountKey(addressNumber(1)), { ...account, balance: account.balance + 1n })
    assertConserved(overlay)
    expect(() => assertRecounted(overlay)).toThrow('balances counted')
  })
})
