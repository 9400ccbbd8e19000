import { expect, it } from 'vitest'
import type { Certificate } from '../protocol/certificate.ts'
import type { Hash } from '../protocol/ids.ts'
import type { Validator, ValidatorSet } from '../protocol/validator-set.ts'
import { LateCommits } from './late-commits.ts'

const block = (digit: string) => `0x${digit.repeat(64)}` as Hash
const addressOf = (n: number) => `0x${String(n).repeat(40)}` as Validator['address']

const members = [1, 2, 3].map((n): Validator => {
  const key = new Uint8Array(32).fill(n)
  return { address: addressOf(n), validatorKey: key, randomnessKey: key, power: 1n, weight: 1n, priority: 0n }
})
const set: ValidatorSet = { epoch: 0, firstHeight: 1, lastHeight: 10, members, totalPower: 3n }

/** Signed by the first two. */
const certificateOf = (height: number, blockId: Hash): Certificate => ({
  scheme: 0,
  height,
  round: 0,
  blockId,
  validatorsHash: block('f'),
  bitmap: Uint8Array.of(0b011),
  signatures: [1, 2].map((n) => new Uint8Array(64).fill(n)),
})

const late = (height: number, blockId: Hash) =>
  ({
    type: 'commit',
    height,
    round: 0,
    blockId,
    sender: addressOf(3),
    signature: new Uint8Array(64).fill(3),
  }) as const

it('a COMMIT that comes after the quorum is in the certificate that the next block carries', () => {
  const commits = new LateCommits()
  const head = certificateOf(5, block('a'))
  commits.reset(head, set)
  commits.counted(late(5, block('a')))
  expect(commits.certificate(head)).toMatchObject({ height: 5, bitmap: Uint8Array.of(0b111) })
})

it('a COMMIT that comes while the block is being written is in it too, whichever block its sender meant before', () => {
  const commits = new LateCommits()
  const first = certificateOf(1, block('a'))
  commits.counted(late(1, block('a')))
  commits.reset(first, set)
  expect(commits.certificate(first)).toMatchObject({ height: 1, bitmap: Uint8Array.of(0b111) })
  commits.counted(late(2, block('c')))
  commits.counted(late(2, block('b')))
  const second = certificateOf(2, block('b'))
  commits.reset(second, set)
  expect(commits.certificate(second)).toMatchObject({ height: 2, bitmap: Uint8Array.of(0b111) })
})

it('one for another block than the one that was decided is in no certificate', () => {
  const commits = new LateCommits()
  commits.counted(late(1, block('b')))
  const head = certificateOf(1, block('a'))
  commits.reset(head, set)
  expect(commits.certificate(head)).toMatchObject({ bitmap: Uint8Array.of(0b011) })
})

it('what was gathered for the block before is never shown for a head that has moved on', () => {
  const commits = new LateCommits()
  commits.reset(certificateOf(5, block('a')), set)
  commits.counted(late(5, block('a')))
  const head = certificateOf(6, block('b'))
  expect(commits.certificate(head)).toBe(head)
  expect(commits.belongs(late(6, block('b')))).toBe(false)
})

it('before the first block there is none', () => {
  expect(new LateCommits().certificate(null)).toBeNull()
})
