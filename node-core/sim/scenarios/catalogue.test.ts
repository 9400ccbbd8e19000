import { describe, expect, it } from 'vitest'
import { ENGINES } from '../engines.ts'
import { SCENARIOS } from './catalogue.ts'

/** A run of whole nodes costs a hundred of the core. */
const SEEDS = { core: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], node: [1, 2] } as const

describe('runs with a name', () => {
  for (const [name, { engines, make, seeds }] of Object.entries(SCENARIOS))
    for (const engine of engines)
      it(`${name} on the ${engine} engine`, async () => {
        for (const seed of seeds ?? SEEDS[engine])
          expect((await ENGINES[engine](make(seed))).violation, `seed ${seed}`).toBeNull()
      })

  it('damaged-page: what is damaged is found, more often than once a run', async () => {
    const { make } = SCENARIOS['damaged-page']!
    const result = await ENGINES.node(make(3))
    expect(result.damagedStores).toBeGreaterThan(3)
    expect(result).toMatchObject({ violation: null })
  })
})
