import { expect, test } from 'vitest'
import type { TransactionView } from '../../../node-core/node/node-api.ts'
import { notSentWords, progressShare, progressWords } from './progress-words.ts'

const transaction = (over: Partial<TransactionView>): TransactionView => ({
  hash: '0x1',
  sender: 'ait1me',
  nonce: 0,
  gasLimit: 21_000,
  maxFeePerGas: '1',
  maxPriorityFeePerGas: '1',
  validUntilHeight: 48_300,
  payload: { type: 'transfer' },
  status: 'pending',
  height: null,
  index: null,
  timestampMs: null,
  receipt: null,
  bytes: 180,
  ...over,
})

test('a transaction is told from signing to its end', () => {
  expect(progressWords(null)).toMatchObject({ tone: 'waiting', title: 'Signed and sent' })
  expect(progressWords(transaction({})).line).toContain('valid until height 48,300')
  expect(progressWords(transaction({ status: 'succeeded', height: 48_218 }))).toMatchObject({
    tone: 'good',
    title: 'Decided in block 48,218',
  })
})

test('a refusal says why, what was taken and what was kept', () => {
  const receipt = { code: 'insufficient-balance', data: {}, gasUsed: 21_000, feePaid: '21000' }
  const words = progressWords(transaction({ status: 'failed', height: 48_218, receipt }))
  expect(words).toMatchObject({ tone: 'bad', title: 'The balance is too small' })
  expect(words.line).toContain('only the fee was taken')
  expect(progressWords(transaction({ status: 'dropped' })).line).toContain('Nothing was charged')
})

test('a batch is refused whole, and says for which of its parts', () => {
  const receipt = { code: 'nothing-to-claim', data: { payload: '1' }, gasUsed: 105_000, feePaid: '105000' }
  const payload = { type: 'batch', payloads: [] }
  const words = progressWords(transaction({ payload, status: 'failed', height: 48_218, receipt }))
  expect(words.title).toMatch(/^Part 2 of the batch: No rewards wait here/)
  expect(words.line).toContain('nothing of the batch was done, only the fee was taken')
})

test('the disc is full only when decided', () => {
  expect([
    progressShare(null),
    progressShare(transaction({})),
    progressShare(transaction({ status: 'succeeded' })),
  ]).toEqual([0, 0.5, 1])
})

test('an error before sending never claims more than is known', () => {
  expect(notSentWords({ code: 'fee-too-low', data: {} })).toContain('Nothing was sent')
  expect(notSentWords({ code: 'timeout', data: {} })).toContain('not known')
})
