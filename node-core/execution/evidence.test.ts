/** Evidence sent to the chain: what it takes to be believed, and what follows. */
import { describe, expect, it } from 'vitest'
import { ownStake } from '../economy/stakes.ts'
import { encodeEvidenceProof } from '../protocol/evidence-proof.ts'
import { validatorsHash } from '../protocol/hash.ts'
import { assertRecounted } from '../state/invariants.ts'
import { epochKey, keyOwnerKey, SLASHES_KEY, unbondingKey } from '../state/keys.ts'
import { accountOf, supplyOf } from '../state/ledger.ts'
import { stakeOf } from '../state/records.ts'
import { validatorSetOf } from '../state/validator-sets.ts'
import {
  contradiction,
  doubleSign,
  evidence,
  invalidBlock,
  recordOf,
  roundChangeBy,
  setAt,
  submit,
  voteBy,
} from './evidence.test-kit.ts'
import { AIT, addressNumber, consensusKey, registration, TestChain } from './test-chain.ts'

const STAKE = 10_000n * AIT
/** Epochs have 5 blocks; validators 0 … 3 are of the genesis, 4 has money and no stake. */
const REPORTER = 4

function chainAt(height: number, options = {}): TestChain {
  const chain = new TestChain({ funded: [0, 1, 2, 3, 4, 5, 6], ...options })
  chain.decideUntil(height)
  return chain
}

const members = (chain: TestChain, epoch: number) =>
  validatorSetOf(chain.state, epoch).members.map(({ address }) => address)

const PAIRS = [
  { shown: 'two PRE-PREPAREs', type: 'pre-prepare' },
  { shown: 'two PREPAREs', type: 'prepare' },
  { shown: 'two COMMITs', type: 'commit' },
] as const

describe('proof of an offence', () => {
  it.each(PAIRS)('$shown cost half of the stake, and the validator is removed for good', ({ type }) => {
    const chain = chainAt(3)
    const { burned } = supplyOf(chain.state)
    const before = accountOf(chain.state, addressNumber(REPORTER)).balance
    const pair = [voteBy(3, 2, 1, { type }), voteBy(3, 2, 2, { type })] as const
    const receipt = submit(chain, REPORTER, contradiction(chain, pair))
    expect(receipt.code).toBe('ok')
    expect(recordOf(chain, 3)).toMatchObject({ tombstoned: true, jail: { reason: 'double-sign' } })
    expect(stakeOf(recordOf(chain, 3))).toBe(STAKE / 2n)
    // A twentieth of it is the reporter's, the rest is gone with half of the base fee.
    const share = STAKE / 40n
    expect(accountOf(chain.state, addressNumber(REPORTER)).balance).toBe(before + share - receipt.feePaid)
    const baseFee = receipt.feePaid - 10n * 80_000n
    expect(supplyOf(chain.state).burned).toBe(burned + STAKE / 2n - share + baseFee / 2n)
    expect(chain.state.get(SLASHES_KEY)).toMatchObject({
      epoch: 0,
      slashes: [
        { offence: 'double-sign', offenceHeight: 2, height: 4, fraction: 500_000, amount: STAKE / 2n },
      ],
    })
    assertRecounted(chain.state)
  })

  it('a COMMIT and a ROUND-CHANGE that forgot it cost as much', () => {
    const chain = chainAt(3)
    const receipt = submit(chain, REPORTER, contradiction(chain, [voteBy(3, 2, 1), roundChangeBy(3, 2, 1)]))
    expect(receipt.code).toBe('ok')
    expect(recordOf(chain, 3)).toMatchObject({ tombstoned: true, jail: { reason: 'amnesia' } })
  })

  it('two ROUND-CHANGEs of one round too', () => {
    const chain = chainAt(3)
    const other = { ...roundChangeBy(3, 2, 1), prepared: { round: 0, blockId: `0x${'11'.repeat(32)}` } }
    const proof = contradiction(chain, [roundChangeBy(3, 2, 1), other as ReturnType<typeof roundChangeBy>])
    expect(submit(chain, REPORTER, proof).code).toBe('ok')
    expect(recordOf(chain, 3).jail?.reason).toBe('double-sign')
  })

  it('a quorum of REJECTs of a signed proposal costs three tenths, and jail that ends', () => {
    const chain = chainAt(3)
    expect(submit(chain, REPORTER, invalidBlock(chain, 3, 2)).code).toBe('ok')
    expect(recordOf(chain, 3)).toMatchObject({ tombstoned: false, jail: { reason: 'invalid-block' } })
    expect(stakeOf(recordOf(chain, 3))).toBe((STAKE * 7n) / 10n)
    const { releasesAtMs } = recordOf(chain, 3).jail!
    const unjail = (timestampMs: number) =>
      chain.decide([chain.by(3, { type: 'validator.unjail' })], { timestampMs }).outcome.receipts[0]!
    expect(unjail(0)).toMatchObject({
      code: 'validator-jailed',
      data: { releasesAtMs: String(releasesAtMs) },
    })
    expect(unjail(releasesAtMs).code).toBe('ok')
    expect(recordOf(chain, 3).jail).toBeNull()
    expect(unjail(0).code).toBe('not-jailed')
  })

  it('takes effect with the first set that is not announced', () => {
    const chain = chainAt(3)
    submit(chain, REPORTER, doubleSign(chain, 3, 2))
    chain.decideUntil(5)
    expect(members(chain, 1)).toContain(addressNumber(3))
    expect(members(chain, 2)).not.toContain(addressNumber(3))
  })
})

describe('refused evidence', () => {
  const REFUSALS: readonly {
    readonly shown: string
    readonly code: string
    readonly proof: (chain: TestChain) => Parameters<typeof evidence>[0]
  }[] = [
    { shown: 'bytes of nothing', code: 'evidence-malformed', proof: () => Uint8Array.of(1, 2, 3) },
    {
      shown: 'a pair in the other order',
      code: 'evidence-malformed',
      proof: (chain) => {
        const proof = doubleSign(chain, 3, 2)
        const { first, second } = proof.pair
        return encodeEvidenceProof({ ...proof, pair: { first: second, second: first } })
      },
    },
    {
      shown: 'a bitmap with more bits than signatures',
      code: 'evidence-malformed',
      proof: (chain) => {
        const proof = invalidBlock(chain, 3, 2)
        return encodeEvidenceProof({ ...proof, signatures: proof.signatures.slice(1) })
      },
    },
    { shown: 'of a height before the first', code: 'evidence-malformed', proof: genesisProof },
    {
      shown: 'of two rounds',
      code: 'evidence-no-offence',
      proof: (chain) => contradiction(chain, [voteBy(3, 2, 1), voteBy(3, 2, 2, { round: 1 })]),
    },
    {
      shown: 'of two senders',
      code: 'evidence-no-offence',
      proof: (chain) => {
        const n = addressNumber(2) < addressNumber(3) ? 2 : 3
        return contradiction(chain, [voteBy(2, 2, 1), voteBy(3, 2, 2)], { n })
      },
    },
    {
      shown: 'of REJECTs that are no quorum',
      code: 'evidence-no-offence',
      proof: (chain) => invalidBlock(chain, 3, 2, [0, 1]),
    },
    {
      shown: 'of a height that is not decided',
      code: 'evidence-too-new',
      proof: (chain) => doubleSign(chain, 3, chain.height + 1),
    },
    {
      shown: 'under the set of another epoch',
      code: 'evidence-wrong-set',
      proof: (chain) => {
        const hash = validatorsHash(validatorSetOf(chain.state, 1))
        return contradiction(chain, [voteBy(3, 2, 1), voteBy(3, 2, 2)], { validatorsHash: hash })
      },
    },
    {
      shown: 'by a key that is nobody’s',
      code: 'evidence-wrong-set',
      proof: (chain) =>
        contradiction(chain, [voteBy(3, 2, 1), voteBy(3, 2, 2)], { validatorKey: consensusKey(9) }),
    },
    {
      shown: 'by the key of another validator',
      code: 'evidence-wrong-set',
      proof: (chain) =>
        contradiction(chain, [voteBy(3, 2, 1), voteBy(3, 2, 2)], { validatorKey: consensusKey(2) }),
    },
    {
      shown: 'against a registered validator that was no member',
      code: 'evidence-wrong-set',
      proof: (chain) => doubleSign(chain, 5, 2),
    },
    {
      shown: 'of rejecters that made up a set',
      code: 'evidence-wrong-set',
      proof: (chain) => {
        const proof = invalidBlock(chain, 3, 2)
        const richer = proof.set.members.map((each) => ({ ...each, power: each.power * 2n }))
        return { ...proof, set: { ...proof.set, members: richer, totalPower: proof.set.totalPower * 2n } }
      },
    },
    {
      shown: 'of a proposer outside of the set',
      code: 'evidence-wrong-set',
      proof: (chain) => invalidBlock(chain, 5, 2),
    },
  ]

  it.each(REFUSALS)('$shown: $code', ({ code, proof }) => {
    const chain = chainAt(2)
    chain.decide([chain.by(5, registration(5))])
    const validators = [0, 1, 2, 3, 5].map((n) => recordOf(chain, n))
    const { bonded, unbonding, rewards } = supplyOf(chain.state)
    expect(submit(chain, REPORTER, proof(chain)).code).toBe(code)
    expect([0, 1, 2, 3, 5].map((n) => recordOf(chain, n))).toEqual(validators)
    expect(supplyOf(chain.state)).toMatchObject({ bonded, unbonding, rewards })
    expect(chain.state.keysOf('evidence')).toEqual([])
  })

  it('doubled, sent again or shown otherwise, it is punished once', () => {
    const chain = chainAt(3)
    const proof = doubleSign(chain, 3, 2)
    const { outcome } = chain.decide([chain.by(4, evidence(proof)), chain.by(5, evidence(proof))])
    expect(outcome.receipts.map(({ code }) => code).sort()).toEqual(['evidence-known', 'ok'])
    const resigned = { ...proof.pair.first, signature: new Uint8Array(64).fill(1) }
    const again = { ...proof, pair: { ...proof.pair, first: resigned } }
    expect(submit(chain, REPORTER, again).code).toBe('evidence-known')
    const other = contradiction(chain, [voteBy(3, 2, 3), voteBy(3, 2, 4)])
    expect(submit(chain, REPORTER, other).code).toBe('evidence-known')
    expect(submit(chain, REPORTER, doubleSign(chain, 3, 1)).code).toBe('tombstoned')
    expect(stakeOf(recordOf(chain, 3))).toBe(STAKE / 2n)
  })

  it('another invalid block of another height is another offence', () => {
    const chain = chainAt(4)
    expect(submit(chain, REPORTER, invalidBlock(chain, 3, 2)).code).toBe('ok')
    expect(submit(chain, REPORTER, invalidBlock(chain, 3, 2, [0, 1, 2, 3])).code).toBe('evidence-known')
    expect(submit(chain, REPORTER, invalidBlock(chain, 3, 3)).code).toBe('ok')
    expect(stakeOf(recordOf(chain, 3))).toBe((STAKE * 4n) / 10n)
  })

  it('it is too old once stake of its epoch may have been withdrawn, and then forgotten', () => {
    const chain = chainAt(3, { parameters: { unbondingMs: 60_000 } })
    const [late, punished] = [doubleSign(chain, 3, 2), invalidBlock(chain, 2, 2)]
    submit(chain, REPORTER, punished)
    chain.decideUntil(6)
    const { endedAtMs } = chain.state.get(epochKey(0))!
    const at = (timestampMs: number) =>
      chain.decide([chain.by(REPORTER, evidence(late))], { timestampMs }).outcome.receipts[0]!.code
    expect(at(endedAtMs! + 60_001)).toBe('evidence-too-old')
    expect(chain.state.keysOf('evidence')).toHaveLength(1)
    chain.decideUntil(10)
    expect(chain.state.get(epochKey(0))).toBeNull()
    expect(at(0)).toBe('evidence-too-old')
    expect(chain.state.keysOf('evidence')).toEqual([])
    expect(recordOf(chain, 3).tombstoned).toBe(false)
  })

  it('at the very end of its time it is still punished', () => {
    const chain = chainAt(3, { parameters: { unbondingMs: 60_000 } })
    const late = doubleSign(chain, 3, 2)
    chain.decideUntil(6)
    const timestampMs = chain.state.get(epochKey(0))!.endedAtMs! + 60_000
    const { outcome } = chain.decide([chain.by(REPORTER, evidence(late))], { timestampMs })
    expect(outcome.receipts[0]!.code).toBe('ok')
  })
})

describe('removed for good', () => {
  it('nothing brings it back, and what is left of its stake can be taken home', () => {
    const chain = chainAt(3)
    submit(chain, REPORTER, doubleSign(chain, 3, 2))
    const { releasesAtMs } = recordOf(chain, 3).jail!
    const codes = (['unjail', 'ready', 'resume', 'exit'] as const).map((what) => {
      const payload = { type: `validator.${what}` } as const
      const { outcome } = chain.decide([chain.by(3, payload)], { timestampMs: releasesAtMs })
      return outcome.receipts[0]!.code
    })
    expect(codes).toEqual(['tombstoned', 'tombstoned', 'tombstoned', 'tombstoned'])
    const take = { type: 'stake.undelegate', validator: addressNumber(3), amount: STAKE / 2n } as const
    expect(chain.decide([chain.by(3, take)]).outcome.receipts[0]!.code).toBe('ok')
    expect(chain.state.get(unbondingKey(0))).toMatchObject({ amount: STAKE / 2n })
    chain.decide([chain.by(3, registration(3))])
    chain.decideUntil(40)
    expect(recordOf(chain, 3)).toMatchObject({ tombstoned: true })
    expect(setAt(chain, 40).members).toHaveLength(3)
  })

  it('its key stays its own', () => {
    const chain = chainAt(3)
    submit(chain, REPORTER, doubleSign(chain, 3, 2))
    chain.decideUntil(30)
    const stolen = { ...registration(4), validatorKey: consensusKey(3) }
    expect(chain.decide([chain.by(4, stolen)]).outcome.receipts[0]!.code).toBe('key-in-use')
  })

  it('one that has left can still be removed, and pays from what it takes along', () => {
    const chain = chainAt(2)
    const proof = doubleSign(chain, 3, 2)
    chain.decide([chain.by(3, { type: 'validator.exit' })])
    chain.decideUntil(11)
    expect(ownStake(chain.state, recordOf(chain, 3))).toBe(0n)
    expect(submit(chain, REPORTER, proof).code).toBe('ok')
    expect(chain.state.get(unbondingKey(0))).toMatchObject({ amount: STAKE / 2n, initialAmount: STAKE })
    const back = chain.decide([chain.by(3, registration(3))]).outcome.receipts[0]!
    expect(back.code).toBe('tombstoned')
  })
})

describe('after a change of keys', () => {
  const rotation = {
    ...registration(8),
    type: 'validator.rotateKey',
    randomnessKey: new Uint8Array(32).fill(88),
  } as const

  function rotated(): TestChain {
    const chain = chainAt(3)
    const { type, validatorKey: key, randomnessKey, validatorKeyProof, randomnessKeyProof } = rotation
    const payload = { type, validatorKey: key, randomnessKey, validatorKeyProof, randomnessKeyProof }
    expect(chain.decide([chain.by(3, payload)]).outcome.receipts[0]!.code).toBe('ok')
    return chain
  }
  const keyIn = (chain: TestChain, epoch: number) =>
    validatorSetOf(chain.state, epoch).members.find(({ address }) => address === addressNumber(3))!
      .validatorKey

  it('the first set that is not announced names the new ones', () => {
    const chain = rotated()
    chain.decideUntil(5)
    expect([0, 1, 2].map((epoch) => keyIn(chain, epoch))).toEqual([
      consensusKey(3),
      consensusKey(3),
      consensusKey(8),
    ])
    const { randomnessKey } = validatorSetOf(chain.state, 2).members.find(
      ({ address }) => address === addressNumber(3),
    )!
    expect(randomnessKey).toEqual(rotation.randomnessKey)
  })

  it('an offence by the old key is punished', () => {
    const chain = rotated()
    const proof = doubleSign(chain, 3, 2)
    chain.decideUntil(12)
    expect(submit(chain, REPORTER, proof).code).toBe('ok')
    expect(recordOf(chain, 3).tombstoned).toBe(true)
  })

  it('one by the new key too; the old one says nothing any more, whoever has it', () => {
    const chain = rotated()
    chain.decideUntil(12)
    const votes = [voteBy(3, 12, 1), voteBy(3, 12, 2)] as const
    expect(submit(chain, REPORTER, contradiction(chain, votes)).code).toBe('evidence-wrong-set')
    const proof = contradiction(chain, votes, { validatorKey: consensusKey(8) })
    expect(submit(chain, REPORTER, proof).code).toBe('ok')
  })

  it('the next change waits for an unbonding period, and no key is used twice', () => {
    const chain = rotated()
    const { rotatedAtMs } = recordOf(chain, 3)
    const next = (timestampMs: number, key: Uint8Array) => {
      const { randomnessKey, validatorKeyProof, randomnessKeyProof } = registration(9)
      const keys = { validatorKey: key, randomnessKey, validatorKeyProof, randomnessKeyProof }
      const payload = { type: 'validator.rotateKey', ...keys } as const
      return chain.decide([chain.by(3, payload)], { timestampMs }).outcome.receipts[0]!
    }
    expect(next(0, consensusKey(9))).toMatchObject({
      code: 'rotation-too-early',
      data: { nextAtMs: String(rotatedAtMs + 120_000) },
    })
    expect(next(rotatedAtMs + 120_000, consensusKey(2))).toMatchObject({
      code: 'key-in-use',
      data: { address: addressNumber(2) },
    })
    expect(next(0, consensusKey(9)).code).toBe('ok')
    expect(recordOf(chain, 3).validatorKey).toEqual(consensusKey(9))
  })

  it('the old key is forgotten with the last epoch that named it', () => {
    const chain = rotated()
    chain.decideUntil(12)
    expect(chain.state.get(keyOwnerKey(consensusKey(3)))).toEqual({
      address: addressNumber(3),
      fromEpoch: 0,
      untilEpoch: 1,
    })
    chain.decide([], { timestampMs: chain.parent.timestampMs + 200_000 })
    chain.decideUntil(16)
    expect(chain.state.get(keyOwnerKey(consensusKey(3)))).toBeNull()
    expect(chain.state.get(keyOwnerKey(consensusKey(8)))).toMatchObject({ fromEpoch: 2, untilEpoch: null })
  })
})

it('each kind of offence at a height is punished for itself', () => {
  const chain = chainAt(3)
  submit(chain, REPORTER, invalidBlock(chain, 2, 1))
  submit(chain, REPORTER, doubleSign(chain, 2, 1))
  expect(chain.state.keysOf('evidence')).toHaveLength(2)
  expect(recordOf(chain, 2)).toMatchObject({ jail: { reason: 'double-sign' }, tombstoned: true })
})

function genesisProof(chain: TestChain) {
  const hash = validatorsHash(setAt(chain, 1))
  return contradiction(chain, [voteBy(3, 0, 1), voteBy(3, 0, 2)], { validatorsHash: hash })
}
