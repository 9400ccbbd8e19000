/**
 * The Quint model run in this process: parsed once, simulated many times. A process of the command line would spend seconds
 * on parsing and types at every run.
 */
import path from 'node:path'
import { load, parse, typecheck } from '@informalsystems/quint/dist/src/cliCommands.js'
import { toExpr } from '@informalsystems/quint/dist/src/cliHelpers.js'
import { toItf } from '@informalsystems/quint/dist/src/itf.js'
import { newRng } from '@informalsystems/quint/dist/src/rng.js'
import { Evaluator } from '@informalsystems/quint/dist/src/runtime/impl/evaluator.js'
import { newTraceRecorder } from '@informalsystems/quint/dist/src/runtime/trace.js'
import { decodeState, type ModelState } from './trace.test-kit.ts'

const INSTANCES_FILE = path.join(import.meta.dirname, 'instances.qnt')
/** Level of the simulator's log at which it records states only. */
const QUIET = 1

export interface Walk {
  /** A module of instances.qnt. */
  readonly instance: string
  /** An action, or a run of consensus.qnt. */
  readonly from?: string
  readonly step?: string
  readonly seed: number
  readonly samples: number
  readonly steps: number
  readonly invariants?: readonly string[]
  readonly witnesses?: readonly string[]
  /** How many traces are given back; with none of them violating, the longest. */
  readonly traces?: number
}

interface Walked {
  readonly status: string
  readonly errors: readonly string[]
  readonly samples: number
  /** How many samples showed each witness. */
  readonly witnessed: Readonly<Record<string, number>>
  readonly traces: readonly Trace[]
  /** For `quint`: shows the best trace again, with what its steps made of every variable. */
  readonly command: readonly string[]
}

export interface Trace {
  readonly states: readonly ModelState[]
  readonly command: readonly string[]
}

type Model = Awaited<ReturnType<typeof loadModel>>

/** Throws when the model does not parse, or types and effects are not in order. */
export async function loadModel() {
  const args = { input: INSTANCES_FILE }
  const loaded = await load(args)
  if (loaded.isLeft()) throw new Error(loaded.value.msg)
  const parsed = await parse(loaded.value)
  if (parsed.isLeft()) throw new Error(parsed.value.msg)
  const checked = await typecheck(parsed.value)
  if (checked.isLeft()) throw new Error(checked.value.msg)
  return checked.value
}

/** Invariants are checked and witnesses counted after every step. */
export function simulate(model: Model, walk: Walk): Walked {
  const { invariants = [], witnesses = [], traces: kept = 0, from = 'init', step = 'step' } = walk
  const stage = { ...model, args: { ...model.args, main: walk.instance } }
  const expression = (text: string) => {
    const parsed = toExpr(stage, text)
    if (parsed.isLeft()) throw new Error(`${text}: ${parsed.value.message}`)
    return parsed.value
  }
  const rng = newRng(BigInt(walk.seed))
  const stored = Math.max(1, kept)
  const evaluator = new Evaluator(model.resolver.table, newTraceRecorder(QUIET, rng, stored), rng)
  const states: ModelState[][] = []
  const outcome = evaluator.simulate(
    expression(from),
    expression(step),
    expression(invariants.length > 0 ? invariants.join(' and ') : 'true'),
    witnesses.map(expression),
    walk.samples,
    walk.steps,
    stored,
    (_index, _status, variables, found) => {
      if (kept > 0) states.push(toItf(variables, found).unwrap().states.map(decodeState))
    },
  )
  const commands = outcome.bestTraces.map((trace) => argumentsOf(walk, trace.seed))
  return {
    status: outcome.status,
    errors: outcome.errors.map((error) => error.message ?? error.code),
    samples: outcome.samples,
    witnessed: Object.fromEntries(witnesses.map((name, i) => [name, outcome.witnessingTraces[i] ?? 0])),
    traces: states.map((each, i) => ({ states: each, command: commands[i] ?? [] })),
    command: commands[0] ?? [],
  }
}

/** An expression as init is not asked to be an action, so a run may begin the walk; its first step comes with it. */
function argumentsOf(
  { instance, from, step = 'step', steps, invariants = [] }: Walk,
  seed: bigint,
): string[] {
  return [
    ...['run', '--backend', 'typescript', '--main', instance, '--seed', `0x${seed.toString(16)}`],
    ...['--max-steps', `${steps}`, '--step', step],
    ...(from === undefined ? [] : ['--init', `${from}.then(${step})`]),
    ...(invariants.length === 0 ? [] : ['--invariants', ...invariants, '--verbosity', '2']),
    INSTANCES_FILE,
  ]
}
