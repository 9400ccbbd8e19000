/** Many seeds of one kind of run, and how long they took. What the command line, the tests and the benchmarks call. */
import type { Offence } from '../protocol/offence.ts'
import type { BrokenRule } from './broken-rule.ts'
import type { Scenario } from './scenario.ts'
import type { SimResult } from './sim-result.ts'

/**
 * PERF: a run leaves nothing behind but its result. In half of all processes V8 came to believe that some of its objects live
 * long and put them where the young ones' collector does not look: whatever they pointed at stayed, too, and collecting took
 * nine times as long.
 */
process.getBuiltinModule('node:v8').setFlagsFromString('--no-allocation-site-pretenuring')

export type Engine = (scenario: Scenario, broken?: BrokenRule) => SimResult | Promise<SimResult>

export interface Campaign {
  readonly engine: Engine
  readonly scenario: (seed: number) => Scenario
  readonly broken?: BrokenRule
  /** Inclusive. */
  readonly from: number
  readonly to: number
}

export interface CampaignResult {
  readonly seeds: number
  readonly violations: readonly SimResult[]
  readonly heights: number
  /** The highest round of all runs. */
  readonly rounds: number
  readonly crashes: number
  readonly events: number
  readonly punished: SimResult['punished']
  /** Of one core, seconds. */
  readonly cpuSeconds: number
  readonly seedsPerCoreMinute: number
}

/** `onResult` is told of each run as it ends. */
export async function runCampaign(
  campaign: Campaign,
  onResult: (result: SimResult) => void = () => undefined,
): Promise<CampaignResult> {
  const { engine, scenario, broken, from, to } = campaign
  const started = process.cpuUsage()
  const violations: SimResult[] = []
  const sums = { heights: 0, rounds: 0, crashes: 0, events: 0 }
  const punished: Partial<Record<Offence, number>> = {}
  for (let seed = from; seed <= to; seed++) {
    const result = await engine(scenario(seed), broken)
    if (result.violation !== null) violations.push(result)
    sums.heights += result.heights
    sums.rounds = Math.max(sums.rounds, result.rounds)
    sums.crashes += result.crashes
    sums.events += result.events
    for (const [offence, count] of Object.entries(result.punished) as [Offence, number][])
      punished[offence] = (punished[offence] ?? 0) + count
    onResult(result)
  }
  const { user, system } = process.cpuUsage(started)
  const cpuSeconds = (user + system) / 1e6
  const seeds = Math.max(0, to - from + 1)
  return { seeds, violations, ...sums, punished, cpuSeconds, seedsPerCoreMinute: (seeds / cpuSeconds) * 60 }
}
