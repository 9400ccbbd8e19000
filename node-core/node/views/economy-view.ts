/** Figures of a time range, of gas and of epochs. */
import { supplyOf, totalSupply } from '../../state/ledger.ts'
import { REPORTED_BLOCKS } from '../constants.ts'
import type { GasReportView } from '../economy-api.ts'
import type { LiveNode } from '../live-node.ts'
import type { StatsView } from '../node-api.ts'
import { concentrationView } from './concentration-view.ts'

export interface FinalitySample {
  readonly timestampMs: number
  /** null: the block came by catch-up. */
  readonly decisionMs: number | null
  readonly transactions: number
}

export function statsView(node: LiveNode, windowMs: number, samples: readonly FinalitySample[]): StatsView {
  const since = node.options.clock.wallMs() - windowMs
  const inWindow = samples.filter((sample) => sample.timestampMs >= since)
  const decisions = inWindow.flatMap((sample) => sample.decisionMs ?? []).sort((a, b) => a - b)
  const transactions = inWindow.reduce((sum, sample) => sum + sample.transactions, 0)
  const span = inWindow.length > 1 ? inWindow.at(-1)!.timestampMs - inWindow[0]!.timestampMs : 0
  return {
    windowMs,
    finalityP50Ms: decisions[Math.floor(decisions.length * 0.5)] ?? null,
    finalityP95Ms: decisions[Math.floor(decisions.length * 0.95)] ?? null,
    blockIntervalMs: span > 0 ? Math.round(span / (inWindow.length - 1)) : null,
    transactionsPerSecond: span > 0 ? Math.round((transactions / span) * 10_000) / 10 : 0,
    transactions,
    blocks: inWindow.length,
    supply: supplyView(node),
    concentration: concentrationView(node),
  }
}

function supplyView(node: LiveNode): StatsView['supply'] {
  const supply = supplyOf(node.chain.state)
  return {
    total: String(totalSupply(supply)),
    genesis: String(supply.genesis),
    minted: String(supply.minted),
    faucet: String(supply.faucet),
    burned: String(supply.burned),
    bonded: String(supply.bonded),
    unbonding: String(supply.unbonding),
    rewardPool: String(supply.rewardPool),
    rewards: String(supply.rewards),
  }
}

/** null: no block is here. */
export function gasView({ economy }: LiveNode, blocks: number = REPORTED_BLOCKS): GasReportView | null {
  const report = economy.gas.report(blocks)
  if (!report) return null
  const { batching } = report
  return {
    ...report,
    operations: report.operations.map((each) => ({ ...each, fees: String(each.fees) })),
    batching: { ...batching, feesSaved: String(batching.feesSaved) },
  }
}
