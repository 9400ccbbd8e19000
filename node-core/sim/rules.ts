/** The rules of consensus that have a reason in brackets, and a few that rest under them, each taken out once to see what happens. */
import type { Committee } from '../consensus/quorum.ts'
import { roundTimeoutMs } from '../consensus/timers.ts'
import type { BrokenRule } from './broken-rule.ts'
import { randomScenario } from './random-scenario.ts'
import { type Scenario, scenario } from './scenario.ts'
import { farRounds } from './scenarios/far-rounds.ts'
import { hourAlone } from './scenarios/hour-alone.ts'
import { lockedByCommit } from './scenarios/locked-by-commit.ts'

export interface RuleTrial {
  /** What the chain does without. */
  readonly without: string
  readonly broken: BrokenRule
  /** Where it shows. */
  readonly scenario: (seed: number) => Scenario
  /** What the checkers say. */
  readonly shows: RegExp
  /** It shows within this many seeds. */
  readonly seeds: number
}

function divided(seed: number): Scenario {
  return scenario({
    seed,
    powers: [1, 1, 1, 1, 1],
    byzantine: new Map([[seed % 5, { equivocates: true, votesForAll: true }]]),
    heights: 10,
    faults: { untilMs: 30_000, partitions: 6, delayMs: 100 },
    boundMs: 120_000,
  })
}

const weaker = new WeakMap<Committee, Committee>()

/** A quorum of 2·max(1, ⌊n/3⌋) + 1 members. */
function withFormula(committee: Committee): Committee {
  const known = weaker.get(committee)
  if (known) return known
  const changed = { ...committee, quorumPower: BigInt(2 * Math.max(1, Math.floor(committee.size / 3)) + 1) }
  weaker.set(committee, changed)
  weaker.set(changed, changed)
  return changed
}

/** By name, as `--break` takes it. */
export const RULE_TRIALS: Readonly<Record<string, RuleTrial>> = {
  'idle-timer': {
    without: 'the timer of round 0 runs from the block time, whether there is something to include or not',
    broken: {
      state: (state) => {
        if (state.phase !== 'running' || state.round > 0 || !state.timer || state.hasWork) return state
        const { emptyIntervalMs, blockTimeMs } = state.parameters
        const startedAtMs = state.startAtMs - (emptyIntervalMs - blockTimeMs)
        return { ...state, timer: { ...state.timer, startedAtMs } }
      },
    },
    scenario: (seed) =>
      scenario({ seed, work: 0, heights: 6, maxRound: 0, parameters: { emptyIntervalMs: 5_000 } }),
    shows: /went to round 1/,
    seeds: 1,
  },
  'judge-again': {
    without: 'a block that is proposed again is judged by time and proposer once more',
    broken: {
      input: (state, input, { wallMs }) => {
        if (input.type !== 'message-received' || input.message.type !== 'pre-prepare') return input
        const { round, block, sender } = input.message
        if (round === 0) return input
        const { messageDelayMs, clockPrecisionMs } = state.parameters
        const latestMs = block.header.timestampMs + messageDelayMs * (1 + round / 2) + clockPrecisionMs
        return wallMs > latestMs || block.header.proposer !== sender ? null : input
      },
    },
    scenario: (seed) => randomScenario({ seed }),
    shows: /no progress/,
    seeds: 100,
  },
  'body-not-durable': {
    without: 'the body of what is prepared does not survive a crash',
    broken: { forgetsBodies: true },
    scenario: lockedByCommit,
    shows: /no progress/,
    seeds: 1,
  },
  'two-writes': {
    without: 'the COMMIT is durable before what it rests on, and a crash falls between',
    broken: {
      record: (record, order) => (order.prepared ? { ...record, prepared: null, lastCommit: null } : record),
    },
    scenario: lockedByCommit,
    shows: /honest replica accused.*forgets COMMIT/,
    seeds: 1,
  },
  'no-catch-up': {
    without: 'nobody gives decided blocks to those who are behind',
    broken: { servesNobody: true },
    scenario: (seed) =>
      scenario({
        seed,
        heights: 8,
        faults: { untilMs: 12_000 },
        script: { sleeps: [{ replica: 3, fromMs: 2_500, forMs: 6_000 }] },
        boundMs: 120_000,
      }),
    shows: /no progress/,
    seeds: 1,
  },
  'timer-always': {
    without: 'the capped timer of a round runs before a quorum is there',
    broken: {
      state: (state) => {
        if (state.phase !== 'running' || state.round === 0 || state.timer) return state
        const timeoutMs = roundTimeoutMs(state.parameters, state.round)
        return { ...state, timer: { startedAtMs: state.roundStartedAtMs, timeoutMs } }
      },
    },
    scenario: (seed) => ({ ...hourAlone(seed), maxRound: Number.POSITIVE_INFINITY }),
    shows: /no progress/,
    seeds: 8,
  },
  'no-latest-round-change': {
    without: 'ROUND-CHANGEs beyond the window are not kept',
    broken: {
      input: (state, input) => {
        if (input.type !== 'message-received' || input.message.type !== 'round-change') return input
        const { height, round } = input.message
        return height === state.height && round > state.round + 2 ? null : input
      },
    },
    scenario: farRounds,
    shows: /no progress/,
    seeds: 8,
  },
  'quorum-formula': {
    without: 'a quorum is 2·max(1, ⌊n/3⌋) + 1 members, of five',
    broken: {
      state: (state) => (state.committee ? { ...state, committee: withFormula(state.committee) } : state),
    },
    scenario: divided,
    shows: /fork/,
    seeds: 400,
  },
  'guard-forgets': {
    without: 'the signing record is not read at a restart',
    broken: { restored: () => null },
    scenario: (seed) => randomScenario({ seed }),
    shows: /honest replica accused/,
    seeds: 100,
  },
  'claims-nothing': {
    without: 'ROUND-CHANGEs say nothing of what is prepared',
    broken: {
      effect: (effect) => {
        if (effect.type !== 'sign-and-persist' || effect.order.message.type !== 'round-change') return effect
        const message = { ...effect.order.message, prepared: null, preparedCertificate: [] }
        return { ...effect, order: { ...effect.order, message } }
      },
    },
    scenario: (seed) => randomScenario({ seed }),
    shows: /honest replica accused.*forgets COMMIT|fork/,
    seeds: 100,
  },
  'believe-forgeries': {
    without: 'votes inside certificates and proofs are not verified',
    broken: { believesForgeries: true },
    scenario: (seed) =>
      scenario({
        seed,
        byzantine: new Map([[seed % 4, { forges: true }]]),
        heights: 8,
        faults: { untilMs: 20_000, delayMs: 200, loss: 0.1 },
      }),
    shows: /fork/,
    seeds: 20,
  },
}
