import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as arbitrary from './arbitraries.ts'
import { certificateFromCommits } from './certificate-builder.ts'
import { encodeReceipt, encodeReceipts } from './codec-receipt.ts'
import {
  blockId,
  certificateHash,
  commitSigningBytes,
  DOMAINS,
  type Domain,
  evidenceRoot,
  genesisRandomness,
  hashBytes,
  hashOf,
  messageSigningBytes,
  possessionMessage,
  randomnessMessage,
  randomnessOf,
  receiptsRoot,
  sha256,
  transactionId,
  transactionSigningBytes,
  transactionsRoot,
  validatorsHash,
  ZERO_HASH,
} from './hash.ts'
import type { Address, Hash } from './ids.ts'
import type { ConsensusMessage } from './messages.ts'
import type { Transaction } from './transaction.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const hashFrom = (byte: string) => `0x${byte.repeat(32)}` as Hash
const addressFrom = (byte: string) => `0x${byte.repeat(20)}` as Address

const TRANSFER: Transaction = {
  chainId: 'vector-1',
  sender: addressFrom('11'),
  nonce: 7,
  gasLimit: 21_000,
  maxFeePerGas: 2_000n,
  maxPriorityFeePerGas: 100n,
  validUntilHeight: 99,
  payload: { type: 'transfer', to: addressFrom('22'), amount: 1_500_000_000n },
  signature: { scheme: 0, publicKey: new Uint8Array(32).fill(3), bytes: new Uint8Array(64).fill(4) },
}

const HEADER = {
  version: 1,
  chainId: 'vector-1',
  height: 2,
  parentId: hashFrom('01'),
  timestampMs: 1_700_000_000_000,
  proposer: addressFrom('11'),
  validatorsHash: hashFrom('02'),
  nextValidatorsHash: hashFrom('03'),
  transactionsRoot: hashFrom('04'),
  receiptsRoot: hashFrom('05'),
  stateRoot: hashFrom('06'),
  evidenceRoot: hashFrom('07'),
  lastCertificateHash: hashFrom('08'),
  gasUsed: 21_000,
  gasLimit: 30_000_000,
  baseFeePerGas: 1_000n,
  randomnessReveal: new Uint8Array(80).fill(9),
  randomness: hashFrom('0a'),
}

describe('sha256', () => {
  it('is the standard one, at every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
      }),
    )
  })
})

describe('the bytes of the format', () => {
  it('are these; a change of any is a change of every chain', () => {
    expect(hashOf(DOMAINS.block, Uint8Array.of(1, 2, 3))).toMatchInlineSnapshot(
      `"0x32c736ac378fd4614458e37da3f7d0025f7d7eec492924394e6e5f3aa703c055"`,
    )
    expect(transactionId(TRANSFER)).toMatchInlineSnapshot(
      `"0x0103874e8f0c3f4168e56d5896d1d89eb8c0ddd0908607645986767213e1b5c7"`,
    )
    expect(hex(transactionSigningBytes(TRANSFER))).toMatchInlineSnapshot(
      `"1d61697462632f7472616e73616374696f6e2d7369676e61747572652f316900000044000000111111111111111111111111111111111111111107000000000000000852000000000000d007000000000000640000000000000063000000000000004c000000766563746f722d31022222222222222222222222222222222222222222002f685900000000"`,
    )
    expect(blockId(HEADER)).toMatchInlineSnapshot(
      `"0x965db86b3795cf824bae3ea2024aa5a2595a56436b7ae5979ecc41eade15477b"`,
    )
    expect(certificateHash(null)).toMatchInlineSnapshot(
      `"0xdb0e53dac99bd8bd1e42c52d70b034cbbf793847b047cda8b04c597618572ac9"`,
    )
    expect(transactionsRoot([])).toMatchInlineSnapshot(
      `"0x47844ee8a0b409068fda8f6a594aa83344102716f884e6f42dd46370610e5f29"`,
    )
    expect(transactionsRoot([hashFrom('01'), hashFrom('02'), hashFrom('03')])).toMatchInlineSnapshot(
      `"0x86c49ba5b8241f8aa52bd880206d9f8ab1eca0e18599e96272ffe41a512aea4c"`,
    )
    expect(
      receiptsRoot([{ code: 'ok', data: { b: '2', a: '1' }, gasUsed: 21_000, feePaid: 5n }]),
    ).toMatchInlineSnapshot(`"0x3b66b569bb3a679a238d8d70874fa617ab6c8048a40c9aa991339ff8fc4755a2"`)
    expect(hex(possessionMessage('vector-1', addressFrom('11')))).toMatchInlineSnapshot(
      `"1261697462632f706f7373657373696f6e2f3108000000766563746f722d31140000001111111111111111111111111111111111111111"`,
    )
    expect(hex(randomnessMessage('vector-1', hashFrom('01')))).toMatchInlineSnapshot(
      `"1961697462632f72616e646f6d6e6573732d72657665616c2f3108000000766563746f722d31200000000101010101010101010101010101010101010101010101010101010101010101"`,
    )
    expect(randomnessOf(new Uint8Array(64))).toMatchInlineSnapshot(
      `"0x81d4273c72c99fe3ca13ca73e1ac845a5e65f202415bad715c54a96b0eb3c0c9"`,
    )
    expect(genesisRandomness(hashFrom('01'))).toMatchInlineSnapshot(
      `"0x98a6b897b0fbb522bd5791b93c14a5e6add23d4a3d550d7d25f8ddcd67a817b2"`,
    )
  })

  it('are hashed as a prefix and each part behind its length', () => {
    const prefix = Buffer.from('\u000daitbc/block/1', 'latin1')
    const expected = createHash('sha256')
      .update(prefix)
      .update(Uint8Array.of(2, 0, 0, 0, 8, 9))
      .update(Uint8Array.of(0, 0, 0, 0))
      .digest('hex')
    expect(hashOf(DOMAINS.block, Uint8Array.of(8, 9), new Uint8Array(0))).toBe(`0x${expected}`)
  })
})

describe('ids', () => {
  it('do not depend on signatures', () => {
    const other = {
      ...TRANSFER,
      signature: { scheme: 0, publicKey: new Uint8Array(32), bytes: new Uint8Array(64) },
    }
    expect(transactionId(other)).toBe(transactionId(TRANSFER))
    expect(transactionSigningBytes(other)).toEqual(transactionSigningBytes(TRANSFER))
  })

  it('depend on every field under the signature', () => {
    const changes: Partial<Transaction>[] = [
      { chainId: 'vector-2' },
      { sender: addressFrom('12') },
      { nonce: 8 },
      { gasLimit: 21_001 },
      { maxFeePerGas: 2_001n },
      { maxPriorityFeePerGas: 101n },
      { validUntilHeight: 100 },
      { payload: { type: 'transfer', to: addressFrom('22'), amount: 1n } },
      {
        payload: {
          type: 'batch',
          payloads: [{ type: 'transfer', to: addressFrom('22'), amount: 1_500_000_000n }],
        },
      },
    ]
    const ids = [TRANSFER, ...changes.map((change) => ({ ...TRANSFER, ...change }))].map(transactionId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('differ between domains', () => {
    const hashes = Object.values(DOMAINS).map((domain) => hashOf(domain, new Uint8Array(32)))
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('differ where the same bytes are cut into other parts', () => {
    expect(hashOf(DOMAINS.leaf, Uint8Array.of(1), Uint8Array.of(2))).not.toBe(
      hashOf(DOMAINS.leaf, Uint8Array.of(1, 2)),
    )
    expect(hashOf(DOMAINS.leaf)).not.toBe(hashOf(DOMAINS.leaf, new Uint8Array(0)))
  })
})

describe('roots', () => {
  it('tell lists apart: by content, order and length', () => {
    const lists = fc.array(arbitrary.hashes, { maxLength: 9 })
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        expect(transactionsRoot(a) === transactionsRoot(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
    )
    const two = [hashFrom('01'), hashFrom('02')]
    expect(transactionsRoot(two.toReversed())).not.toBe(transactionsRoot(two))
    expect(transactionsRoot([...two, two[1]!])).not.toBe(transactionsRoot([...two, two[1]!, two[1]!]))
  })

  it('of equal receipts beside each other is what it is one by one', () => {
    const runs = fc.array(fc.tuple(arbitrary.receipts, fc.integer({ min: 1, max: 5 })), { maxLength: 6 })
    fc.assert(
      fc.property(runs, (lengths) => {
        const receipts = lengths.flatMap(([receipt, times]) => new Array<typeof receipt>(times).fill(receipt))
        expect(encodeReceipts(receipts)).toEqual(receipts.map(encodeReceipt))
        expect(receiptsRoot(receipts)).toBe(plainRoot(DOMAINS.receipts, receipts.map(encodeReceipt)))
      }),
      { numRuns: 60 },
    )
  })

  it('are of one kind each', () => {
    expect(new Set([transactionsRoot([]), receiptsRoot([]), evidenceRoot([])]).size).toBe(3)
    expect(evidenceRoot([hashBytes(hashFrom('01'))])).not.toBe(transactionsRoot([hashFrom('01')]))
  })
})

describe('what a validator signs', () => {
  const set = hashFrom('0f')
  const signing = (message: ConsensusMessage, chainId = 'vector-1', validators = set) =>
    hex(messageSigningBytes(chainId, validators, message))

  it('covers chain, set, type, height, round and block', () => {
    fc.assert(
      fc.property(arbitrary.prepares, (prepare) => {
        const variants = [
          signing(prepare),
          signing(prepare, 'vector-2'),
          signing(prepare, 'vector-1', hashFrom('10')),
          signing({ ...prepare, type: 'commit' }),
          signing({ ...prepare, type: 'reject', code: 'bad' }),
          signing({ ...prepare, type: 'reject', code: 'worse' }),
          signing({ ...prepare, height: prepare.height === 0 ? 1 : prepare.height - 1 }),
          signing({ ...prepare, round: prepare.round === 0 ? 1 : prepare.round - 1 }),
          signing({ ...prepare, blockId: ZERO_HASH }),
        ]
        expect(new Set(variants).size).toBe(variants.length)
      }),
      { numRuns: 20 },
    )
  })

  it('covers what a round change has prepared, and not the proof of it', () => {
    fc.assert(
      fc.property(arbitrary.roundChanges, arbitrary.hashes, (change, other) => {
        const claims = [
          null,
          { round: 0, blockId: ZERO_HASH },
          { round: 1, blockId: ZERO_HASH },
          { round: 0, blockId: other },
        ]
        const variants = claims.map((prepared) => signing({ ...change, prepared }))
        expect(new Set(variants).size).toBe(variants.length)
        expect(signing({ ...change, preparedCertificate: [] })).toBe(signing(change))
      }),
      { numRuns: 20 },
    )
  })

  it('does not cover the justification of a proposal', () => {
    fc.assert(
      fc.property(arbitrary.prePrepares, (proposal) => {
        expect(signing({ ...proposal, justification: [] })).toBe(signing(proposal))
      }),
      { numRuns: 20 },
    )
  })

  it('is for a COMMIT what its certificate says was signed', () => {
    fc.assert(
      fc.property(arbitrary.validatorSets, arbitrary.commits, (validators, vote) => {
        const commit = { ...vote, sender: validators.members[0]!.address }
        const certificate = certificateFromCommits(validators, [commit])
        expect(commitSigningBytes('vector-1', certificate)).toEqual(
          messageSigningBytes('vector-1', validatorsHash(validators), commit),
        )
      }),
      { numRuns: 20 },
    )
  })
})

/** The same tree without shortcuts. */
function plainRoot(domain: Domain, items: readonly Uint8Array[]): Hash {
  let level = items.map((item) => hashBytes(hashOf(DOMAINS.leaf, item)))
  while (level.length > 1)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
      const [left, right] = [level[2 * i]!, level[2 * i + 1]]
      return right ? hashBytes(hashOf(DOMAINS.branch, left, right)) : left
    })
  const count = new Uint8Array(4)
  new DataView(count.buffer).setUint32(0, items.length, true)
  return hashOf(domain, count, level[0] ?? new Uint8Array(0))
}
