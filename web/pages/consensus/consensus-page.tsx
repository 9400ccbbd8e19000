import { Link } from '@tanstack/react-router'
import type { ConsensusView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useLiveConsensus } from '../../hooks/use-live-consensus.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Empty, ErrorState, NotObserved } from '../../ui/states.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { HeightView } from './height-view.tsx'
import { RoundLog } from './round-log.tsx'

const RUNNING_EVERY_MS = 1_000

/** The height being decided, or a past one that this tab lived through, in one of its rounds: `?height=…&round=…`. */
export function ConsensusPage() {
  const [askedHeight] = useUrlState<string>('height', '')
  const [askedRound] = useUrlState<string>('round', '')
  const live = useLiveConsensus()
  const height = wholeNumber(askedHeight) || live?.height || 0
  const round = wholeNumber(askedRound)
  const observes = useNode((state) => state.status?.mode === 'observer')
  if (observes)
    return (
      <>
        <h1 className="sr">Consensus</h1>
        <NotObserved what="votes and rounds" />
      </>
    )
  const past = height !== 0 && (height !== live?.height || (round !== null && round !== live.round))
  return (
    <>
      {past ? <PastHeight height={height} round={round} live={live} /> : <LiveHeight live={live} />}
      <RoundLog height={past ? height : null} />
      <EvidenceList />
    </>
  )
}

/** null: none was named. */
function wholeNumber(text: string): number | null {
  const number = Number(text)
  return text !== '' && Number.isSafeInteger(number) && number >= 0 ? number : null
}

function LiveHeight({ live }: { readonly live: ConsensusView | null }) {
  const status = useNode((state) => state.status)
  const arrived = useNode((state) => state.consensus)
  if (live !== null && arrived !== null)
    return <HeightView view={live} arrived={arrived} liveHeight={live.height} kept={null} />
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

interface PastHeightProps {
  readonly height: number
  /** null: the one that decided, or the newest. */
  readonly round: number | null
  readonly live: ConsensusView | null
}

function PastHeight({ height, round, live }: PastHeightProps) {
  const asked = round === null ? { height, limit: 1 } : { height, round, limit: 1 }
  // A round of the height that still runs gets later messages; one of a decided height hardly any.
  const rounds = useQuery('consensus_rounds', asked, height === live?.height ? RUNNING_EVERY_MS : 'once')
  if (rounds.state === 'loading') return <Skeleton rows={8} label={`Reading height ${integer(height)}`} />
  if (rounds.state === 'failed')
    return <ErrorState error={rounds.error} what={`height ${integer(height)}`} onRetry={rounds.retry} />
  const view = rounds.data.consensus
  if (view !== null)
    return <HeightView view={view} arrived={view} liveHeight={live?.height ?? null} kept={rounds.data} />
  return (
    <>
      <h1 className="sr">Height {integer(height)}</h1>
      <Empty
        sentence={`This tab did not live through ${round === null ? '' : `round ${round} of `}height ${integer(height)}.`}
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
