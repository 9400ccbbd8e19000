/** Fees, estimates and the figures of a time range. */
import { effectiveTip } from '../../economy/fees.ts'
import { gasOf } from '../../economy/gas.ts'
import type { Header } from '../../protocol/block.ts'
import type { ChainParameters } from '../../protocol/genesis.ts'
import type { Amount } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/transaction.ts'
import { SUPPLY_KEY } from '../../state/keys.ts'
import { VALIDITY_BLOCKS } from '../constants.ts'
import type { LiveNode } from '../live-node.ts'
import type { FeeEstimate, NodeMethods, StatsView } from '../node-api.ts'
import type { StoredBlock } from '../repositories.ts'
import type { SenderTerms } from '../transaction-desk.ts'

/** Tips are read from this many of the newest blocks. */
export const TIP_BLOCKS = 20
/** Offered when the newest blocks hold no transaction, base units per gas. */
const QUIET_TIP: Amount = 1n
/** Room for the base fee to rise before the transaction is included: it doubles in about six full blocks. */
const BASE_FEE_ROOM = 2n

export interface Tips {
  readonly slow: Amount
  readonly standard: Amount
  readonly fast: Amount
}

/** 10th, 50th and 90th percentile of the tips paid. */
export function tipsOf(blocks: readonly StoredBlock[]): Tips {
  const tips = blocks
    .flatMap(({ block }) =>
      block.body.transactions.map((transaction) => effectiveTip(transaction, block.header.baseFeePerGas)),
    )
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const at = (share: number) => tips[Math.min(tips.length - 1, Math.floor(share * tips.length))] ?? QUIET_TIP
  return { slow: at(0.1), standard: at(0.5), fast: at(0.9) }
}

export function feeEstimate(
  parameters: ChainParameters,
  { nonce, baseFeePerGas, tips, headHeight }: SenderTerms,
  payload: Payload,
): FeeEstimate {
  const gas = gasOf(payload, parameters)
  return {
    gas,
    ...feesView(baseFeePerGas, tips),
    fee: String(BigInt(gas) * (baseFeePerGas + tips.standard)),
    nonce,
    validUntilHeight: headHeight + VALIDITY_BLOCKS,
  }
}

/** What a signer offers at most per gas. */
export function maximumFeePerGas(baseFeePerGas: Amount, tip: Amount): Amount {
  return BASE_FEE_ROOM * baseFeePerGas + tip
}

function feesView(baseFeePerGas: Amount, tips: Tips) {
  return {
    baseFeePerGas: String(baseFeePerGas),
    slow: String(tips.slow),
    standard: String(tips.standard),
    fast: String(tips.fast),
  }
}

/** Of the newest headers, oldest first. */
export function economyFees(
  baseFeePerGas: Amount,
  tips: Tips,
  headers: readonly Header[],
): NodeMethods['economy_fees']['result'] {
  const recent = headers.map((header) => ({
    height: header.height,
    baseFeePerGas: String(header.baseFeePerGas),
    gasUsed: header.gasUsed,
    gasLimit: header.gasLimit,
  }))
  return { ...feesView(baseFeePerGas, tips), recent }
}

export function statsView(node: LiveNode, windowMs: number, samples: readonly FinalitySample[]): StatsView {
  const since = node.options.clock.wallMs() - windowMs
  const inWindow = samples.filter((sample) => sample.timestampMs >= since)
  const decisions = inWindow.flatMap((sample) => sample.decisionMs ?? []).sort((a, b) => a - b)
  const transactions = inWindow.reduce((sum, sample) => sum + sample.transactions, 0)
  const span = inWindow.length > 1 ? inWindow.at(-1)!.timestampMs - inWindow[0]!.timestampMs : 0
  const supply = node.chain.state.get(SUPPLY_KEY)!
  const total = supply.genesis + supply.minted + supply.faucet - supply.burned
  return {
    windowMs,
    finalityP50Ms: decisions[Math.floor(decisions.length * 0.5)] ?? null,
    finalityP95Ms: decisions[Math.floor(decisions.length * 0.95)] ?? null,
    blockIntervalMs: span > 0 ? Math.round(span / (inWindow.length - 1)) : null,
    transactionsPerSecond: span > 0 ? Math.round((transactions / span) * 10_000) / 10 : 0,
    transactions,
    blocks: inWindow.length,
    supply: {
      total: String(total),
      genesis: String(supply.genesis),
      minted: String(supply.minted),
      faucet: String(supply.faucet),
      burned: String(supply.burned),
      bonded: String(supply.bonded),
      rewardPool: String(supply.rewardPool),
    },
  }
}

export interface FinalitySample {
  readonly timestampMs: number
  /** null: the block came by catch-up. */
  readonly decisionMs: number | null
  readonly transactions: number
}
