import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHAIN_ID, follow, LightChain, type Member, policyAt } from './light-chain.test-kit.ts'
import { trustCheckpoint } from './trusted-state.ts'

const EQUAL: readonly Member[] = [
  [0, 1n],
  [1, 1n],
  [2, 1n],
  [3, 1n],
]
/** Epoch after epoch one of four goes and one comes. */
const drifting = (epochs: number): Member[][] =>
  Array.from({ length: epochs }, (_, e) => [0, 1, 2, 3].map((i): Member => [e + i, 1n]))

const epochsOf = fc.array(
  fc
    .uniqueArray(fc.integer({ min: 0, max: 11 }), { minLength: 1, maxLength: 5 })
    .chain((keys) =>
      fc.tuple(...keys.map((key) => fc.bigInt({ min: 1n, max: 99n }).map((power): Member => [key, power]))),
    ),
  { minLength: 1, maxLength: 7 },
)

describe('one header an epoch', () => {
  it('begins with block 1, which names the genesis, and ends at the wanted height', async () => {
    const chain = new LightChain({ epochs: drifting(5), epochBlocks: 4 })
    const policy = policyAt(chain.endMs)
    const result = await follow({
      from: chain.genesis,
      to: 18,
      source: (height) => chain.block(height),
      policy,
    })
    expect(result).toMatchObject({ ok: true, value: { asked: [1, 8, 12, 16, 18] } })
    if (result.ok)
      expect(result.value.verified.map((each) => each.rule)).toEqual([
        'same-epoch',
        'next-epoch',
        'next-epoch',
        'next-epoch',
        'next-epoch',
      ])
  })

  it('asks for nothing when it is there already', async () => {
    const chain = new LightChain({ epochs: [EQUAL] })
    const block = chain.block(2)
    const trusted = trustCheckpoint({ height: 2, blockId: block.id }, CHAIN_ID, block)
    if (!trusted.ok) throw new Error(trusted.fault.code)
    const source = () => {
      throw new Error('nothing is needed')
    }
    expect(await follow({ from: trusted.value, to: 2, source, policy: policyAt(chain.endMs) })).toEqual({
      ok: true,
      value: { asked: [], verified: [] },
    })
  })

  it('refuses another height than the one it asked for', async () => {
    const chain = new LightChain({ epochs: drifting(3) })
    const result = await follow({
      from: chain.genesis,
      to: 9,
      source: (height) => chain.block(height === 6 ? 5 : height),
      policy: policyAt(chain.endMs),
    })
    expect(result).toMatchObject({
      ok: false,
      fault: { code: 'wrong-height', data: { expected: 6, found: 5 } },
    })
  })
})

describe('skipping', () => {
  it('goes to the end at once while the set is the same', async () => {
    const chain = new LightChain({ epochs: Array.from({ length: 30 }, () => EQUAL) })
    const source = (height: number) => chain.block(height)
    const policy = policyAt(chain.endMs)
    const result = await follow({ from: chain.genesis, to: 90, source, policy, strategy: 'skipping' })
    expect(result).toMatchObject({ ok: true, value: { asked: [1, 90] } })
  })

  it('halves the distance where the set has changed too much, and asks for no height twice', async () => {
    const chain = new LightChain({ epochs: drifting(24) })
    const source = (height: number) => chain.block(height)
    const policy = policyAt(chain.endMs)
    const result = await follow({ from: chain.genesis, to: 72, source, policy, strategy: 'skipping' })
    if (!result.ok) throw new Error(result.fault.code)
    const { asked, verified } = result.value
    expect(new Set(asked).size).toBe(asked.length)
    expect(verified.at(-1)!.trusted.blockId).toBe(chain.block(72).id)
    expect(verified.some((each) => each.rule === 'skip')).toBe(true)
  })

  it('from a genesis that is older than the trusting period goes by epochs until it may', async () => {
    const chain = new LightChain({ epochs: Array.from({ length: 10 }, () => EQUAL) })
    const source = (height: number) => chain.block(height)
    const policy = policyAt(chain.endMs, { trustingPeriodMs: 12_500 })
    const result = await follow({ from: chain.genesis, to: 30, source, policy, strategy: 'skipping' })
    expect(result).toMatchObject({ ok: true, value: { asked: [1, 6, 9, 12, 15, 18, 21, 30] } })
  })
})

describe('whatever the sets do', () => {
  it('a chain is followed by epochs and by skipping, to the same block', async () => {
    await fc.assert(
      fc.asyncProperty(
        epochsOf,
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        async (epochs, epochBlocks, pick) => {
          const chain = new LightChain({ epochs, epochBlocks })
          const to = 1 + (pick % chain.lastHeight)
          const common = { from: chain.genesis, to, policy: policyAt(chain.endMs) }
          const source = (height: number) => chain.block(height)
          for (const strategy of ['epochs', 'skipping'] as const) {
            const result = await follow({ ...common, source, strategy })
            if (!result.ok) throw new Error(result.fault.code)
            expect(result.value.verified.at(-1)!.trusted.blockId).toBe(chain.block(to).id)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('a fork by keys that hold at most a third of every set on the way is refused', async () => {
    // Keys 0 to 2 are stolen: 3 of the 9 of every epoch, which is a third exactly.
    const honest = Array.from({ length: 6 }, (_, e) => [
      0,
      1,
      2,
      ...[0, 1, 2, 3, 4, 5].map((i) => 20 + 6 * (e % 2) + i),
    ])
    const members = honest.map((keys) => keys.map((key): Member => [key, 1n]))
    const chain = new LightChain({ epochs: members })
    const fork = new LightChain({
      epochs: [members[0]!, ...members.slice(1).map(() => [0, 1, 2].map((key): Member => [key, 1n]))],
    })
    for (const strategy of ['epochs', 'skipping'] as const) {
      const result = await follow({
        from: chain.genesis,
        to: 18,
        source: (height) => (height === 1 ? chain : fork).block(height),
        policy: policyAt(chain.endMs),
        strategy,
      })
      expect(result).toMatchObject({ ok: false, fault: { code: 'wrong-validators' } })
    }
  })
})
