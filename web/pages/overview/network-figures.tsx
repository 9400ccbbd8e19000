import type { NodeMethods } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useRangeStats } from '../../hooks/use-health.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { decimal, integer, secondsFigure } from '../../i18n/format.ts'
import type { TimeRange } from '../../store/derive.ts'
import { nanoWords } from '../../ui/amount-words.ts'
import { Figure } from '../../ui/figure.tsx'
import { spanWords } from '../../ui/time-words.ts'
import { feeTrend } from './fee-trend.ts'

const RANGE_WORDS: Readonly<Record<TimeRange, string>> = { '5min': '5 min', '1h': '1 h', '24h': '24 h' }
/** The row of six figures; each leads to its page. */
export function NetworkFigures() {
  const stats = useRangeStats()
  const range = useNode((state) => state.range)
  const status = useNode((state) => state.status)
  const observes = status?.mode === 'observer'
  const pool = useQuery('tx_pool', { limit: 1 })
  const fees = useQuery('economy_fees', {})
  const p95 = stats.finalityP95Ms
  const peers = status === null ? null : status.peers.direct + status.peers.relayed
  return (
    <div className="stats">
      <Figure
        to="/consensus"
        label="Finality, median"
        value={stats.finalityP50Ms === null ? null : secondsFigure(stats.finalityP50Ms)}
        unit="s"
        missing={observes ? 'not known' : undefined}
        sub={
          p95 !== null
            ? `p95 ${secondsFigure(p95)} s, seen here`
            : observes
              ? 'without hearing votes'
              : 'as soon as a block is seen here'
        }
      />
      <Figure
        to="/explorer"
        label="Block interval"
        value={stats.blockIntervalMs === null ? null : decimal(stats.blockIntervalMs / 1000, 1)}
        unit="s"
        sub={`${integer(stats.blocks)} in ${RANGE_WORDS[range]}`}
      />
      <Figure
        to="/explorer"
        label="Transactions"
        value={stats.transactionsPerSecond === null ? null : decimal(stats.transactionsPerSecond, 1)}
        unit="/s"
        missing={stats.transactions === null ? 'not known' : undefined}
        sub={
          stats.transactionsLastMinute === null
            ? 'without bodies of blocks'
            : `${integer(stats.transactionsLastMinute)} in the last minute`
        }
      />
      <Figure
        to="/explorer"
        label="Pool"
        value={pool.data === null ? null : integer(pool.data.count)}
        missing={observes ? 'none here' : pool.state === 'failed' ? 'not read' : undefined}
        sub={poolWords(pool.data)}
      />
      <Figure
        to="/explorer"
        label="Base fee"
        value={fees.data === null ? null : nanoWords(fees.data.baseFeePerGas)}
        missing={fees.state === 'failed' ? 'not read' : undefined}
        unit="nAIT"
        sub={fees.data === null ? 'per gas' : `per gas, ${feeTrend(fees.data)}`}
      />
      <Figure
        to="/mesh"
        label="Peers"
        value={peers === null ? null : integer(peers)}
        sub={status === null ? undefined : `${status.peers.direct} direct, ${status.peers.relayed} relayed`}
      />
    </div>
  )
}

function poolWords(pool: NodeMethods['tx_pool']['result'] | null): string | undefined {
  if (pool === null) return undefined
  return pool.count === 0 || pool.oldestMs === null
    ? 'nothing waits'
    : `oldest waits ${spanWords(pool.oldestMs)}`
}
