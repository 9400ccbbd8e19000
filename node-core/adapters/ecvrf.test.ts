import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, utf8 } from '../lib/bytes.ts'
import { bytesOf } from '../protocol/arbitraries.ts'
import { decodeVrfKey, proveVrf, verifyVrf, vrfPublicKey } from './ecvrf.ts'

/** Examples 16 to 18 of RFC 9381, appendix B.3. */
const EXAMPLES = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    message: '',
    proof:
      '8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d9727d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805',
    output:
      '90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    message: '72',
    proof:
      'f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3ed7f2fea45c92a465301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02',
    output:
      'eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    message: 'af82',
    proof:
      '9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf8096bb474e53895c362d8628ee9f9ea3c0e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e',
    output:
      '645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c452118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f',
  },
]

const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const seeds = bytesOf(32)
const messages = fc.uint8Array({ maxLength: 64 })
const keyOf = (seed: Uint8Array) => decodeVrfKey(vrfPublicKey(seed))!

describe('the random function', () => {
  it.each(EXAMPLES)('gives the published proof and output for $message', (example) => {
    const [seed, message] = [bytes(example.seed), bytes(example.message)]
    const { proof, output } = proveVrf(seed, message)
    expect(proof).toEqual(bytes(example.proof))
    expect(output).toEqual(bytes(example.output))
    expect(verifyVrf(keyOf(seed), message, proof)).toEqual(bytes(example.output))
  })

  it('refuses every proof with one bit changed', () => {
    fc.assert(
      fc.property(seeds, messages, fc.nat({ max: 639 }), (seed, message, bit) => {
        const { proof } = proveVrf(seed, message)
        proof[bit >> 3]! ^= 1 << (bit & 7)
        expect(verifyVrf(keyOf(seed), message, proof)).toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  it('has one output, however the proof was made', () => {
    const seed = new Uint8Array(32).fill(5)
    const { proof, output } = proveVrf(seed, utf8('a'))
    const order = ed25519.Point.Fn.ORDER
    const response = [...proof.subarray(48)].reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
    let beyond = response + order
    const same = Uint8Array.from({ length: 32 }, () => {
      const byte = Number(beyond & 255n)
      beyond >>= 8n
      return byte
    })
    expect(verifyVrf(keyOf(seed), utf8('a'), concatBytes(proof.subarray(0, 48), same))).toBeNull()
    expect(verifyVrf(keyOf(seed), utf8('a'), proof)).toEqual(output)
  })

  it('takes no key of small order, whose outputs anyone could prove', () => {
    for (const key of SMALL_ORDER) expect(decodeVrfKey(bytes(key)), key).toBeNull()
  })

  it('answers null to any bytes, and never throws', () => {
    fc.assert(
      fc.property(bytesOf(80), messages, (proof, message) => {
        expect(verifyVrf(keyOf(new Uint8Array(32)), message, proof)).toBeNull()
      }),
      { numRuns: 60 },
    )
  })
})
