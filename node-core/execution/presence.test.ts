/** Windows of ten blocks, epochs of five: who is away, who is slow, and what it costs. */
import { describe, expect, it } from 'vitest'
import { SLASHES_KEY } from '../state/keys.ts'
import { stakeOf } from '../state/records.ts'
import { recordOf } from './evidence.test-kit.ts'
import { AIT, addressNumber, type ChainOptions, TestChain } from './test-chain.ts'

const STAKE = 10_000n * AIT
const WINDOW = 10

function chainOf(parameters: ChainOptions['parameters'] = {}): TestChain {
  return new TestChain({ parameters: { presenceWindowBlocks: WINDOW, ...parameters } })
}

/** Blocks up to this height, without the signature of validator 3. The certificate of a height is in the block after it. */
function without3(chain: TestChain, height: number, proposer = 0): void {
  const proposers = { proposer: addressNumber(proposer) }
  while (chain.height < height) chain.decide([], { absent: [addressNumber(3)], ...proposers })
}

/** Until the window that is in progress has been judged, everybody signing. */
function endWindow(chain: TestChain): void {
  const end = Math.ceil(chain.height / WINDOW) * WINDOW + 1
  while (chain.height < end) chain.decide([], { proposer: addressNumber(0) })
}

function bringBack(chain: TestChain): void {
  const { jail } = recordOf(chain, 3)
  const payloads = [chain.by(3, { type: 'validator.unjail' })]
  const timestampMs = jail!.releasesAtMs
  expect(chain.decide(payloads, { timestampMs }).outcome.receipts[0]!.code).toBe('ok')
  while (!chain.set.members.some(({ address }) => address === addressNumber(3))) {
    const ready = [chain.by(3, { type: 'validator.ready' })]
    chain.decide(ready, { proposer: addressNumber(0) })
  }
}

/** Away for a whole window of its own membership. */
function beAway(chain: TestChain): void {
  endWindow(chain)
  without3(chain, chain.height + WINDOW)
}

describe('away for more than half of a window', () => {
  it('means jail, and no stake is lost', () => {
    const chain = chainOf()
    without3(chain, 7)
    expect(recordOf(chain, 3).jail).toBeNull()
    endWindow(chain)
    expect(recordOf(chain, 3)).toMatchObject({ jail: { reason: 'unavailable' }, unavailable: { count: 1 } })
    expect(recordOf(chain, 3).jail!.releasesAtMs).toBe(chain.parent.timestampMs + 30_000)
    expect(stakeOf(recordOf(chain, 3))).toBe(STAKE)
    expect(chain.state.get(SLASHES_KEY)).toBeNull()
  })

  it('half of it is none', () => {
    const chain = chainOf()
    without3(chain, 6)
    endWindow(chain)
    expect(recordOf(chain, 3)).toMatchObject({ jail: null, unavailable: { count: 0 } })
  })

  it('a third time costs a tenth, and the count begins anew', () => {
    const chain = chainOf({ unbondingMs: 100_000_000 })
    for (const times of [1, 2]) {
      beAway(chain)
      expect(recordOf(chain, 3).unavailable.count).toBe(times)
      bringBack(chain)
    }
    const before = stakeOf(recordOf(chain, 3))
    beAway(chain)
    const [slashed] = chain.state.get(SLASHES_KEY)!.slashes
    expect(slashed).toMatchObject({
      validator: addressNumber(3),
      offence: 'unavailable',
      fraction: 100_000,
      reporter: null,
    })
    expect(before - stakeOf(recordOf(chain, 3))).toBe(slashed!.amount)
    expect(slashed!.amount).toBeGreaterThan(0n)
    expect(recordOf(chain, 3)).toMatchObject({ jail: { reason: 'unavailable' }, unavailable: { count: 0 } })
  })

  it('is forgotten after an unbonding period without another', () => {
    const chain = chainOf({ unbondingMs: 60_000 })
    beAway(chain)
    bringBack(chain)
    chain.decide([], { timestampMs: chain.parent.timestampMs + 60_001 })
    beAway(chain)
    expect(recordOf(chain, 3).unavailable.count).toBe(1)
  })

  it('in a declared pause it is nobody’s business', () => {
    const chain = chainOf()
    chain.decide([chain.by(3, { type: 'validator.pause' })])
    without3(chain, 12)
    expect(recordOf(chain, 3)).toMatchObject({ jail: null, unavailable: { count: 0 } })
  })

  it('and so on the way out', () => {
    const chain = chainOf({ epochBlocks: 40 })
    chain.decide([chain.by(3, { type: 'validator.exit' })])
    without3(chain, 12)
    expect(recordOf(chain, 3)).toMatchObject({ jail: null, unavailable: { count: 0 } })
  })

  it('a jailed one that is still in the set is not jailed again', () => {
    const chain = chainOf({ epochBlocks: 40 })
    without3(chain, 31)
    expect(recordOf(chain, 3).unavailable.count).toBe(1)
  })
})

describe('awake and in too few certificates', () => {
  /** One window in which validator 3 proposes a block and its COMMIT is in none. */
  function beSlow(chain: TestChain): void {
    endWindow(chain)
    chain.decide([], { absent: [addressNumber(3)], proposer: addressNumber(3) })
    without3(chain, chain.height + WINDOW - 1)
  }

  it('lowers the score each time, and costs a twentieth at the fifth', () => {
    const chain = chainOf({ epochBlocks: 1_000, unbondingMs: 100_000_000 })
    const scores: number[] = []
    for (let times = 1; times <= 5; times++) {
      expect(stakeOf(recordOf(chain, 3))).toBe(STAKE)
      beSlow(chain)
      endWindow(chain)
      scores.push(recordOf(chain, 3).performance)
    }
    expect(scores.toSorted((a, b) => b - a)).toEqual(scores)
    expect(scores[0]).toBeLessThan(1_000_000)
    expect(new Set(scores).size).toBe(5)
    expect(stakeOf(recordOf(chain, 3))).toBe((STAKE * 95n) / 100n)
    expect(recordOf(chain, 3)).toMatchObject({ jail: null, slow: { count: 0 }, unavailable: { count: 0 } })
  })
})
