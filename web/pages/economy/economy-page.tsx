import { useMemo } from 'react'
import type { FeesView } from '../../../node-core/node/node-api.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { decimal, integer } from '../../i18n/format.ts'
import { wholeAit } from '../../ui/amount-words.ts'
import { EpochChart } from '../../ui/epoch-chart.tsx'
import { Figure } from '../../ui/figure.tsx'
import { PageHead } from '../../ui/section.tsx'
import { States } from '../../ui/states.tsx'
import { readParameters } from '../chain-parameters.ts'
import { BaseFeeChart } from './base-fee-chart.tsx'
import { ConcentrationSection } from './concentration-section.tsx'
import { DetectorsSection } from './detectors-section.tsx'
import { feeSentence } from './economy-words.ts'
import { FeeSpeedSection } from './fee-speed.tsx'
import { GasReport } from './gas-report.tsx'
import { PoolByTip } from './pool-by-tip.tsx'
import { SupplySection } from './supply-section.tsx'

/** Changes with epochs and windows of minutes, ms. */
const SLOW_MS = 5_000

export function EconomyPage() {
  const fees = useQuery('economy_fees', {})
  const stats = useQuery('economy_stats', {})
  const attacks = useQuery('economy_attacks', {}, SLOW_MS)
  const history = useQuery('economy_history', {}, SLOW_MS)
  const raw = useQuery('chain_parameters', {}, 'once').data
  const parameters = useMemo(() => readParameters(raw ?? {}), [raw])
  return (
    <>
      <Head fees={fees.data} failed={fees.state === 'failed'} />
      <States query={stats} what="the supply" skeletonRows={2}>
        {({ supply, transactionsPerSecond }) => (
          <div className="stats">
            <Figure label="Supply" value={wholeAit(supply.total)} unit="AIT" />
            <Figure label="Bonded" value={wholeAit(supply.bonded)} unit="AIT" to="/validators" />
            <Figure
              label="Burned"
              value={wholeAit(supply.burned)}
              unit="AIT"
              sub="half of every base fee, and what is slashed"
            />
            <Figure label="Transactions" value={decimal(transactionsPerSecond, 1)} unit="/s" to="/explorer" />
          </div>
        )}
      </States>
      <div className="cols mt-2" style={{ gridTemplateColumns: 'minmax(0,1fr) 316px' }}>
        <div className="min-w-0">
          <States query={fees} what="the fees" skeletonRows={6}>
            {(data) => <BaseFeeChart fees={data} />}
          </States>
          <States query={history} what="the epochs" skeletonRows={5}>
            {({ epochs }) => (
              <>
                <EpochChart
                  title="Stake, bonded"
                  points={epochs.map((point) => ({ ...point, amount: point.bonded }))}
                  waiting="A point is added at each epoch’s end."
                  whole
                />
                <EpochChart
                  title="Rewards paid"
                  points={epochs.map((point) => ({ ...point, amount: point.rewards }))}
                  waiting="Rewards of an epoch are paid at the end of the next, so that evidence can come first."
                  whole
                />
              </>
            )}
          </States>
          <States query={attacks} what="the detectors" skeletonRows={8}>
            {({ detectors }) => <DetectorsSection detectors={detectors} />}
          </States>
          <GasReport />
        </div>
        <div className="min-w-0">
          {fees.data !== null && (
            <>
              <FeeSpeedSection fees={fees.data} transferGas={parameters.transferGas} />
              <PoolByTip steps={fees.data.poolByTip} />
            </>
          )}
          {stats.data !== null && (
            <>
              <ConcentrationSection
                of={stats.data.concentration}
                distribution={attacks.data?.distribution ?? null}
              />
              <SupplySection supply={stats.data.supply} />
            </>
          )}
        </div>
      </div>
    </>
  )
}

function Head({ fees, failed }: { readonly fees: FeesView | null; readonly failed: boolean }) {
  if (fees === null)
    return (
      <PageHead
        title="Economy"
        sentence={failed ? 'What sending costs is not known here.' : 'Reading what sending costs.'}
      />
    )
  const waiting = fees.poolByTip.reduce((sum, step) => sum + step.transactions, 0)
  return (
    <PageHead
      title="Economy"
      sentence={feeSentence(fees)}
      why={`The base fee is ${integer(BigInt(fees.baseFeePerGas))} nAIT per gas; ${
        waiting === 0 ? 'nothing waits' : `${integer(waiting)} wait`
      } for the next block.`}
    />
  )
}
