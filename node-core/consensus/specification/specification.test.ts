/** The model keeps its promises, breaks them when a rule is left out, and the implementation does what it says. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { validatorSet } from '../builders.test-kit.ts'
import { committeeOf, isOneHonest, isQuorum } from '../quorum.ts'
import { loadModel, simulate, type Walk } from './model.test-kit.ts'
import { indexOf } from './projection.test-kit.ts'
import { type Coverage, Replay } from './replay.test-kit.ts'

const INVARIANTS = [
  'agreement',
  'validity',
  'onePreparedValue',
  'noDoubleSign',
  'noAmnesia',
  'lockIsKept',
  'acceptedIsJustified',
]
const WITNESSES = ['decidesInRoundZero', 'decidesLater', 'decidesReproposed', 'allDecide']
const MINUTES = 60_000
const QUINT = createRequire(import.meta.url).resolve('@informalsystems/quint/dist/src/cli.js')

const FOUR = { instance: 'fourEqual', setup: 'FOUR', powers: [1, 1, 1, 1], honest: [0, 2, 3] }
const FIVE = { instance: 'fiveWeighted', setup: 'FIVE', powers: [4, 4, 3, 2, 2], honest: [1, 2, 3, 4] }

const model = await loadModel()

describe('the model and the implementation, step by step', () => {
  const walks: readonly (typeof FOUR & Walk)[] = [
    { ...FOUR, seed: 1, samples: 20, steps: 110 },
    { ...FOUR, from: 'noneDecides', seed: 2, samples: 10, steps: 90 },
    { ...FOUR, from: 'ignoresTheLock', seed: 3, samples: 5, steps: 60 },
    { ...FOUR, from: 'claimsWithoutProof', seed: 4, samples: 5, steps: 60 },
    { ...FOUR, from: 'bodyIsMissing', seed: 7, samples: 4, steps: 60 },
    { ...FIVE, seed: 5, samples: 10, steps: 130 },
    { ...FIVE, from: 'twoFaces', seed: 6, samples: 8, steps: 100 },
  ]
  const witnessed: Record<string, number> = {}
  const coverage: Coverage = {}
  const addTo = (sum: Record<string, number>, more: Readonly<Record<string, number>>) => {
    for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count
  }

  for (const { setup: _, powers, honest, ...walk } of walks)
    it(`${walk.instance} from ${walk.from ?? 'the start'}: invariants hold, and every step is the same in both`, {
      timeout: 5 * MINUTES,
    }, () => {
      const walked = simulate(model, {
        ...walk,
        invariants: INVARIANTS,
        witnesses: WITNESSES,
        traces: walk.samples,
      })
      expect(walked.errors).toEqual([])
      expect(walked.status, `seed ${walk.seed}: quint ${walked.command.join(' ')}`).toBe('ok')
      expect(walked.traces.length).toBe(walk.samples)
      addTo(witnessed, walked.witnessed)
      for (const trace of walked.traces) {
        const replay = new Replay(powers, honest)
        replay.run(trace)
        addTo(coverage, replay.coverage)
      }
    })

  // The two below sum up the walks above.
  it('reach decisions in round 0, later, and of a value that was prepared before and proposed again', () => {
    for (const name of WITNESSES) expect(witnessed[name], name).toBeGreaterThan(0)
  })

  it('contain every kind of step, refusals to sign, and decisions early and late', () => {
    const kinds = ['Proposed', 'Persisted', 'Delivered', 'Lost', 'Fetched', 'TimedOut', 'Restarted', 'Forged']
    for (const name of [...kinds, 'refused', 'decided in round 0', 'decided later'])
      expect(coverage[name], name).toBeGreaterThan(0)
  })
})

describe('the validator sets of the model', () => {
  for (const { instance, setup, powers } of [FOUR, FIVE])
    it(`${instance}: powers, thresholds and proposers are what the implementation makes of them`, () => {
      const committee = committeeOf(validatorSet(powers))
      const least = (isEnough: typeof isQuorum) =>
        [...Array(100).keys()].find((power) => isEnough(committee, BigInt(power)))
      const proposers = [0, 1, 2, 3, 4, 5].map((round) => indexOf(committee.schedule.proposerAt(1, round)))
      const { status } = simulate(model, {
        ...{ instance, seed: 1, samples: 1, steps: 1 },
        invariants: [
          `${setup}.quorum == ${least(isQuorum)}`,
          `${setup}.oneHonest == ${least(isOneHonest)}`,
          `${setup}.proposers == List(${proposers})`,
          `${setup}.powers == Map(${powers.map((power, index) => `${index} -> ${power}`)})`,
        ],
      })
      expect(status).toBe('ok')
    })
})

describe('a rule left out is noticed', () => {
  const mutations: readonly (Walk & { readonly invariants: readonly string[] })[] = [
    { instance: 'quorumByCount', from: 'twoFaces', step: 'progress', invariants: ['agreement'] },
    { instance: 'quorumByCount', from: 'twoFaces', step: 'progress', invariants: ['onePreparedValue'] },
    { instance: 'withoutGuard', from: 'twoFaces', invariants: ['noDoubleSign'] },
    { instance: 'withoutRecord', invariants: ['noDoubleSign'] },
    { instance: 'withoutOneWrite', invariants: ['noAmnesia'] },
    { instance: 'withoutHighest', from: 'ignoresTheLock', step: 'progress', invariants: ['agreement'] },
    { instance: 'withoutHighest', from: 'ignoresTheLock', step: 'progress', invariants: ['lockIsKept'] },
    {
      instance: 'withoutHighest',
      from: 'ignoresTheLock',
      step: 'progress',
      invariants: ['acceptedIsJustified'],
    },
    { instance: 'withoutProof', from: 'claimsWithoutProof', step: 'progress', invariants: ['agreement'] },
    { instance: 'withoutValidity', invariants: ['validity'] },
  ].map((each) => ({ ...each, seed: 2, samples: 100, steps: 80 }))

  for (const walk of mutations)
    it(`${walk.instance}: ${walk.invariants[0]} fails`, { timeout: 2 * MINUTES }, () => {
      const walked = simulate(model, walk)
      expect(walked.errors).toEqual([])
      expect(walked.status).toBe('violation')
    })

  it('and its trace is none of the implementation', { timeout: 2 * MINUTES }, () => {
    const walk = { from: 'ignoresTheLock', step: 'progress', seed: 1, samples: 1, steps: 40, traces: 1 }
    const [trace] = simulate(model, { ...walk, instance: 'withoutHighest' }).traces
    expect(() => new Replay(FOUR.powers, FOUR.honest).run(trace!)).toThrow(/replica [23]/)
  })
})

describe('the command line', () => {
  it('repeats a walk from the seed and arguments that a failure prints', {
    timeout: 3 * MINUTES,
  }, async () => {
    const walk = { from: 'ignoresTheLock', step: 'progress', seed: 2, samples: 10, steps: 80 }
    const walked = simulate(model, { ...walk, instance: 'withoutHighest', invariants: ['agreement'] })
    // Into a file: Quint ends without waiting for a pipe that is slow to take the rest.
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'quint-')), 'walk.txt')
    const output = openSync(file, 'w')
    const run = spawn(process.execPath, [QUINT, ...walked.command], { stdio: ['ignore', output, output] })
    expect(await once(run, 'exit')).toEqual([1, null])
    expect(readFileSync(file, 'utf8')).toContain('[violation]')
    closeSync(output)
    rmSync(path.dirname(file), { recursive: true })
  })
})
