import { Link } from '@tanstack/react-router'
import type { Stall } from '../../../node-core/node/node-api.ts'
import { useConnection, useNode, useNodeStore } from '../../hooks/node-context.tsx'
import { useHealth, useRangeStats } from '../../hooks/use-health.ts'
import { useLiveConsensus } from '../../hooks/use-live-consensus.ts'
import { countWord } from '../../i18n/format.ts'
import type { Health } from '../../i18n/health.ts'
import type { TimeRange } from '../../store/derive.ts'
import { BlockStrip, BlockStripKey } from '../../ui/block-strip.tsx'
import { PageHead } from '../../ui/section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Empty, ErrorState, Offline, Stale } from '../../ui/states.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { FinalityChart } from './finality-chart.tsx'
import { NetworkFigures } from './network-figures.tsx'
import { NewestTransactions } from './newest-transactions.tsx'
import { ThisTab } from './this-tab.tsx'

const RANGES = [
  { value: '5min', words: '5 min' },
  { value: '1h', words: '1 h' },
  { value: '24h', words: '24 h' },
] as const

/** Is the chain well, and what did this tab see of it. */
export function OverviewPage() {
  const store = useNodeStore()
  const range = useNode((state) => state.range)
  const health = useHealth()
  return (
    <>
      <PageHead
        title="Overview"
        sentence={health.sentence}
        why={<Why health={health} />}
        end={
          <ToggleGroup<TimeRange>
            label="Time range"
            choices={RANGES}
            value={range}
            onChange={(next) => store.setRange(next)}
          />
        }
      />
      <Blocks />
      <NetworkFigures />
      <div className="cols" style={{ gridTemplateColumns: 'minmax(0, 1fr) 300px' }}>
        <FinalityChart />
        <ThisTab />
      </div>
      <NewestTransactions />
    </>
  )
}

/** The reason, with whom it is about as a link. */
function Why({ health }: { readonly health: Health }) {
  const { why, subject } = health
  if (why === null || subject === undefined || !why.startsWith(subject.words)) return why
  return (
    <>
      <Link to={subject.to}>{subject.words}</Link>
      {why.slice(subject.words.length)}
    </>
  )
}

/** The strip, or what stands in its place: nothing read yet, no block yet, no peer. */
function Blocks() {
  const store = useNodeStore()
  const connection = useConnection()
  const error = useNode((state) => state.blocksError)
  const blocks = useNode((state) => state.blocks)
  const status = useNode((state) => state.status)
  const nowMs = useNode((state) => state.nowMs)
  const forming = useLiveConsensus()
  const stats = useRangeStats()
  if (blocks.length === 0 && status === null) return <Skeleton rows={4} label="Reading the last blocks" />
  if (blocks.length === 0 && error !== null)
    return (
      <ErrorState
        error={error}
        what="the last blocks"
        onRetry={connection === null ? undefined : () => store.read(connection.node)}
      />
    )
  if (blocks.length === 0) return <NoBlocks />
  const strip = (
    <BlockStrip
      blocks={blocks}
      forming={status?.phase === 'running' || status?.phase === 'syncing' ? forming : null}
    />
  )
  const stall = status?.stall ?? null
  const stalled = stall?.code === 'no-quorum' || isAlone(stall)
  return (
    <>
      {stalled ? (
        <Stale
          ageMs={nowMs - blocks.at(-1)!.timestampMs}
          cause={
            stall?.code === 'no-quorum' && forming !== null
              ? `Kept as last seen. Rounds so far: ${countWord(forming.round + 1)}.`
              : 'Kept as last seen.'
          }
        >
          {strip}
        </Stale>
      ) : (
        strip
      )}
      <BlockStripKey withOwn={blocks.some((block) => block.ownCommit !== null)} />
      {stats.blocks === 0 && <p className="sr">No block in the chosen time range.</p>}
    </>
  )
}

/** Without any peer: nothing new is heard. */
function isAlone(stall: Stall | null): boolean {
  return stall?.code === 'no-peers' || stall?.code === 'no-relay'
}

function NoBlocks() {
  const status = useNode((state) => state.status)
  if (isAlone(status?.stall ?? null))
    return (
      <Offline
        title="Nobody to hear blocks from yet"
        line="This tab keeps trying by itself. Keys, backups and settings work meanwhile."
      />
    )
  return (
    <Empty
      sentence="Here the last twenty blocks stand in a line, and the one being decided beside them."
      line="The first one appears as soon as two thirds of the power agree."
    />
  )
}
