import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVerifier } from '../adapters/verifier.ts'
import { TestChain } from '../execution/test-chain.ts'
import { encodeHeader } from '../protocol/codec-block.ts'
import { encodeCertificate } from '../protocol/codec-certificate.ts'
import { encodeValidatorSet } from '../protocol/codec-validator-set.ts'
import { blockId, genesisHash, validatorsHash } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import { validatorSetOf } from '../state/validator-sets.ts'
import type { LightResult } from './fault.ts'
import { type EncodedLightBlock, type LightBlock, readLightBlock } from './light-block.ts'
import {
  BLOCK_MS,
  CHAIN_ID,
  certify,
  LightChain,
  type Member,
  policyAt,
  publicKeyOf,
  setOf,
  signWith,
} from './light-chain.test-kit.ts'
import { allowedDriftMs, trustCheckpoint, trustGenesis, trustingPeriodMs } from './trusted-state.ts'
import {
  concludeVerification,
  prepareVerification,
  type VerificationPolicy,
  type VerifiedHeader,
} from './verify-header.ts'

const FOUR: readonly Member[] = [
  [0, 10n],
  [1, 20n],
  [2, 30n],
  [3, 40n],
]
/** Nobody of the four. */
const OTHERS: readonly Member[] = [
  [10, 50n],
  [11, 50n],
  [12, 50n],
]
/** Key 3 of the four stays, with two newcomers. */
const MIXED: readonly Member[] = [
  [3, 40n],
  [10, 30n],
  [11, 30n],
]

const verifier = createVerifier()

async function verify(
  trusted: Parameters<typeof prepareVerification>[0],
  block: LightBlock,
  policy: VerificationPolicy,
): Promise<LightResult<VerifiedHeader>> {
  const prepared = prepareVerification(trusted, block, policy)
  if (!prepared.ok) return prepared
  const verdicts = await Promise.all(
    prepared.value.checks.map(({ key, bytes, signature }) => verifier.verifyEd25519(key, bytes, signature)),
  )
  return concludeVerification(prepared.value, verdicts)
}

async function codeOf(...args: Parameters<typeof verify>): Promise<string> {
  const result = await verify(...args)
  return result.ok ? result.value.rule : result.fault.code
}

function checkpointAt(chain: LightChain, height: number) {
  const block = chain.block(height)
  const trusted = trustCheckpoint({ height, blockId: block.id }, CHAIN_ID, block)
  if (!trusted.ok) throw new Error(trusted.fault.code)
  return trusted.value
}

const chain = new LightChain({ epochs: [FOUR, FOUR, MIXED, OTHERS, OTHERS] })
const policy = policyAt(chain.endMs)

describe('trust begins', () => {
  it('at the genesis with the sets that the chain itself computes', () => {
    const real = new TestChain({
      validatorStakes: [10_000n, 20_000n, 30_000n].map((ait) => ait * 1_000_000_000n),
    })
    const trusted = trustGenesis(real.genesis)
    expect(trusted.set).toEqual(validatorSetOf(real.state, 0))
    expect(trusted.nextValidatorsHash).toBe(validatorsHash(validatorSetOf(real.state, 1)))
    expect(trusted.blockId).toBe(genesisHash(real.genesis))
  })

  it('at a checkpoint whose id the header has', () => {
    const block = chain.block(5)
    expect(trustCheckpoint({ height: 5, blockId: block.id }, CHAIN_ID, block)).toMatchObject({
      ok: true,
      value: { origin: 'checkpoint', height: 5, blockId: block.id, set: chain.set(1) },
    })
  })

  it.each([
    [
      'another block',
      { height: 5, blockId: `0x${'00'.repeat(32)}` as Hash },
      chain.block(5),
      'wrong-checkpoint',
    ],
    ['another height', { height: 6, blockId: chain.block(5).id }, chain.block(5), 'wrong-height'],
    [
      'another set',
      { height: 5, blockId: chain.block(5).id },
      { ...chain.block(5), set: chain.set(0) },
      'set-mismatch',
    ],
    ['another chain', { height: 5, blockId: chain.block(5).id }, chain.block(5), 'wrong-chain', 'other'],
  ])('not with %s', (_, checkpoint, block, code, chainId = CHAIN_ID) => {
    expect(trustCheckpoint(checkpoint, chainId, block)).toMatchObject({ ok: false, fault: { code } })
  })

  it('for less than the unbonding period, and the drift is what honest clocks differ by', () => {
    expect(trustingPeriodMs({ unbondingMs: 21 * 86_400_000 })).toBe(1_209_598_790)
    expect(allowedDriftMs({ clockPrecisionMs: 200, messageDelayMs: 500 })).toBe(900)
  })
})

describe('a header is believed', () => {
  it.each([
    ['in the same epoch', 4, 6, 'same-epoch'],
    ['in the next one', 4, 8, 'next-epoch'],
    ['with a wholly new set, when the set before announced it', 9, 10, 'next-epoch'],
    ['two epochs on, when more than a third still signs', 1, 8, 'skip'],
  ])('%s', async (_, from, to, rule) => {
    expect(await codeOf(checkpointAt(chain, from), chain.block(to), policy)).toBe(rule)
  })

  it('with those who signed it and their power', async () => {
    const header = chain.header(2)
    const block = { ...chain.block(2), certificate: certify(header, chain.set(0), [1, 2, 3]) }
    const result = await verify(checkpointAt(chain, 1), block, policy)
    expect(result).toMatchObject({ ok: true, value: { signedPower: 90n, trusted: { height: 2 } } })
    if (result.ok) expect(result.value.signers).toHaveLength(3)
  })
})

describe('a header is refused', () => {
  const first = checkpointAt(chain, 1)
  const changed = (height: number, fields: object, keys = [0, 1, 2, 3]): LightBlock => {
    const header = { ...chain.header(height), ...fields }
    const set = chain.set(chain.epochOf(height))
    return { id: blockId(header), header, certificate: certify(header, set, keys), set }
  }

  it.each([
    ['of another chain', first, changed(2, { chainId: 'other' }), 'wrong-chain'],
    ['at the trusted height', first, chain.block(1), 'height-not-above'],
    ['below it', checkpointAt(chain, 3), chain.block(2), 'height-not-above'],
    ['whose time stands still', first, changed(3, { timestampMs: first.timestampMs }), 'time-not-above'],
    ['from the future', first, changed(3, { timestampMs: policy.nowMs + 501 }), 'from-the-future'],
    ['whose parent is another', first, changed(2, { parentId: chain.block(3).id }), 'wrong-parent'],
    ['of another genesis', chain.genesis, changed(1, { parentId: chain.block(3).id }), 'wrong-chain'],
    ['that jumps from the genesis', chain.genesis, chain.block(2), 'wrong-height'],
    [
      'that announces another set in mid-epoch',
      first,
      changed(3, { nextValidatorsHash: first.blockId }),
      'next-set-changed',
    ],
    ['with a set that is not its own', first, { ...chain.block(2), set: chain.set(1) }, 'set-mismatch'],
    [
      'with the certificate of another',
      first,
      { ...chain.block(2), certificate: chain.block(3).certificate },
      'certificate-mismatch',
    ],
    [
      'with a certificate that names another set',
      first,
      { ...chain.block(2), certificate: { ...chain.block(2).certificate, validatorsHash: first.blockId } },
      'certificate-mismatch',
    ],
    [
      'with a certificate of another height',
      first,
      { ...chain.block(2), certificate: { ...chain.block(2).certificate, height: 3 } },
      'certificate-mismatch',
    ],
    ['signed by two thirds exactly or less', first, changed(2, {}, [1, 3]), 'no-quorum'],
    ['two epochs on, when too few are left', first, chain.block(10), 'too-little-trust'],
  ])('%s', async (_, trusted, block, code) => {
    expect(await codeOf(trusted, block, policy)).toBe(code)
  })

  it.each([3, 7])('when its set is the announced one, but not for this height: %i', async (height) => {
    const set = chain.set(1)
    const header = { ...chain.header(height), validatorsHash: validatorsHash(set) }
    const block = { id: blockId(header), header, set, certificate: certify(header, set, [0, 1, 2, 3]) }
    expect(await codeOf(first, block, policy)).toBe('set-mismatch')
  })

  it('when one signature of many does not hold', async () => {
    const good = chain.block(2)
    const signatures = good.certificate.signatures.with(2, signWith(7, good.certificate.bitmap))
    const block = { ...good, certificate: { ...good.certificate, signatures } }
    expect(await codeOf(first, block, policy)).toBe('bad-signature')
  })

  it('when the set of the epoch is one that nobody announced', async () => {
    const set = setOf(0, OTHERS, chain.epochBlocks)
    const header = { ...chain.header(2), validatorsHash: validatorsHash(set) }
    const block = { id: blockId(header), header, set, certificate: certify(header, set, [10, 11, 12]) }
    expect(await codeOf(first, block, policy)).toBe('wrong-validators')
    const next = setOf(1, OTHERS, chain.epochBlocks)
    const later = { ...chain.header(5), validatorsHash: validatorsHash(next) }
    const forged = {
      id: blockId(later),
      header: later,
      set: next,
      certificate: certify(later, next, [10, 11, 12]),
    }
    expect(await codeOf(first, forged, policy)).toBe('wrong-validators')
  })

  it.each([
    [2n, 'skip'],
    [1n, 'too-little-trust'],
  ])(
    'two epochs on, when a third of the trusted power signed and no more: %s against two',
    async (power, code) => {
      const trusted = checkpointAt(
        new LightChain({
          epochs: [
            [
              [0, power],
              [1, 1n],
              [2, 1n],
            ],
          ],
        }),
        1,
      )
      const set = setOf(3, [[0, 1n]], 3)
      const header = { ...chain.header(10), validatorsHash: validatorsHash(set) }
      const block = { id: blockId(header), header, set, certificate: certify(header, set, [0]) }
      expect(await codeOf(trusted, block, policy)).toBe(code)
    },
  )

  it('when one trusted key signs in the name of many members', async () => {
    const trusted = checkpointAt(
      new LightChain({
        epochs: [
          [
            [0, 34n],
            [1, 33n],
            [2, 33n],
          ],
        ],
      }),
      1,
    )
    const impostors = setOf(
      3,
      [
        [2, 1n],
        [20, 1n],
        [21, 1n],
      ],
      3,
    )
    const set = {
      ...impostors,
      members: impostors.members.map((member) => ({ ...member, validatorKey: publicKeyOf(2) })),
    }
    const header = { ...chain.header(10), validatorsHash: validatorsHash(set) }
    const bare = certify(header, set, [2, 20, 21])
    const certificate = { ...bare, signatures: bare.signatures.map(() => bare.signatures[0]!) }
    expect(await codeOf(trusted, { id: blockId(header), header, set, certificate }, policy)).toBe(
      'too-little-trust',
    )
  })
})

describe('trust ends', () => {
  const trusted = checkpointAt(chain, 1)
  const late = policyAt(trusted.timestampMs + 60_000, { trustingPeriodMs: 60_000 })

  it.each([
    ['same epoch', 2],
    ['next epoch', 5],
    ['skip', 8],
  ])('for a checkpoint after the trusting period: %s', async (_, height) => {
    expect(await codeOf(trusted, chain.block(height), late)).toBe('trust-expired')
    expect(await codeOf(trusted, chain.block(height), { ...late, nowMs: late.nowMs - 1 })).not.toBe(
      'trust-expired',
    )
  })

  it('never for the genesis followed epoch by epoch, but no epoch is skipped', async () => {
    const old = { ...trusted, origin: 'genesis' as const }
    expect(await codeOf(old, chain.block(5), late)).toBe('next-epoch')
    expect(await codeOf(old, chain.block(8), late)).toBe('trust-expired')
  })
})

/** One bit of the bytes is another. */
function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice()
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

describe('whoever it comes from', () => {
  const block = chain.block(5)
  const encoded: EncodedLightBlock = {
    header: encodeHeader(block.header),
    certificate: encodeCertificate(block.certificate),
    validators: encodeValidatorSet(block.set),
  }

  it('passes as it is', async () => {
    const read = readLightBlock(encoded)
    if (!read.ok) throw new Error(read.fault.code)
    expect(read.value).toEqual(block)
    expect(await codeOf(checkpointAt(chain, 1), read.value, policy)).toBe('next-epoch')
  })

  it.each(['header', 'certificate', 'validators'] as const)(
    'one bit of the %s makes it false',
    async (part) => {
      const bits = fc.integer({ min: 0, max: 8 * encoded[part].length - 1 })
      await fc.assert(
        fc.asyncProperty(bits, fc.constantFrom(1, 4), async (bit, from) => {
          const read = readLightBlock({ ...encoded, [part]: flipped(encoded[part], bit) })
          const result = read.ok ? await verify(checkpointAt(chain, from), read.value, policy) : read
          expect(result.ok).toBe(false)
        }),
        { numRuns: 300 },
      )
    },
  )

  it('no bytes make it throw', () => {
    const bytes = fc.uint8Array({ maxLength: 600 })
    fc.assert(
      fc.property(bytes, bytes, bytes, (header, certificate, validators) => {
        expect(readLightBlock({ header, certificate, validators })).toMatchObject({ ok: false })
      }),
    )
  })

  const sets = fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 9 }).chain((keys) =>
    fc.record({
      members: fc
        .array(fc.bigInt({ min: 1n, max: 1_000n }), { minLength: keys.length, maxLength: keys.length })
        .map((powers): Member[] => keys.map((key, i) => [key, powers[i]!])),
      signers: fc.subarray(keys),
    }),
  )

  it('passes exactly when more than two thirds of the power signed', async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ({ members, signers }) => {
        const own = new LightChain({ epochs: [members] })
        const header = own.header(2)
        const certificate = certify(header, own.set(0), signers)
        const power = members.reduce((sum, [key, each]) => (signers.includes(key) ? sum + each : sum), 0n)
        const total = members.reduce((sum, [, each]) => sum + each, 0n)
        const result = await verify(
          checkpointAt(own, 1),
          { ...own.block(2), certificate },
          policyAt(own.endMs),
        )
        expect(result.ok).toBe(3n * power > 2n * total)
      }),
      { numRuns: 60 },
    )
  })

  it('skips only by more than a third of the trusted set, whatever set the header brings', async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ({ members, signers }) => {
        const own = new LightChain({ epochs: [members] })
        const stolen = signers.map((key): Member => [key, 1_000n])
        const set = setOf(4, [...stolen, [30, 1n]], own.epochBlocks)
        const header = { ...own.header(13), validatorsHash: validatorsHash(set) }
        const certificate = certify(header, set, [...signers, 30])
        const power = members.reduce((sum, [key, each]) => (signers.includes(key) ? sum + each : sum), 0n)
        const total = members.reduce((sum, [, each]) => sum + each, 0n)
        const forged = { id: blockId(header), header, set, certificate }
        const result = await verify(checkpointAt(own, 1), forged, policyAt(own.endMs + 20 * BLOCK_MS))
        expect(result.ok).toBe(3n * power > total)
      }),
      { numRuns: 60 },
    )
  })
})
