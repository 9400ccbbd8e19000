import { expect, test } from 'vitest'
import {
  blockReason,
  blockSentence,
  certificateReason,
  latestSentence,
  searchTarget,
} from './explorer-words.ts'

test('a block in one sentence', () => {
  const block = { height: 48_217, round: 0, decisionMs: 412, signedPower: 937_000 }
  expect(blockSentence(block)).toBe(
    'Block 48,217 was decided in 0.41\u00a0seconds, signed by 93.7\u00a0% of the power.',
  )
  expect(blockSentence({ ...block, round: 1, decisionMs: null })).toBe(
    'Block 48,217 was decided, in round 1, signed by 93.7\u00a0% of the power.',
  )
})

test('what it carries, and whether this tab was there', () => {
  expect(blockReason({ transactionCount: 1, decisionMs: 1, ownCommit: true })).toBe(
    'It carries 1 transaction; this tab’s vote is in its certificate.',
  )
  expect(blockReason({ transactionCount: 0, decisionMs: null, ownCommit: null })).toContain('was not there')
})

test('a certificate names who is missing', () => {
  const member = (name: string) => ({ address: name, name, power: 1, signature: '0x' })
  expect(certificateReason({ signers: [member('a')], missing: [] })).toBe(
    'All 1 validators of the set signed.',
  )
  expect(
    certificateReason({ signers: ['a', 'b'].map(member), missing: ['c', 'd', 'e', 'f'].map(member) }),
  ).toBe('2 of 6 signed; missing: c, d, e and 1 more.')
})

test('the number of blocks', () => {
  expect(latestSentence(0)).toContain('No block')
  expect(latestSentence(48_217)).toContain('48,217 blocks')
})

test.each([
  ['48,217', { kind: 'height', to: '/explorer/block/48217' }],
  [' #12 ', { kind: 'height', to: '/explorer/block/12' }],
  [`0x${'AB'.repeat(32)}`, { kind: 'hash', hash: `0x${'ab'.repeat(32)}` }],
  ['ab'.repeat(32), { kind: 'hash', hash: `0x${'ab'.repeat(32)}` }],
  [`ait1${'q'.repeat(38)}`, { kind: 'address', to: `/explorer/account/ait1${'q'.repeat(38)}` }],
])('search "%s"', (text, target) => {
  expect(searchTarget(text)).toEqual(target)
})

test.each(['0', 'ait1short', '0x12', 'tern', ''])('"%s" names nothing, and says what would', (text) => {
  expect(searchTarget(text)).toMatchObject({ kind: 'unknown' })
})
