/** What it costs to be in a block, now and soon. */
import { type FeeRange, foretellBaseFees, type Tips, tipsOf } from '../../economy/fee-forecast.ts'
import { gasOf } from '../../economy/gas.ts'
import type { Header } from '../../protocol/block.ts'
import type { ChainParameters } from '../../protocol/genesis.ts'
import type { Amount } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/transaction.ts'
import { TIP_STEPS, VALIDITY_BLOCKS } from '../constants.ts'
import type { FeesView } from '../economy-api.ts'
import type { PoolStep } from '../fee-watch.ts'
import type { LiveNode } from '../live-node.ts'
import type { FeeEstimate } from '../node-api.ts'
import type { SenderTerms } from '../transaction-desk.ts'

/** Room for the base fee to rise before the transaction is included: it doubles in about six full blocks. */
const BASE_FEE_ROOM = 2n

export function feeEstimate(
  parameters: ChainParameters,
  { nonce, baseFeePerGas, tips, headHeight }: SenderTerms,
  payload: Payload,
): FeeEstimate {
  const gas = gasOf(payload, parameters)
  return {
    gas,
    ...pricesView(baseFeePerGas, tips),
    fee: String(BigInt(gas) * (baseFeePerGas + tips.standard)),
    nonce,
    validUntilHeight: headHeight + VALIDITY_BLOCKS,
  }
}

/** What a signer offers at most per gas. */
export function maximumFeePerGas(baseFeePerGas: Amount, tip: Amount): Amount {
  return BASE_FEE_ROOM * baseFeePerGas + tip
}

export function feesView({ chain, economy }: LiveNode): FeesView {
  const { fees } = economy
  const { forecasts, waits } = fees
  return {
    ...foretoldView(fees.forecast, chain.height),
    ...pricesView(fees.forecast[0]!.expected, fees.tips),
    waits: fees.expectedWaits(),
    hitRate: {
      forecast: forecasts.rate,
      forecasts: forecasts.count,
      waits: waits.rate,
      sent: waits.count,
    },
    poolByTip: stepsView(fees.steps),
    recent: recentView(fees.headers),
  }
}

/** By headers alone, oldest first: who waits and who tips is not in them. */
export function observedFees(
  headers: readonly Header[],
  nextFee: Amount,
  { genesisBaseFeePerGas }: ChainParameters,
): FeesView {
  const parent = headers.at(-1)
  const conditions = { recentGas: headers.map(({ gasUsed }) => gasUsed), waitingGas: 0 }
  const forecast = parent ? foretellBaseFees({ parent, ...conditions }, genesisBaseFeePerGas) : []
  return {
    ...pricesView(nextFee, tipsOf([])),
    ...foretoldView(forecast, parent?.height ?? 0),
    waits: null,
    hitRate: { forecast: null, forecasts: 0, waits: null, sent: 0 },
    poolByTip: [],
    recent: recentView(headers),
  }
}

function pricesView(baseFeePerGas: Amount, tips: Tips) {
  return {
    baseFeePerGas: String(baseFeePerGas),
    slow: String(tips.slow),
    standard: String(tips.standard),
    fast: String(tips.fast),
  }
}

function foretoldView(forecast: readonly FeeRange[], headHeight: number): Pick<FeesView, 'forecast'> {
  return {
    forecast: forecast.map(({ low, expected, high }, i) => ({
      height: headHeight + 1 + i,
      low: String(low),
      expected: String(expected),
      high: String(high),
    })),
  }
}

/** Neighbours go together where there are too many. */
function stepsView(steps: readonly PoolStep[]): FeesView['poolByTip'] {
  const together = Math.ceil(steps.length / TIP_STEPS)
  const view: { tip: string; transactions: number; gas: number }[] = []
  for (let from = 0; from < steps.length; from += together) {
    const group = steps.slice(from, from + together)
    view.push({
      tip: String(group.at(-1)!.tip),
      transactions: group.reduce((sum, step) => sum + step.transactions, 0),
      gas: group.reduce((sum, step) => sum + step.gas, 0),
    })
  }
  return view
}

function recentView(headers: readonly Header[]): FeesView['recent'] {
  return headers.map((header) => ({
    height: header.height,
    baseFeePerGas: String(header.baseFeePerGas),
    gasUsed: header.gasUsed,
    gasLimit: header.gasLimit,
  }))
}
