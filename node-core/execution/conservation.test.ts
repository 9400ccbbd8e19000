import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Admission } from '../protocol/genesis.ts'
import { hashBytes } from '../protocol/hash.ts'
import type { Offence } from '../protocol/offence.ts'
import { assertConserved, assertRecounted, ConservationBreach } from '../state/invariants.ts'
import { accountKey, SUPPLY_KEY } from '../state/keys.ts'
import { accountOf, supplyOf, totalSupply } from '../state/ledger.ts'
import { verifyProof } from '../state/proof.ts'
import { ChainState } from '../state/store.ts'
import { RandomRun } from './random-run.test-kit.ts'
import { FAMILIES } from './random-traffic.test-kit.ts'
import { addressNumber, TestChain } from './test-chain.ts'

const RUNS = 6
const BLOCKS = 300
const ADMISSIONS: readonly Admission[] = ['stake', 'authority']
const OFFENCES: readonly Offence[] = ['double-sign', 'amnesia', 'invalid-block', 'unavailable', 'slow']

function conserving(seed: number, admission: Admission): RandomRun {
  const run = new RandomRun(seed, admission)
  for (let block = 0; block < BLOCKS; block++) run.step()
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
  return run
}

const namesOf = ({ outcomes, punishments }: RandomRun) => [...outcomes.keys(), ...punishments.keys()]

describe('any run of blocks', () => {
  it('conserves money, agrees with the plain model, checks what it proposes and stores what it is', {
    timeout: 120_000,
  }, () => {
    const happened = new Set<string>()
    fc.assert(
      fc.property(fc.noShrink(fc.integer()), (seed) => {
        for (const admission of ADMISSIONS)
          for (const name of namesOf(conserving(seed, admission))) happened.add(name)
      }),
      { numRuns: RUNS },
    )
    expect(Object.keys(FAMILIES).filter((type) => !happened.has(`${type} ok`))).toEqual([])
    expect(OFFENCES.filter((offence) => !happened.has(`slash ${offence}`))).toEqual([])
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
