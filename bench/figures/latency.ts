/**
 * How long a block and a transaction take at one-second blocks, five validators.
 * decision: from the proposer's PRE-PREPARE leaving it until the last of the five has the block on its disk, under light load.
 * finality: from a transfer being submitted until the last of the five has told of the block that holds it, at 200 a second.
 */
import type { NodeMethods } from '../../node-core/node/node-api.ts'
import { type Benchmark, percentile, rounded, type Value } from '../figure.ts'
import { Load } from '../load.ts'
import { BenchNetwork } from '../network.ts'
import { createSenders, LoadSigner } from '../senders.ts'

type Consensus = NonNullable<NodeMethods['consensus_rounds']['result']['consensus']>

const VALIDATORS = 5
const ACCOUNTS = 1_000
const LIGHT_PER_SECOND = 5
const HEAVY_PER_SECOND = 200
const MEASURED_SECONDS = 60
/** Processes are slower in their first half minute, while their code is compiled. */
const WARM_UP_SECONDS = 30
/** Until what was submitted last is decided, ms. */
const SETTLING_MS = 10_000

export const latency: Benchmark = {
  names: ['decision_latency_ms_p50', 'decision_latency_ms_p95', 'finality_ms_p50', 'finality_ms_p95'],
  async run({ seconds, profileDirectory, say }) {
    const measured = seconds ?? MEASURED_SECONDS
    const senders = await createSenders(ACCOUNTS)
    say('starting the validators')
    const network = await BenchNetwork.start({
      validators: VALIDATORS,
      senders,
      parameters: {},
      profileDirectory,
    })
    try {
      const load = new Load(network.rpc, senders.length)
      const count = (LIGHT_PER_SECOND + HEAVY_PER_SECOND) * (measured + WARM_UP_SECONDS)
      load.add(await new LoadSigner(network.genesis, senders).sign(count))
      say(`${LIGHT_PER_SECOND} transfers a second`)
      await load.paced(LIGHT_PER_SECOND, WARM_UP_SECONDS, { remember: false })
      const from = (await network.headHeight()) + 1
      await load.paced(LIGHT_PER_SECOND, measured, { remember: false })
      const decisions = await decisionTimes(network, from, await network.headHeight())
      say(`${HEAVY_PER_SECOND} transfers a second`)
      const finalities = await finalityTimes(network, load, measured)
      const { times, ...leftOut } = decisions
      return [
        ...percentiles('decision_latency_ms', times, leftOut),
        ...percentiles('finality_ms', finalities),
      ]
    } finally {
      await network.stop()
    }
  },
}

function percentiles(
  name: string,
  samples: readonly number[],
  leftOut: Readonly<Record<string, number>> = {},
): Value[] {
  const detail = { validators: VALIDATORS, samples: samples.length, ...leftOut }
  return [
    { name: `${name}_p50`, value: rounded(percentile(samples, 0.5)), unit: 'ms', detail },
    { name: `${name}_p95`, value: rounded(percentile(samples, 0.95)), unit: 'ms', detail },
  ]
}

/** Of each height that was decided in round 0, ms; clocks are one machine's. The others are counted. */
async function decisionTimes(network: BenchNetwork, from: number, to: number) {
  const times: number[] = []
  let laterRounds = 0
  let notPaired = 0
  for (let height = from; height <= to; height++) {
    const views = await Promise.all(
      network.rpc.map(async (rpc) => (await rpc.call('consensus_rounds', { height, limit: 1 })).consensus),
    )
    const ended = views.map((view) => view && decidedAtMs(view))
    const sent = views.map((view) => view && proposalSentAtMs(view)).find((at) => at !== null)
    if (views.some((view) => view !== null && view.round > 0)) laterRounds++
    else if (typeof sent !== 'number' || !ended.every((at) => typeof at === 'number')) notPaired++
    else times.push(Math.max(...ended) - sent)
  }
  return { times, laterRounds, notPaired }
}

function decidedAtMs({ startedAtMs, committedMs }: Consensus): number | null {
  return committedMs === null ? null : startedAtMs + committedMs
}

/** null: this validator was not the proposer. */
function proposalSentAtMs({ votes, proposer, startedAtMs }: Consensus): number | null {
  const own = votes.find((vote) => vote.self)
  if (own?.validator !== proposer || own.prePrepareMs === null) return null
  return startedAtMs + own.prePrepareMs
}

async function finalityTimes(network: BenchNetwork, load: Load, seconds: number): Promise<number[]> {
  const decidedAtMs = new Map<number, number>()
  const seen = new Map<number, number>()
  const stop = await network.watchHeads(({ head, atMs }) => {
    const count = (seen.get(head.height) ?? 0) + 1
    seen.set(head.height, count)
    if (count === VALIDATORS) decidedAtMs.set(head.height, atMs)
  })
  const from = (await network.headHeight()) + 1
  await load.paced(HEAVY_PER_SECOND, WARM_UP_SECONDS, { remember: false })
  await load.paced(HEAVY_PER_SECOND, seconds, { remember: true })
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS))
  stop()
  const times: number[] = []
  for (const [height, atMs] of decidedAtMs) {
    if (height < from) continue
    const { transactions } = await network.rpc[0]!.call('chain_block', { height })
    for (const { hash } of transactions) {
      const sentMs = load.sentAtMs.get(hash)
      if (sentMs !== undefined) times.push(atMs - sentMs)
    }
  }
  const lost = load.sentAtMs.size - times.length
  if (lost > 0) throw new Error(`${lost} of ${load.sentAtMs.size} transfers were not decided`)
  return times
}
