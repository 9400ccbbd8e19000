import { describe, expect, it } from 'vitest'
import { readParameters } from '../chain-parameters.ts'
import { rewardFor, sendingEffects } from './evidence-words.ts'

const AIT = 1_000_000_000n

describe('sending evidence', () => {
  const terms = readParameters({ doubleSignSlash: 500_000, reporterShare: 50_000 })

  it('brings the reporter its share of what the offence costs', () => {
    expect(rewardFor(1_100n * AIT, terms)).toBe(27_500_000_000n)
    expect(rewardFor(1n, terms)).toBe(0n)
    expect(rewardFor(1_100n * AIT, readParameters({}))).toBeNull()
  })

  it('says who loses what, who gets what, and that nothing has to be done', () => {
    const [lost, won, need] = sendingEffects('Tern', terms).map((line) => line.replaceAll('\u00a0', ' '))
    expect(lost).toMatch(/^50 % of the stake behind Tern is taken, that of its delegators too/)
    expect(won).toMatch(/^5 % of what is taken is yours, if yours is the first/)
    expect(need).toContain('by themselves')
    expect(sendingEffects('Tern', readParameters({})).join(' ')).not.toMatch(/null|NaN|undefined/)
  })
})
