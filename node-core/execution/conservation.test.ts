import { describe, expect, it } from 'vitest'
import { hashBytes } from '../protocol/hash.ts'
import { assertConserved, assertRecounted, ConservationBreach } from '../state/invariants.ts'
import { accountKey, SUPPLY_KEY } from '../state/keys.ts'
import { accountOf, supplyOf, totalSupply } from '../state/ledger.ts'
import { verifyProof } from '../state/proof.ts'
import { ChainState } from '../state/store.ts'
import { RandomRun } from './random-run.test-kit.ts'
import { FAMILIES } from './random-traffic.test-kit.ts'
import { addressNumber, TestChain } from './test-chain.ts'

const SEEDS = [1, 2, 3]
const BLOCKS = 200

describe('any run of blocks', () => {
  it.each(SEEDS)(
    'conserves money, agrees with the plain model, checks what it proposes and stores what it is: seed %i',
    { timeout: 60_000 },
    (seed) => {
      const run = new RandomRun(seed)
      for (let block = 0; block < BLOCKS; block++) run.step()
      for (const type of Object.keys(FAMILIES))
        expect([type, run.outcomes.get(`${type} ok`) ?? 0]).not.toEqual([type, 0])
      const { chain } = run
      const supply = supplyOf(chain.state)
      expect(totalSupply(supply)).toBe(
        supply.balances + supply.bonded + supply.unbonding + supply.rewardPool + supply.rewards,
      )

      const loaded = ChainState.load([...chain.stored.values()])
      if (!loaded.ok) throw new Error(loaded.code)
      expect(loaded.state.root()).toBe(chain.parent.header!.stateRoot)
      const { key, proof } = loaded.state.prove(accountKey(addressNumber(3)))
      expect(verifyProof(hashBytes(chain.parent.header!.stateRoot), key, proof).ok).toBe(true)
    },
  )
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
