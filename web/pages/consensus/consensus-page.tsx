import { Link } from '@tanstack/react-router'
import type { ConsensusView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useLiveConsensus } from '../../hooks/use-live-consensus.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Empty, ErrorState } from '../../ui/states.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { HeightView } from './height-view.tsx'
import { RoundLog } from './round-log.tsx'

/** The height being decided, or a past one that this tab lived through: `?height=`. */
export function ConsensusPage() {
  const [asked] = useUrlState('height', '')
  const live = useLiveConsensus()
  const height = Number(asked)
  const past = asked !== '' && Number.isSafeInteger(height) && height > 0 && height !== live?.height
  return (
    <>
      {past ? <PastHeight height={height} live={live} /> : <LiveHeight live={live} />}
      <RoundLog height={past ? height : null} />
      <EvidenceList />
    </>
  )
}

function LiveHeight({ live }: { readonly live: ConsensusView | null }) {
  const status = useNode((state) => state.status)
  const arrived = useNode((state) => state.consensus)
  if (live !== null && arrived !== null)
    return <HeightView view={live} arrived={arrived} liveHeight={live.height} />
  if (status === null) return <Skeleton rows={8} label="Reading the live height" />
  return (
    <>
      <h1 className="sr">Consensus</h1>
      <Empty
        sentence="No height is being decided in view of this tab."
        line="It shows here, vote by vote, as soon as a validator is heard."
      />
    </>
  )
}

function PastHeight({ height, live }: { readonly height: number; readonly live: ConsensusView | null }) {
  const rounds = useQuery('consensus_rounds', { height, limit: 1 }, 'once')
  if (rounds.state === 'loading') return <Skeleton rows={8} label={`Reading height ${integer(height)}`} />
  if (rounds.state === 'failed')
    return <ErrorState error={rounds.error} what={`height ${integer(height)}`} onRetry={rounds.retry} />
  const view = rounds.data.consensus
  if (view !== null) return <HeightView view={view} arrived={view} liveHeight={live?.height ?? null} />
  return (
    <>
      <h1 className="sr">Height {integer(height)}</h1>
      <Empty
        sentence={`This tab did not live through height ${integer(height)}.`}
        line={`Votes and their times are known from ${integer(rounds.data.oldestHeight)} to ${integer(rounds.data.newestHeight)}. The block itself can be read and verified.`}
        action={
          <>
            <Link className="btn" to={`/explorer/block/${height}`}>
              Open the block
            </Link>
            <Link className="btn quiet" to="/consensus">
              Live height
            </Link>
          </>
        }
      />
    </>
  )
}
