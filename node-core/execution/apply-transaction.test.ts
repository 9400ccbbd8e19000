import { describe, expect, it } from 'vitest'
import type { Payload } from '../protocol/transaction.ts'
import { validatorKey } from '../state/keys.ts'
import { accountOf, supplyOf } from '../state/ledger.ts'
import { checkTransaction } from './check-transaction.ts'
import { outsideProofsOf } from './outside-proofs.ts'
import {
  AIT,
  addressNumber,
  PARAMETERS,
  registration,
  TestChain,
  type TransactionOptions,
  transactionBy,
} from './test-chain.ts'

const STRANGER = 50
const transfer = (to: number, amount: bigint) =>
  ({ type: 'transfer', to: addressNumber(to), amount }) as const
const balance = (chain: TestChain, n: number) => accountOf(chain.state, addressNumber(n)).balance

function rejectionOf(chain: TestChain, n: number, payload: Payload, options: TransactionOptions = {}) {
  const { transaction, bytes } = transactionBy(n, payload, options)
  const terms = { height: chain.height + 1, baseFeePerGas: 1_000n, bytes: bytes.length }
  return checkTransaction(chain.state, chain.state.parameters, transaction, terms)
}

describe('admission', () => {
  const chain = new TestChain({ parameters: { blockGasLimit: 2_000_000 } })
  chain.decide()
  const send = transfer(2, 5n)
  const many = (count: number): Payload => ({ type: 'batch', payloads: Array(count).fill(send) })
  const rename = (name: string, commission = 50_000): Payload => ({
    type: 'validator.update',
    name,
    commission,
  })

  it.each<[string, number, Payload, TransactionOptions, unknown]>([
    ['a good transfer', 1, send, {}, null],
    [
      'another chain',
      1,
      send,
      { chainId: 'other' },
      { code: 'wrong-chain', data: { expected: 'aitbc-test', actual: 'other' } },
    ],
    [
      'a height gone by',
      1,
      send,
      { validUntilHeight: 1 },
      { code: 'expired', data: { validUntilHeight: '1', height: '2' } },
    ],
    ['its last height', 1, send, { validUntilHeight: 2 }, null],
    [
      'a nonce ahead',
      1,
      send,
      { nonce: 3 },
      { code: 'nonce-too-high', data: { expected: '0', actual: '3' } },
    ],
    [
      'gas too low',
      1,
      send,
      { gasLimit: 20_999 },
      { code: 'gas-limit-too-low', data: { needed: '21000', actual: '20999' } },
    ],
    ['gas enough', 1, send, { gasLimit: 21_000 }, null],
    [
      'a fee too low',
      1,
      send,
      { maxFeePerGas: 999n },
      { code: 'fee-too-low', data: { baseFee: '1000', actual: '999' } },
    ],
    [
      'no money',
      STRANGER,
      send,
      {},
      { code: 'insufficient-balance', data: { balance: '0', needed: '42000005' } },
    ],
    ['an empty batch', 1, many(0), {}, { code: 'batch-empty', data: {} }],
    ['a long batch', 1, many(64), {}, null],
    [
      'a drip in a batch',
      1,
      { type: 'batch', payloads: [{ type: 'faucet.drip' }] },
      {},
      { code: 'drip-in-batch', data: {} },
    ],
    [
      'a batch that fits in no sender’s share of a block',
      1,
      { type: 'batch', payloads: Array(64).fill({ type: 'validator.ready' }) },
      {},
      { code: 'gas-above-block-limit', data: { needed: '3210000', limit: '1000000' } },
    ],
    ['a drip for who has nothing', STRANGER, { type: 'faucet.drip' }, {}, null],
    ['an empty name', 0, rename(''), {}, { code: 'name-invalid', data: { limitBytes: '32' } }],
    ['a name of 32 bytes', 0, rename('é'.repeat(16)), {}, null],
    [
      'a name that turns text around',
      0,
      rename('a\u202eb'),
      {},
      { code: 'name-invalid', data: { limitBytes: '32' } },
    ],
    [
      'a commission too high',
      0,
      rename('a', 100_001),
      {},
      { code: 'commission-out-of-range', data: { minimum: '10000', maximum: '100000' } },
    ],
    [
      'a stake too small',
      1,
      registration(1, 5n),
      {},
      { code: 'below-minimum-stake', data: { minimum: '1000000000000', actual: '5' } },
    ],
    [
      'a stake above the balance',
      4,
      registration(4, 200_000n * AIT),
      {},
      { code: 'insufficient-balance', data: { balance: '100000000000000', needed: '200000120000000' } },
    ],
  ])('%s', (_title, n, payload, options, expected) => {
    expect(rejectionOf(chain, n, payload, options)).toEqual(expected)
  })

  it('refuses a used nonce, a key that is not the sender’s, and too many bytes', () => {
    const used = new TestChain()
    used.decide([used.by(1, send)])
    expect(rejectionOf(used, 1, send)).toEqual({
      code: 'nonce-too-low',
      data: { expected: '1', actual: '0' },
    })

    const { transaction, bytes } = transactionBy(1, send)
    const terms = { height: 2, baseFeePerGas: 1_000n, bytes: bytes.length }
    const forged = { ...transaction, sender: addressNumber(2) }
    expect(checkTransaction(chain.state, PARAMETERS, forged, terms)?.code).toBe('address-mismatch')
    const long = { ...terms, bytes: PARAMETERS.maximumTransactionBytes + 1 }
    expect(checkTransaction(chain.state, PARAMETERS, transaction, long)?.code).toBe('too-large')
  })

  it('names the proofs of possession to verify, those inside a batch too', () => {
    const { transaction } = transactionBy(1, { type: 'batch', payloads: [send, registration(1)] })
    const { validatorKey, randomnessKey } = registration(1)
    expect(outsideProofsOf(transaction)).toMatchObject([
      { kind: 'ed25519', publicKey: validatorKey },
      { kind: 'vrf', publicKey: randomnessKey },
    ])
    expect(outsideProofsOf(transactionBy(1, send).transaction)).toEqual([])
  })
})

describe('transfer', () => {
  it('moves the amount and pays base fee and tip', () => {
    const chain = new TestChain()
    const { outcome, header } = chain.decide([chain.by(1, transfer(STRANGER, 7n * AIT), { tip: 10n })])
    expect(header.baseFeePerGas).toBe(1_000n)
    const fee = 21_000n * 1_010n
    expect(outcome.receipts).toEqual([{ code: 'ok', data: {}, gasUsed: 21_000, feePaid: fee }])
    expect(balance(chain, 1)).toBe(100_000n * AIT - 7n * AIT - fee)
    expect(balance(chain, STRANGER)).toBe(7n * AIT)
    expect(supplyOf(chain.state)).toMatchObject({ burned: 10_500_000n, rewardPool: 10_500_000n })
    expect(accountOf(chain.state, header.proposer).balance % AIT).toBe(210_000n)
  })

  it('to oneself costs the fee alone', () => {
    const chain = new TestChain()
    chain.decide([chain.by(1, transfer(1, 50_000n * AIT), { tip: 0n })])
    expect(balance(chain, 1)).toBe(100_000n * AIT - 21_000_000n)
  })
})

describe('batch', () => {
  it('does all under one nonce and one fee', () => {
    const chain = new TestChain()
    const payloads = [transfer(50, 1n), transfer(51, 2n), transfer(52, 3n)]
    const { outcome } = chain.decide([chain.by(1, { type: 'batch', payloads })])
    expect(outcome.receipts).toMatchObject([{ code: 'ok', gasUsed: 43_000 }])
    expect([50, 51, 52].map((n) => balance(chain, n))).toEqual([1n, 2n, 3n])
    expect(chain.nonceOf(1)).toBe(1)
  })

  it('that fails leaves nothing half applied, pays its gas and says which payload it was', () => {
    const chain = new TestChain()
    const before = balance(chain, 4)
    const payloads = [
      transfer(50, 1n),
      registration(4),
      transfer(51, 2n),
      { type: 'validator.exit' },
      { type: 'validator.pause' },
    ] as const
    const { outcome } = chain.decide([chain.by(4, { type: 'batch', payloads }, { tip: 0n })])
    expect(outcome.receipts).toMatchObject([
      { code: 'validator-exiting', data: { address: addressNumber(4), payload: '4' }, gasUsed: 182_000 },
    ])
    expect(balance(chain, 50)).toBe(0n)
    expect(chain.state.get(validatorKey(addressNumber(4)))).toBeNull()
    expect(balance(chain, 4)).toBe(before - 182_000n * 1_000n)
    expect(chain.nonceOf(4)).toBe(1)
    const again = chain.decide([chain.by(4, registration(4))])
    expect(again.outcome.receipts).toMatchObject([{ code: 'ok' }])
  })
})

describe('faucet', () => {
  it('pays an empty account, the fee out of the drip, once an interval', () => {
    const chain = new TestChain({ parameters: { faucetIntervalBlocks: 3 } })
    const drip = { type: 'faucet.drip' } as const
    chain.decide([chain.by(STRANGER, drip, { tip: 0n })])
    expect(balance(chain, STRANGER)).toBe(10n * AIT - 21_000_000n)
    expect(supplyOf(chain.state).faucet).toBe(10n * AIT)
    expect(rejectionOf(chain, STRANGER, drip, { nonce: 1 })).toEqual({
      code: 'drip-too-early',
      data: { nextHeight: '4' },
    })
    chain.decideUntil(3)
    expect(chain.decide([chain.by(STRANGER, drip)]).outcome.receipts).toMatchObject([{ code: 'ok' }])
  })

  it('is closed where there is none', () => {
    const chain = new TestChain({ parameters: { faucetDrip: 0n } })
    expect(rejectionOf(chain, STRANGER, { type: 'faucet.drip' })).toEqual({ code: 'faucet-closed', data: {} })
  })
})

describe('validator operations', () => {
  it('fail with a code where they do not apply', () => {
    const chain = new TestChain({ funded: [0, 1, 4, 5] })
    const foreignKey = { ...registration(5), validatorKey: registration(0).validatorKey }
    const { outcome } = chain.decide([
      chain.by(0, registration(0)),
      chain.by(1, { type: 'validator.exit' }),
      chain.by(1, { type: 'validator.ready' }, { nonce: 1 }),
      chain.by(4, { type: 'validator.pause' }),
      chain.by(5, foreignKey),
    ])
    const codes = outcome.transactionIds.map((_, i) => outcome.receipts[i]!.code).sort()
    expect(codes).toEqual([
      'already-registered',
      'key-in-use',
      'ok',
      'unknown-validator',
      'validator-exiting',
    ])
    expect(supplyOf(chain.state).bonded).toBe(40_000n * AIT)
  })

  it('bond the stake and keep what was registered', () => {
    const chain = new TestChain()
    chain.decide([chain.by(4, registration(4, 2_000n * AIT), { tip: 0n })])
    expect(chain.state.get(validatorKey(addressNumber(4)))).toMatchObject({
      name: 'validator 4',
      paying: { stake: 2_000n * AIT, shares: 2_000n * AIT },
      compounding: { stake: 0n, shares: 0n },
      delegators: 1,
      registeredAtHeight: 1,
      readyEpoch: null,
      performance: 1_000_000,
    })
    expect(balance(chain, 4)).toBe(98_000n * AIT - 60_000_000n)
    expect(supplyOf(chain.state).bonded).toBe(42_000n * AIT)
  })

  it('announce a change a whole epoch ahead', () => {
    const chain = new TestChain()
    chain.decide([chain.by(0, { type: 'validator.update', name: 'new name', commission: 20_000 })])
    const key = validatorKey(addressNumber(0))
    chain.decideUntil(9)
    expect(chain.state.get(key)).toMatchObject({
      name: 'validator 0',
      announced: { name: 'new name', fromEpoch: 2 },
    })
    chain.decideUntil(10)
    expect(chain.state.get(key)).toMatchObject({ name: 'new name', commission: 20_000, announced: null })
  })
})
