import { describe, expect, it } from 'vitest'
import { ENGINES } from '../engines.ts'
import { SCENARIOS } from './catalogue.ts'

/** A run of whole nodes costs a hundred of the core. */
const SEEDS = { core: 10, node: 2 } as const

describe('runs with a name', () => {
  for (const [name, { engines, make }] of Object.entries(SCENARIOS))
    for (const engine of engines)
      it(`${name}: ${SEEDS[engine]} seeds of the ${engine} engine`, async () => {
        for (let seed = 1; seed <= SEEDS[engine]; seed++)
          expect((await ENGINES[engine](make(seed))).violation).toBeNull()
      })

  it('damaged-page: what is damaged is found, more often than once a run', async () => {
    const { make } = SCENARIOS['damaged-page']!
    const result = await ENGINES.node(make(3))
    expect(result.damagedStores).toBeGreaterThan(3)
    expect(result).toMatchObject({ violation: null })
  })
})
