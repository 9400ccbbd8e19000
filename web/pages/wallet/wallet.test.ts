import { describe, expect, test } from 'vitest'
import { addressOf, formatAddress } from '../../../node-core/protocol/address.ts'
import { amountProblem, feeAt, isAddress, recipientProblem } from './send-form.ts'
import {
  nextDripHeight,
  nextDripWords,
  passkeyObstacle,
  walletReason,
  walletSentence,
  wantsBackup,
} from './wallet-words.ts'

const AIT = 1_000_000_000n
const address = (seed: number) => formatAddress(addressOf(0, new Uint8Array(32).fill(seed)))
const own = address(1)
const other = address(2)

describe('the recipient', () => {
  const typo = `${other.slice(0, -1)}${other.endsWith('q') ? 'p' : 'q'}`
  test.each([
    ['', null],
    ['ai', '40 characters are still missing'],
    ['bc1q', 'begins with ait1'],
    [other.slice(0, 40), '2 characters are still missing'],
    [typo, 'checksum'],
    [own, 'the account you send from'],
    [` ${other} `, null],
    [other.toUpperCase(), null],
  ])('"%s"', (text, problem) => {
    const found = recipientProblem(text, own)
    if (problem === null) expect(found).toBeNull()
    else expect(found).toContain(problem)
  })

  test('only whole addresses fly a flag', () => {
    expect([isAddress(other), isAddress(other.slice(0, 20)), isAddress(typo)]).toEqual([true, false, false])
  })
})

describe('the amount', () => {
  test.each([
    ['', null],
    ['0', 'zero'],
    ['ten', 'nine decimals'],
    ['12', 'You have 10.00 AIT'],
    ['10', 'at most 9.50 AIT'],
    ['9.5', null],
  ])('"%s" of 10 AIT with a fee of at most 0.5', (text, problem) => {
    const found = amountProblem(text, 10n * AIT, AIT / 2n)
    if (problem === null) expect(found).toBeNull()
    else expect(found).toContain(problem)
  })

  test('the fee of a speed is gas times base fee and tip', () => {
    const fees = { baseFeePerGas: '108', slow: '1', standard: '10', fast: '50' }
    expect(feeAt(fees, 21_000, 'standard')).toBe(2_478_000n)
    expect(feeAt(fees, 21_000, 'fast')).toBeGreaterThan(feeAt(fees, 21_000, 'slow'))
  })
})

test.each([
  [{ balance: '0', stake: '0' }, 'You hold nothing yet.'],
  [{ balance: '1204500000000', stake: '0' }, 'You hold 1,204.50 AIT.'],
  [
    { balance: '1204500000000', stake: '7600000000000' },
    'You hold 1,204.50 AIT, and 7,600.00 more are bonded.',
  ],
  [{ balance: '0', stake: '7600000000000' }, 'Nothing is free to send, and 7,600.00 AIT are bonded.'],
])('the sentence for %j', (money, sentence) => {
  expect(walletSentence(money)).toBe(sentence)
})

test('the reason names account and height', () => {
  expect(walletReason('Nightjar', 48_217)).toBe(
    'In Nightjar, as decided up to height 48,217 and verified by this tab.',
  )
})

test('a backup is asked for once there is something to lose, and not after one was made', () => {
  const money = { balance: '1', stake: '0' }
  expect(wantsBackup({ backedUpAtMs: null, passkey: false }, money)).toBe(true)
  expect(wantsBackup({ backedUpAtMs: null, passkey: false }, { balance: '0', stake: '0' })).toBe(false)
  expect(wantsBackup({ backedUpAtMs: 1, passkey: false }, money)).toBe(false)
  expect(wantsBackup({ backedUpAtMs: null, passkey: true }, money)).toBe(false)
  expect(wantsBackup(null, money)).toBe(false)
})

test('the faucet says when it gives again', () => {
  const drip = (height: number, status: 'succeeded' | 'failed' = 'succeeded') => ({
    payload: { type: 'faucet.drip' },
    status,
    height,
  })
  expect(nextDripHeight([], 100, 500)).toBeNull()
  expect(nextDripHeight([drip(450), drip(300)], 100, 500)).toBe(550)
  expect(nextDripHeight([drip(450, 'failed')], 100, 500)).toBeNull()
  expect(nextDripHeight([drip(400)], 100, 500)).toBeNull()
  expect(nextDripWords(550, 500, 1_000)).toBe('Next at height 550: 50 blocks left, about 50 s.')
})

test('a passkey needs a browser that has them, and a page of a name', () => {
  expect(passkeyObstacle(true, 'localhost')).toBeNull()
  expect(passkeyObstacle(true, 'mesh.example')).toBeNull()
  expect(passkeyObstacle(false, 'localhost')).toContain('WebAuthn')
  for (const host of ['127.0.0.1', '[::1]', '::1'])
    expect(passkeyObstacle(true, host)).toContain('not by an IP address')
})
