import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex } from '../lib/bytes.ts'
import { Ed25519Batch, type SignedMessage } from './ed25519-batch.ts'
import { BATCH_SIGNATURES, KEY_SLOTS, LONGEST_MESSAGE_BYTES } from './ed25519-layout.ts'
import { ofBatches, runEd25519Vectors } from './ed25519-vectors.ts'
import { anyKind, diceOf, holds, honest, ODD_ENCODINGS, pick } from './odd-signatures.test-kit.ts'
import { createVerifier } from './verifier.ts'

/** Public vectors kept outside the checkout; without them this part is passed over, and says so. */
const VECTORS = path.resolve(import.meta.dirname, '../../../shared/vectors')
const present = existsSync(VECTORS)
if (!present) console.info(`passed over: no Ed25519 vectors at ${VECTORS}`)
const vectors = (name: string) => JSON.parse(readFileSync(path.join(VECTORS, name), 'utf8'))

const batch = await Ed25519Batch.create()
const alone = (item: SignedMessage) => batch.verify([item])[0]!

/** RFC 8032, 7.1, without the long one: key, message, signature. */
const RFC_8032 = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
].map(([publicKey, message, signature]) => ({
  publicKey: fromHex(`0x${publicKey}`)!,
  message: fromHex(`0x${message}`)!,
  signature: fromHex(`0x${signature}`)!,
}))

describe('a batch', () => {
  it('accepts the signatures of RFC 8032, alone and together', () => {
    for (const item of RFC_8032) expect(alone(item)).toBe(true)
    expect(batch.verify(RFC_8032)).toEqual(RFC_8032.map(() => true))
    expect(batch.verify([])).toEqual([])
  })

  it.runIf(present)('gives the ZIP-215 verdict to every public vector', async () => {
    const report = await runEd25519Vectors(
      ofBatches(batch),
      vectors('wycheproof-ed25519.json'),
      vectors('ed25519-speccheck.json'),
    )
    expect(report).toEqual({ mismatches: [], total: 163 })
  })

  it('hashes messages of every length', () => {
    const seed = new Uint8Array(32).fill(3)
    const publicKey = ed25519.getPublicKey(seed)
    for (const length of [...Array(200).keys(), LONGEST_MESSAGE_BYTES - 1, LONGEST_MESSAGE_BYTES]) {
      const message = Uint8Array.from({ length }, (_, i) => i)
      expect([length, alone({ publicKey, message, signature: ed25519.sign(message, seed) })]).toEqual([
        length,
        true,
      ])
    }
  })

  it('reads every encoding of a point that ZIP-215 reads, as key and as R', () => {
    const { message, signature } = RFC_8032[0]!
    const zero = new Uint8Array(32)
    for (const key of ODD_ENCODINGS)
      for (const R of [...ODD_ENCODINGS.slice(0, 4), ...ODD_ENCODINGS.slice(-4), signature.subarray(0, 32)]) {
        const item = { publicKey: key, message, signature: Uint8Array.of(...R, ...zero) }
        expect(alone(item)).toBe(holds(item))
      }
  })

  it('names the bad one among many, wherever it is', () => {
    const dice = diceOf(7)
    const good = Array.from({ length: BATCH_SIGNATURES }, () => honest(dice))
    for (let bad = 0; bad < good.length; bad++) {
      const items = good.slice()
      items[bad] = { ...good[bad]!, message: Uint8Array.of(bad) }
      expect(batch.verify(items)).toEqual(items.map((_, i) => i !== bad))
    }
  })

  it('takes several signatures of one key, and one signature several times', () => {
    const seed = new Uint8Array(32).fill(4)
    const items = Array.from({ length: 8 }, (_, i) => {
      const message = Uint8Array.of(i >> 1)
      return { publicKey: ed25519.getPublicKey(seed), message, signature: ed25519.sign(message, seed) }
    })
    expect(batch.verify(items)).toEqual(items.map(() => true))
    items[5] = { ...items[5]!, message: Uint8Array.of(9) }
    expect(batch.verify(items)).toEqual(items.map((_, i) => i !== 5))
  })

  it('does not let two wrong signatures make up for each other', () => {
    const [first, second] = [honest(diceOf(1)), honest(diceOf(2))]
    const moved = (item: SignedMessage, by: number) => {
      const signature = item.signature.slice()
      signature[32]! += by
      return { ...item, signature }
    }
    expect(batch.verify([moved(first, 1), moved(second, -1)])).toEqual([false, false])
  })
})

/** Another one in each run; where a test fails, its name says which. */
const seed = Date.now() % 2 ** 31

describe(`odd signatures of seed ${seed}`, () => {
  const dice = diceOf(seed)
  const pool = Array.from({ length: 600 }, () => anyKind(dice)).map((item) => ({ item, good: holds(item) }))

  it('have the verdict of ZIP-215, each alone', () => {
    expect(pool.map(({ item }) => alone(item))).toEqual(pool.map(({ good }) => good))
  })

  it('are told apart in batches: a few bad ones exactly, many never wrongly', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31),
        fc.integer({ min: 1, max: BATCH_SIGNATURES }),
        fc.nat(4),
        (mixture, size, most) => {
          const dice = diceOf(mixture)
          let bad = 0
          const mixed = Array.from({ length: 4 * size }, () => pick(dice, pool))
            .filter(({ good }) => good || ++bad <= most)
            .slice(0, size)
          const verdicts = batch.verify(mixed.map(({ item }) => item))
          if (most <= 2) expect(verdicts).toEqual(mixed.map(({ good }) => good))
          else expect(mixed.every(({ good }, i) => good || !verdicts[i])).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('have all their verdicts from the verifier, which they reach together', async () => {
    const verifier = createVerifier()
    const verdicts = await Promise.all(
      pool.map(({ item }) => verifier.verifyEd25519(item.publicKey, item.message, item.signature)),
    )
    expect(verdicts).toEqual(pool.map(({ good }) => good))
  })
})

it('forgets the keys that were not used for longest, and learns them again', () => {
  const dice = diceOf(5)
  const [first, second] = [honest(dice), honest(dice)]
  expect(batch.verify([first, second])).toEqual([true, true])
  // About half of all byte strings are keys. An s of L or above ends what these cost otherwise.
  const unreadable = { message: first.message, signature: new Uint8Array(64).fill(0xff) }
  for (let i = 0; i < 3 * KEY_SLOTS; i += BATCH_SIGNATURES - 1) {
    const others = Array.from({ length: BATCH_SIGNATURES - 1 }, () => ({
      ...unreadable,
      publicKey: crypto.getRandomValues(new Uint8Array(32)),
    }))
    expect(batch.verify([first, ...others])).toEqual([true, ...others.map(() => false)])
  }
  expect(batch.verify([first, second])).toEqual([true, true])
  expect(batch.verify([second, { ...second, message: Uint8Array.of(1) }])).toEqual([true, false])
})
