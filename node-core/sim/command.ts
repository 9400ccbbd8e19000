/** The simulator's command line: words in, lines out, an exit code. */
import { type Campaign, runCampaign } from './campaign.ts'
import { readOptions, replayCommand, type SimOptions, USAGE, wrong } from './command-options.ts'
import { ENGINES } from './engines.ts'
import { runMesh } from './mesh/run.ts'
import { randomScenario } from './random-scenario.ts'
import { RULE_TRIALS } from './rules.ts'
import { SCENARIOS } from './scenarios/catalogue.ts'
import type { SimResult } from './sim-result.ts'

const EXIT_OK = 0
const EXIT_VIOLATION = 1
const EXIT_USAGE = 2
const MESH_HEIGHTS = 50
const BYTES_PER_MB = 1_000_000

export interface Output {
  out(line: string): void
  err(line: string): void
}

export async function runCommand(args: readonly string[], output: Output): Promise<number> {
  const read = readOptions(args)
  const chosen = read.ok ? campaignOf(read.options) : read.problem
  if (!read.ok || typeof chosen === 'string') {
    output.err(`${String(chosen)}\n${USAGE}`)
    return EXIT_USAGE
  }
  const { options } = read
  if (options.validators !== null) return runManyNodes(options, options.validators, output)
  const { from, to } = options.seeds
  return from === to ? runOne(options, chosen, output) : runMany(options, chosen, output)
}

/** Words that say why not, when there is no such scenario or rule. */
function campaignOf(options: SimOptions): Campaign | string {
  const { nodes, heights, byzantine, seeds } = options
  const trial = options.break === null ? null : RULE_TRIALS[options.break]
  if (trial === undefined) return wrong('--break', options.break!, oneOf(RULE_TRIALS))
  const named = options.scenario === null ? null : SCENARIOS[options.scenario]
  if (named === undefined) return wrong('--scenario', options.scenario!, oneOf(SCENARIOS))
  const engine = options.engine ?? named?.engines[0] ?? 'core'
  if (named && !named.engines.includes(engine))
    return `--scenario ${options.scenario} works on the ${named.engines.join(' and the ')} engine alone`
  if (trial && engine === 'node' && !trial.broken.believesForgeries)
    return `--break ${options.break} works on the core engine alone`
  const random = (seed: number) =>
    randomScenario({
      seed,
      ...(nodes === null ? {} : { nodes }),
      ...(heights === null ? {} : { heights }),
      ...(byzantine === null ? {} : { byzantine }),
    })
  return {
    ...seeds,
    engine: ENGINES[engine],
    scenario: named?.make ?? trial?.scenario ?? random,
    ...(trial ? { broken: trial.broken } : {}),
  }
}

const oneOf = (names: object) => `one of ${Object.keys(names).join(', ')}`

/** The line that scripts rely on. */
function verdictOf(options: SimOptions, result: SimResult) {
  const { violation, seed, heights, rounds, crashes } = result
  const replay = replayCommand(options, seed)
  const verdict = violation === null ? 'ok' : 'violation'
  return { verdict, seed, heights, rounds, crashes, replay, ...(violation === null ? {} : { violation }) }
}

async function runOne(options: SimOptions, campaign: Campaign, output: Output): Promise<number> {
  const result = await campaign.engine(campaign.scenario(campaign.from), campaign.broken)
  if (options.json) output.out(JSON.stringify(verdictOf(options, result)))
  else {
    const { verdict, seed, heights, rounds, crashes, replay } = verdictOf(options, result)
    output.out(
      `${verdict}: seed ${seed}, ${heights} heights, highest round ${rounds}, ${crashes} crashes, ${result.messages} messages`,
    )
    if (result.violation !== null) output.out(`${result.violation}\nreplay: ${replay}`)
  }
  return result.violation === null ? EXIT_OK : EXIT_VIOLATION
}

/** One mesh of `--nodes`, of which `validators` vote. */
function runManyNodes(options: SimOptions, validators: number, output: Output): number {
  const { from: seed } = options.seeds
  const nodes = options.nodes ?? validators
  const startedMs = performance.now()
  const result = runMesh({ seed, nodes, validators, heights: options.heights ?? MESH_HEIGHTS })
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10
  const memoryMb = Math.round(process.memoryUsage().rss / BYTES_PER_MB)
  const { links, degree, duplicates, messages, heightMs } = result
  const figures = { nodes, validators, links, degree, messages, duplicates, heightMs, seconds, memoryMb }
  if (options.json) output.out(JSON.stringify({ ...verdictOf(options, result), ...figures }))
  else {
    const { verdict, heights, rounds, replay } = verdictOf(options, result)
    output.out(
      `${verdict}: seed ${seed}, ${nodes} nodes of which ${validators} vote, ${links} links (${degree.join(' to ')} a node), ${heights} heights of ${heightMs} ms, highest round ${rounds}, ${messages} messages and ${duplicates} duplicates; ${seconds} s, ${memoryMb} MB`,
    )
    if (result.violation !== null) output.out(`${result.violation}\nreplay: ${replay}`)
  }
  return result.violation === null ? EXIT_OK : EXIT_VIOLATION
}

async function runMany(options: SimOptions, campaign: Campaign, output: Output): Promise<number> {
  const result = await runCampaign(campaign, (each) => {
    if (each.violation !== null && !options.json)
      output.out(`${each.violation}\nreplay: ${replayCommand(options, each.seed)}`)
  })
  const { seeds, heights, rounds, crashes } = result
  const isOk = result.violations.length === 0
  const rate = Math.round(result.seedsPerCoreMinute)
  if (options.json)
    output.out(
      JSON.stringify({
        verdict: isOk ? 'ok' : 'violation',
        seeds,
        heights,
        rounds,
        crashes,
        seedsPerCoreMinute: rate,
        violations: result.violations.map((each) => verdictOf(options, each)),
      }),
    )
  else
    output.out(
      `${isOk ? 'ok' : `${result.violations.length} violations`}: ${seeds} seeds, ${heights} heights, highest round ${rounds}, ${crashes} crashes; ${rate} seeds per core-minute`,
    )
  return isOk ? EXIT_OK : EXIT_VIOLATION
}
