/** Reads ../shared/vectors/proposer-priority.json where it is present (CometBFT's own sequence). */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from './ids.ts'
import {
  advance,
  createProposerSchedule,
  initialPriorities,
  newcomerPriority,
  type PriorityMember,
  proposerAt,
  rescaleAndCentre,
  totalWeight,
} from './proposer-priority.ts'
import type { ValidatorSet } from './validator-set.ts'

const vectorFile = path.resolve(import.meta.dirname, '../../../shared/vectors/proposer-priority.json')
const vectorsPresent = existsSync(vectorFile)
if (!vectorsPresent) console.info('proposer-priority: vectors are absent, passing over CometBFT’s sequence')

function starting(weights: Record<string, bigint>): PriorityMember[] {
  const entries = Object.entries(weights).sort(([a], [b]) => (a < b ? -1 : 1))
  const priorities = initialPriorities(entries.map(([, weight]) => weight))
  return entries.map(([address, weight], i) => ({ address, weight, priority: priorities[i]! }))
}

function proposers(members: PriorityMember[], count: number): string[] {
  const names: string[] = []
  let current = members
  for (let i = 0; i < count; i++) {
    const next = advance(current, 1)
    names.push(members[next.proposerIndex]!.address)
    current = current.map((member, index) => ({ ...member, priority: next.priorities[index]! }))
  }
  return names
}

function setOf(weights: readonly bigint[], firstHeight = 11, blocks = 10): ValidatorSet {
  const priorities = initialPriorities(weights)
  const members = weights.map((weight, i) => ({
    address: `0x${i.toString(16).padStart(40, '0')}` as Address,
    validatorKey: new Uint8Array(32),
    randomnessKey: new Uint8Array(32),
    power: weight,
    weight,
    priority: priorities[i]!,
  }))
  return {
    epoch: 1,
    firstHeight,
    lastHeight: firstHeight + blocks - 1,
    members,
    totalPower: totalWeight(members),
  }
}

describe('proposer priority', () => {
  it.runIf(vectorsPresent)('gives the 99 proposers of CometBFT', () => {
    const vector = JSON.parse(readFileSync(vectorFile, 'utf8')) as {
      validators: { address: string; power: number }[]
      proposers: string[]
    }
    const weights = Object.fromEntries(
      vector.validators.map(({ address, power }) => [address, BigInt(power)]),
    )
    expect(vector.proposers).toHaveLength(99)
    expect(proposers(starting(weights), 99)).toEqual(vector.proposers)
  })

  it('goes round by address when weights are equal', () => {
    expect(proposers(starting({ c: 1n, a: 1n, b: 1n }), 7)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a'])
  })

  it('breaks a tie by the lower address, wherever it stands', () => {
    const members = ['c', 'a', 'b'].map((address) => ({ address, weight: 1n, priority: 0n }))
    expect(advance(members, 1).proposerIndex).toBe(1)
  })

  it('puts a newcomer behind everyone', () => {
    expect(newcomerPriority(1_000n)).toBe(-1_125n)
    expect(newcomerPriority(7n)).toBe(-7n)
  })

  it('rescales toward zero and centres by the floored mean', () => {
    // spread 105 over a limit of 2 × 10: divided by ⌈105 / 20⌉ = 6, then the mean of (-8, 0, 8) is 0
    expect(rescaleAndCentre([-50n, 5n, 53n], 10n)).toEqual([-8n, 0n, 8n])
    // sum -1 over 2 members: the floored mean is -1
    expect(rescaleAndCentre([-1n, 0n], 10n)).toEqual([0n, 1n])
    expect(rescaleAndCentre([], 10n)).toEqual([])
  })

  it('takes each member as often as its weight says, over any P steps from the start', () => {
    const weight = fc.bigInt({ min: 1n, max: 40n })
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 8 }), (weights) => {
        const names = Object.fromEntries(weights.map((w, i) => [String.fromCharCode(97 + i), w]))
        const total = weights.reduce((sum, w) => sum + w, 0n)
        const taken = proposers(starting(names), Number(total))
        for (const [name, w] of Object.entries(names))
          expect(taken.filter((each) => each === name)).toHaveLength(Number(w))
      }),
      { numRuns: 60 },
    )
  })
})

describe('proposerAt', () => {
  const heights = fc.integer({ min: 11, max: 20 })
  const rounds = fc.integer({ min: 0, max: 12 })

  it('is the same however the questions were ordered', () => {
    const set = setOf([1_000n, 300n, 330n, 1n])
    fc.assert(
      fc.property(fc.array(fc.tuple(heights, rounds), { minLength: 1, maxLength: 20 }), (questions) => {
        const schedule = createProposerSchedule(set)
        for (const [height, round] of questions)
          expect(schedule.proposerAt(height, round)).toBe(proposerAt(set, height, round))
      }),
    )
  })

  it('in round r is a copy advanced r more, and failed rounds leave later heights alone', () => {
    const set = setOf([5n, 3n, 2n])
    let members: PriorityMember[] = [...set.members]
    for (let height = 11; height <= 20; height++) {
      const own = advance(members, 1)
      members = members.map((member, i) => ({ ...member, priority: own.priorities[i]! }))
      expect(proposerAt(set, height, 0)).toBe(set.members[own.proposerIndex]!.address)
      for (let round = 1; round < 6; round++)
        expect(proposerAt(set, height, round)).toBe(
          set.members[advance(members, round).proposerIndex]!.address,
        )
      expect(createProposerSchedule(set).prioritiesAfter(height)).toEqual(own.priorities)
    }
  })

  it('refuses heights of another epoch', () => {
    const set = setOf([1n])
    expect(() => proposerAt(set, 10, 0)).toThrow('belongs to the epoch')
    expect(() => proposerAt(set, 21, 0)).toThrow('belongs to the epoch')
  })
})
