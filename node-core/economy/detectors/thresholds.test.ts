/** From where on each detector speaks, and what it says. */
import { describe, expect, it } from 'vitest'
import type { Address } from '../../protocol/ids.ts'
import type { Entity } from '../concentration.ts'
import { detectFrontRunning, standsBesideOwn } from './front-running.ts'
import { detectGasManipulation } from './gas-manipulation.ts'
import { detectLongRange } from './long-range.ts'
import { detectNothingAtStake } from './nothing-at-stake.ts'
import type { BlockFacts, Deal, StakeOperation, TransactionFacts } from './observation.ts'
import { detectStakeConcentration } from './stake-concentration.ts'
import { detectStakeGrinding } from './stake-grinding.ts'
import { detectSybil } from './sybil.ts'
import { TrafficWindow } from './traffic-window.ts'
import { detectWashTrading } from './wash-trading.ts'
import { GRINDING_WINDOW_MS, VOTES_WINDOW_MS } from './windows.ts'

const NOW_MS = 10_000_000_000
const address = (number: number) => `0x${number.toString(16).padStart(40, '0')}` as Address
const [A, B, C, D] = [1, 2, 3, 4].map(address) as [Address, Address, Address, Address]

describe('sybil', () => {
  const entity = (validators: readonly Address[], power: bigint, because: Entity['because']): Entity => ({
    validators,
    power,
    because,
  })
  const threatOf = (one: Entity) =>
    detectSybil({ powers: [one.power, 100n - one.power], entities: [one] }).threat

  it('is more than a tenth of the power with several of one party', () => {
    expect(threatOf(entity([A, B], 10n, 'funder'))).toBeNull()
    expect(threatOf(entity([A, B], 11n, 'funder'))).toBe('medium')
    expect(threatOf(entity([A, B], 34n, 'funder'))).toBe('critical')
    expect(threatOf(entity([A], 34n, 'alone'))).toBeNull()
  })

  it('is less sure of a host, and not at all of two behind one', () => {
    expect(threatOf(entity([A, B], 20n, 'network-address'))).toBeNull()
    expect(threatOf(entity([A, B, C], 20n, 'network-address'))).toBe('low')
  })
})

describe('stake grinding', () => {
  const operation = (i: number, change: bigint, over: Partial<StakeOperation> = {}): StakeOperation => ({
    height: i,
    timeMs: NOW_MS - i,
    account: A,
    party: A,
    moves: [{ validator: B, change: i % 2 === 0 ? change : -change }],
    done: true,
    ...over,
  })
  const look = (operations: readonly StakeOperation[]) =>
    detectStakeGrinding({ nowMs: NOW_MS, stakes: new Map([[B, 100n]]), stakeOperations: operations })
  const many = (count: number, change: bigint, over?: Partial<StakeOperation>) =>
    Array.from({ length: count }, (_, i) => operation(i, change, over))

  it('is more than ten operations that make a validator’s stake vary by more than three tenths', () => {
    expect(look(many(10, 50n))).toMatchObject({ threat: null, value: 10 })
    expect(look(many(11, 50n))).toMatchObject({ threat: 'medium', value: 11, suspects: [A] })
    expect(look(many(11, 20n))).toMatchObject({ threat: null, value: 0 })
    expect(look(many(31, 50n)).threat).toBe('high')
  })

  it('counts what the cool-down refused, and not what is an hour ago', () => {
    const refused = many(9, 50n, { done: false })
    expect(look([...many(2, 50n), ...refused])).toMatchObject({ threat: 'medium', value: 11 })
    expect(look(many(20, 50n, { timeMs: NOW_MS - GRINDING_WINDOW_MS }))).toMatchObject({ value: 0 })
  })
})

describe('stake grinding by several accounts of one funder', () => {
  /** Two take turns: what one puts in the other takes out. */
  const turns = (count: number, change: bigint, funder: (account: Address) => Address) =>
    Array.from({ length: count }, (_, i): StakeOperation => {
      const account = i % 2 === 0 ? C : D
      const moves = [{ validator: B, change: i % 2 === 0 ? change : -change }]
      return { height: i, timeMs: NOW_MS - i, account, party: funder(account), moves, done: true }
    })
  const look = (stakeOperations: readonly StakeOperation[]) =>
    detectStakeGrinding({ nowMs: NOW_MS, stakes: new Map([[B, 100n]]), stakeOperations })

  it('is theirs together', () => {
    expect(look(turns(12, 50n, () => A))).toMatchObject({ threat: 'medium', value: 12, suspects: [C, D] })
    expect(look(turns(10, 50n, () => A))).toMatchObject({ threat: null, value: 10 })
  })

  it('is no party where nobody funded both, nor a crowd that moves little', () => {
    expect(look(turns(12, 50n, (account) => account))).toMatchObject({ threat: null, value: 6 })
    const customers = Array.from({ length: 40 }, (_, i): StakeOperation => {
      const moves = [{ validator: B, change: 9n }]
      return { height: i, timeMs: NOW_MS - i, account: address(50 + i), party: A, moves, done: true }
    })
    expect(look(customers)).toMatchObject({ threat: null, value: 0 })
  })
})

describe('nothing at stake', () => {
  const look = (expected: number, signed: number, atMs: number | null = null) =>
    detectNothingAtStake({
      nowMs: NOW_MS,
      presence: new Map([[A, { expected, signed, lastMissed: 7 }]]),
      equivocations: atMs === null ? [] : [{ validator: B, height: 9, atMs }],
    })

  it('is absence from more than half of the certificates, of those who have been there', () => {
    expect(look(100, 50)).toMatchObject({ threat: null, value: 500_000 })
    expect(look(100, 49)).toMatchObject({ threat: 'high', suspects: [A], heights: [7] })
    expect(look(49, 0)).toMatchObject({ threat: null, value: 0 })
  })

  it('is a contradiction at once, for two hours', () => {
    expect(look(100, 100, NOW_MS)).toMatchObject({ threat: 'critical', suspects: [B], heights: [9] })
    expect(look(100, 100, NOW_MS - VOTES_WINDOW_MS).threat).toBeNull()
  })
})

it('long range is a certificate of keys that are too old, or mostly out of use', () => {
  const look = (ageMs: number, retiredPower: number) =>
    detectLongRange({
      nowMs: NOW_MS,
      refused: [{ height: 4, atMs: NOW_MS, ageMs, retiredPower }],
      trustingPeriodMs: 1_000,
    })
  expect(look(1_000, 800_000).threat).toBeNull()
  expect(look(1_001, 0)).toMatchObject({ threat: 'medium', heights: [4], suspects: [] })
  expect(look(0, 800_001).threat).toBe('medium')
})

describe('front running', () => {
  const transfer = (sender: Address, to: Address, party = sender): TransactionFacts => ({
    sender,
    party,
    type: 'transfer',
    gas: 21_000,
    counterparties: [to],
    stake: [],
    done: true,
  })
  const beside = (...transactions: TransactionFacts[]) => standsBesideOwn({ proposer: A, transactions })

  it('is the proposer’s own next to one that names the same account, on either side', () => {
    expect(beside(transfer(A, C), transfer(B, C))).toBe(true)
    expect(beside(transfer(B, C), transfer(A, B))).toBe(true)
    expect(beside(transfer(D, C, A), transfer(B, C))).toBe(true)
    expect(beside(transfer(A, C), transfer(B, D), transfer(D, C))).toBe(false)
    expect(beside(transfer(A, C), transfer(A, C))).toBe(false)
  })

  it('is so in more than a tenth of its blocks, and not by chance', () => {
    const look = (blocks: number, besideOwnBlocks: number) =>
      detectFrontRunning({ proposers: new Map([[A, { blocks, besideOwnBlocks, besideOwn: [5] }]]) })
    expect(look(10, 2).threat).toBeNull()
    expect(look(30, 3)).toMatchObject({ threat: null, value: 100_000 })
    expect(look(29, 3)).toMatchObject({ threat: 'medium', suspects: [A], heights: [5] })
    expect(look(9, 3).threat).toBe('high')
  })
})

it('gas manipulation is a base fee more than doubled while one used more than half', () => {
  const look = (baseFee: bigint, gas: number) =>
    detectGasManipulation({
      baseFee,
      gasMinutes: [
        {
          firstHeight: 1,
          lastHeight: 2,
          lowestBaseFee: 200n,
          gasUsed: 9_000,
          byParty: new Map([[B, 9_000]]),
        },
        { firstHeight: 3, lastHeight: 4, lowestBaseFee: 100n, gasUsed: 100, byParty: new Map([[A, gas]]) },
      ],
    })
  expect(look(200n, 100)).toMatchObject({ threat: null, value: 2_000_000, suspects: [] })
  expect(look(201n, 51)).toMatchObject({ threat: 'medium', value: 2_010_000, suspects: [A], heights: [4] })
  expect(look(201n, 50)).toMatchObject({ threat: null, value: 2_000_000 })
})

it('concentration is fewer than three with a third of the power, where there could be more', () => {
  const look = (...powers: bigint[]) => detectStakeConcentration({ powers, entities: [] })
  expect(look(10n, 10n, 10n, 10n, 10n, 10n)).toMatchObject({ threat: null, value: 3 })
  expect(look(20n, 20n, 10n, 10n, 10n, 10n)).toMatchObject({ threat: 'medium', value: 2 })
  expect(look(90n, 20n, 10n, 10n, 10n, 10n)).toMatchObject({ threat: 'critical', value: 1 })
  expect(look(10n, 10n, 10n, 10n, 10n)).toMatchObject({ threat: null, value: 2 })
})

describe('wash trading', () => {
  const deal = (client: Address, worker: Address, over: Partial<Deal> = {}): Deal => ({
    height: 3,
    timeMs: NOW_MS,
    client,
    worker,
    clientParty: client,
    workerParty: worker,
    isPraised: true,
    ...over,
  })
  const look = (deals: readonly Deal[]) => detectWashTrading({ nowMs: NOW_MS, deals })
  const times = (count: number, ...deals: Deal[]) => Array.from({ length: count }, () => deals).flat()

  it('is silent without deals', () => expect(look([])).toMatchObject({ threat: null, value: 0 }))

  it('is a party that hires itself more often than by chance', () => {
    const own = deal(A, B, { workerParty: A })
    expect(look(times(2, own)).threat).toBeNull()
    expect(look(times(3, own))).toMatchObject({ threat: 'medium', value: 3, suspects: [A, B] })
  })

  it('is a ring that praises itself, and no client with its worker', () => {
    expect(look(times(3, deal(A, B), deal(B, C), deal(C, A)))).toMatchObject({ threat: 'medium', value: 9 })
    const [ab, ba, ac, ca, bc, cb] = [deal(A, B), deal(B, A), deal(A, C), deal(C, A), deal(B, C), deal(C, B)]
    expect(look(times(3, ab, ba, ac, ca, bc, cb))).toMatchObject({ threat: 'high', value: 18 })
    expect(look(times(20, deal(A, B))).threat).toBeNull()
    // A quarter and more of their praise comes from elsewhere.
    expect(
      look([...times(5, ab, ba), ...times(1, deal(D, A), deal(D, B), deal(C, A), deal(C, B))]).threat,
    ).toBeNull()
    // Most of their praise comes from elsewhere.
    const others = times(13, deal(D, A), deal(D, B))
    expect(look([...times(3, deal(A, B), deal(B, A)), ...others]).threat).toBeNull()
  })
})

describe('a window of traffic', () => {
  const using = (sender: Address, gas: number, party = sender): TransactionFacts => ({
    sender,
    party,
    type: 'transfer',
    gas,
    counterparties: [],
    stake: [],
    done: true,
  })
  const gasOf = (...transactions: TransactionFacts[]) => {
    const window = new TrafficWindow()
    const gasUsed = transactions.reduce((sum, { gas }) => sum + gas, 0)
    window.add(block(1, 0, { transactions, gasUsed }))
    return [...window.sums().gasMinutes[0]!.byParty]
  }

  it('adds up the gas of accounts of one funder, with its own', () => {
    const split = [using(B, 300, A), using(C, 300, A), using(A, 300, D)]
    const others = [10, 11, 12].map((n) => using(address(n), 100))
    expect(gasOf(...split, ...others)).toEqual([[A, 900], ...others.map(({ sender }) => [sender, 100])])
  })

  it('takes many who use no more than others for customers', () => {
    const customers = [20, 21, 22, 23].map((n) => using(address(n), 100, A))
    expect(gasOf(...customers, using(B, 100), using(C, 100))).toEqual(
      [...customers.map(({ sender }) => sender), B, C].map((sender) => [sender, 100]),
    )
  })

  const block = (height: number, timeMs: number, over: Partial<BlockFacts> = {}): BlockFacts => ({
    height,
    timeMs,
    proposer: A,
    baseFee: 10n,
    gasUsed: 0,
    transactions: [],
    signers: [
      { validator: A, signed: true },
      { validator: B, signed: false },
    ],
    ...over,
  })

  it('forgets each sum when its time is over, and the validators with it', () => {
    const window = new TrafficWindow()
    window.add(block(1, 0))
    window.add(block(2, 30_000))
    expect(window.sums().presence.get(B)).toEqual({ expected: 2, signed: 0, lastMissed: 1 })
    window.add(block(3, VOTES_WINDOW_MS + 60_000, { proposer: C, signers: [{ validator: A, signed: true }] }))
    const { presence, proposers, gasMinutes } = window.sums()
    expect([...presence]).toEqual([[A, { expected: 1, signed: 1, lastMissed: null }]])
    expect([...proposers.keys()]).toEqual([C])
    expect(gasMinutes.map(({ firstHeight }) => firstHeight)).toEqual([3])
  })
})
