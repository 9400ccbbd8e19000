/** Members vote on who may be one, where the chain asks for it. */
import { describe, expect, it } from 'vitest'
import { ADMISSION_VOTES_KEY } from '../state/keys.ts'
import { doubleSign, invalidBlock, recordOf, submit } from './evidence.test-kit.ts'
import { AIT, addressNumber, type ChainOptions, registration, TestChain } from './test-chain.ts'

function chainOf(options: ChainOptions = {}): TestChain {
  const chain = new TestChain({
    funded: [0, 1, 2, 3, 4, 5],
    ...options,
    parameters: { admission: 'authority', ...options.parameters },
  })
  chain.decide([chain.by(4, registration(4))])
  return chain
}

function vote(chain: TestChain, by: number, kind: 'admit' | 'expel', on = 4): string {
  const payload = { type: `validator.${kind}`, validator: addressNumber(on) } as const
  return chain.decide([chain.by(by, payload)]).outcome.receipts[0]!.code
}

const isMember = (chain: TestChain, n: number) =>
  chain.set.members.some(({ address }) => address === addressNumber(n))

describe('admission by authority', () => {
  it('takes more than two thirds of the power', () => {
    const chain = chainOf({ parameters: { epochBlocks: 8 } })
    expect([0, 1].map((n) => vote(chain, n, 'admit'))).toEqual(['ok', 'ok'])
    expect(recordOf(chain, 4).admitted).toBe(false)
    expect(chain.state.get(ADMISSION_VOTES_KEY)).toMatchObject([
      { kind: 'admit', validator: addressNumber(4) },
    ])
    expect(vote(chain, 2, 'admit')).toBe('ok')
    expect(recordOf(chain, 4).admitted).toBe(true)
    expect(chain.state.get(ADMISSION_VOTES_KEY)).toEqual([])
    chain.decide([chain.by(4, { type: 'validator.ready' })])
    chain.decideUntil(17)
    expect(isMember(chain, 4)).toBe(true)
  })

  it('counts power, not heads', () => {
    const chain = chainOf({ validatorStakes: [30_000n, 10_000n, 1_000n, 1_000n].map((ait) => ait * AIT) })
    vote(chain, 0, 'admit')
    expect(recordOf(chain, 4).admitted).toBe(true)
  })

  it('nobody enters without it', () => {
    const chain = chainOf()
    chain.decide([chain.by(4, { type: 'validator.ready' })])
    chain.decideUntil(12)
    expect(isMember(chain, 4)).toBe(false)
  })

  it('is taken away the same way, and the member leaves', () => {
    const chain = chainOf({ parameters: { epochBlocks: 8 } })
    for (const n of [0, 1, 2]) vote(chain, n, 'expel', 3)
    expect(recordOf(chain, 3).admitted).toBe(false)
    chain.decideUntil(17)
    expect(isMember(chain, 3)).toBe(false)
  })

  it('votes lapse with the epoch', () => {
    const chain = chainOf()
    for (const n of [0, 1]) vote(chain, n, 'admit')
    chain.decideUntil(5)
    expect(chain.state.get(ADMISSION_VOTES_KEY)).toEqual([])
    expect(vote(chain, 2, 'admit')).toBe('ok')
    expect(recordOf(chain, 4).admitted).toBe(false)
  })

  it('refuses who has no vote, votes twice, or votes on nobody', () => {
    const chain = chainOf({ parameters: { epochBlocks: 20 } })
    expect(vote(chain, 4, 'admit')).toBe('not-a-member')
    expect(vote(chain, 5, 'admit')).toBe('unknown-validator')
    expect(vote(chain, 0, 'admit', 5)).toBe('unknown-validator')
    expect([vote(chain, 0, 'admit'), vote(chain, 0, 'admit')]).toEqual(['ok', 'already-voted'])
    submit(chain, 5, invalidBlock(chain, 3, 2))
    expect(vote(chain, 3, 'admit')).toBe('validator-jailed')
    submit(chain, 5, doubleSign(chain, 3, 2))
    expect(vote(chain, 3, 'admit')).toBe('tombstoned')
  })

  it('has no place where stake is enough', () => {
    const chain = chainOf({ parameters: { admission: 'stake' } })
    expect([vote(chain, 0, 'admit'), vote(chain, 0, 'expel')]).toEqual([
      'admission-by-stake',
      'admission-by-stake',
    ])
  })
})

it('in jail there is one way to speak', () => {
  const chain = chainOf()
  submit(chain, 5, invalidBlock(chain, 3, 1))
  const { releasesAtMs } = recordOf(chain, 3).jail!
  for (const what of ['ready', 'pause', 'resume', 'exit'] as const) {
    const [receipt] = chain.decide([chain.by(3, { type: `validator.${what}` })]).outcome.receipts
    expect(receipt).toMatchObject({ code: 'validator-jailed', data: { releasesAtMs: String(releasesAtMs) } })
  }
  const options = { timestampMs: releasesAtMs }
  const [receipt] = chain.decide([chain.by(3, { type: 'validator.unjail' })], options).outcome.receipts
  expect(receipt!.code).toBe('ok')
  expect(chain.decide([chain.by(3, { type: 'validator.pause' })]).outcome.receipts[0]!.code).toBe('ok')
})
