/** The words of the command line, read once and checked. */
import { ENGINES, type EngineName } from './engines.ts'

/** What makes a run, beside its seed. Left out or null: the default, or what the seed says. */
export interface RunOptions {
  readonly engine: EngineName | null
  readonly nodes: number | null
  /** Of the nodes; the others follow. */
  readonly validators: number | null
  readonly heights: number | null
  readonly byzantine: number | null
  readonly scenario: string | null
  /** A rule to do without. */
  readonly break: string | null
}

export interface SimOptions extends RunOptions {
  /** Inclusive; the same twice for one run. */
  readonly seeds: { readonly from: number; readonly to: number }
  readonly json: boolean
}

export type ReadOptions =
  | { readonly ok: true; readonly options: SimOptions }
  | { readonly ok: false; readonly problem: string }

export const USAGE = `usage: sim [--seed S | --seeds FROM-TO] [--engine core|node] [--nodes N] [--heights H] [--byzantine B]
           [--scenario NAME] [--break RULE] [--validators V] [--json]
  --seed S           one run; the same seed gives the same run (default 1)
  --seeds FROM-TO    many runs, and how many a minute
  --engine           core: consensus alone; node: whole nodes (default core, or what the scenario is for)
  --nodes N          validators of equal power; with --validators all nodes of a mesh
  --heights H        blocks to decide (default 10)
  --byzantine B      how many validators misbehave; left out: the seed says
  --scenario NAME    a run of sim/scenarios
  --break RULE       without one of the rules, to see it noticed
  --validators V     a mesh of N nodes of which V vote, linked as nodes link themselves`

/** Bounds of what is asked for, so that a slip of the keyboard does not fill the memory. */
const MOST = {
  nodes: 5_000,
  validators: 1_000,
  heights: 100_000,
  byzantine: 1_000,
  seed: 0xffff_ffff,
} as const

export function readOptions(args: readonly string[]): ReadOptions {
  const given = new Map<string, string>()
  let json = false
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (word === '--json') {
      json = true
      continue
    }
    const value = args[++i]
    if (!KNOWN.has(word)) return { ok: false, problem: `there is no option ${word}` }
    if (value === undefined) return { ok: false, problem: `${word} needs a value` }
    given.set(word, value)
  }
  const problems: string[] = []
  const number = (word: string, least: number, most: number): number | null => {
    const text = given.get(word)
    if (text === undefined) return null
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    problems.push(wrong(word, text, `a whole number from ${least} to ${most}`))
    return null
  }
  const seed = number('--seed', 0, MOST.seed) ?? 1
  const range = /^(\d{1,10})-(\d{1,10})$/.exec(given.get('--seeds') ?? `${seed}-${seed}`)
  const engine = given.get('--engine') ?? null
  if (!range) problems.push(wrong('--seeds', given.get('--seeds')!, 'two whole numbers, as in 1-100'))
  if (engine !== null && !isEngine(engine)) problems.push(wrong('--engine', engine, 'core or node'))
  const options: SimOptions = {
    engine: engine !== null && isEngine(engine) ? engine : null,
    seeds: { from: Number(range?.[1]), to: Number(range?.[2]) },
    nodes: number('--nodes', 1, MOST.nodes),
    validators: number('--validators', 1, MOST.validators),
    heights: number('--heights', 1, MOST.heights),
    byzantine: number('--byzantine', 0, MOST.byzantine),
    scenario: given.get('--scenario') ?? null,
    break: given.get('--break') ?? null,
    json,
  }
  const { nodes, validators } = options
  if (validators !== null && (nodes === null || nodes < validators))
    problems.push('--validators goes with --nodes, and is no more than it')
  return problems.length > 0 ? { ok: false, problem: problems.join('; ') } : { ok: true, options }
}

const isEngine = (word: string): word is EngineName => Object.hasOwn(ENGINES, word)

/** What is said of a value that cannot be. */
export function wrong(word: string, value: string, right: string): string {
  return `${word} is "${value}"; right would be ${right}`
}

const KNOWN: ReadonlySet<string> = new Set([
  '--seed',
  '--seeds',
  '--engine',
  '--nodes',
  '--validators',
  '--heights',
  '--byzantine',
  '--scenario',
  '--break',
])

/** The command that repeats one run of these options. */
export function replayCommand(options: Partial<RunOptions>, seed: number): string {
  const words = [
    ['--seed', seed],
    ['--engine', options.engine],
    ['--nodes', options.nodes],
    ['--validators', options.validators],
    ['--heights', options.heights],
    ['--byzantine', options.byzantine],
    ['--scenario', options.scenario],
    ['--break', options.break],
  ].filter(([, value]) => value !== null && value !== undefined)
  return `npm run sim -- ${words.flat().join(' ')}`
}
