import { useMemo } from 'react'
import type { PeerView } from '../../../node-core/node/node-api.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { Unit } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { type Column, DataTable, type Sort } from '../../ui/data-table.tsx'
import { Flag } from '../../ui/flag.tsx'
import { shortPeer } from '../../ui/id-words.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Empty } from '../../ui/states.tsx'
import { Age, useNow } from '../../ui/time.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { answers, PEER_FILTERS, type PeerFilter, pathWords, peersWhere, scoreTone } from './mesh-words.ts'
import { kilobytesWords, type Rate } from './peer-rates.ts'
import { usePeerRates } from './use-peer-rates.ts'

export interface PeerTableProps {
  readonly peers: readonly PeerView[]
  readonly lit: string
  readonly onLit: (peer: string | null) => void
  readonly onOpen: (peer: string) => void
  readonly onDial: () => void
}

const BY_SCORE: Sort = { column: 'score', descending: true }

/** Peers of this node, filtered and sorted; the twin of the graph. */
export function PeerTable({ peers, lit, onLit, onOpen, onDial }: PeerTableProps) {
  const [filter, setFilter] = useUrlState<PeerFilter>('filter', 'all')
  const now = useNow()
  const rates = usePeerRates(peers, now)
  const shown = peersWhere(peers, filter)
  const columns = useMemo(() => peerColumns(rates, now, onOpen), [rates, now, onOpen])
  return (
    <>
      <header>
        <ToggleGroup
          label="Which peers"
          look="chips"
          value={filter}
          onChange={setFilter}
          choices={PEER_FILTERS.map(({ value, words }) => ({
            value,
            words: `${words} ${peersWhere(peers, value).length}`,
          }))}
        />
      </header>
      {shown.length === 0 ? (
        <NoPeers all={peers.length === 0} onAll={() => setFilter('all')} onDial={onDial} />
      ) : (
        <DataTable
          caption="Peers of this tab"
          columns={columns}
          rows={shown}
          rowKey={(peer) => peer.peer}
          isLit={(peer) => peer.peer === lit}
          onRowHover={(peer) => onLit(peer?.peer ?? null)}
          sort={BY_SCORE}
        />
      )}
    </>
  )
}

function NoPeers({ all, onAll, onDial }: { all: boolean; onAll: () => void; onDial: () => void }) {
  return all ? (
    <Empty
      sentence="No peer is connected yet."
      line="Peers are other tabs and servers that carry the same chain. The node looks for them through its relays; you can also dial one by its address."
      action={<Button onClick={onDial}>Dial a peer</Button>}
    />
  ) : (
    <Empty
      sentence="No peer is like that just now."
      action={<Button onClick={onAll}>Show all peers</Button>}
    />
  )
}

function peerColumns(
  rates: ReadonlyMap<string, Rate>,
  now: number,
  onOpen: (peer: string) => void,
): readonly Column<PeerView>[] {
  return [
    {
      id: 'peer',
      head: 'Peer',
      phone: 'name',
      cell: (peer) => <PeerName peer={peer} onOpen={onOpen} />,
      sortBy: (peer) => peer.name ?? `~${peer.peer}`,
    },
    {
      id: 'role',
      head: 'Role',
      phone: 'off',
      cell: (peer) => <span className="dim">{peer.role}</span>,
      sortBy: (peer) => peer.role,
    },
    {
      id: 'score',
      head: 'Score',
      align: 'right',
      phone: 'off',
      cell: (peer) => <span className={scoreTone(peer.score)}>{Math.round(peer.score * 100)}</span>,
      sortBy: (peer) => peer.score,
    },
    {
      id: 'trip',
      head: 'Round trip',
      align: 'right',
      phone: 'main',
      cell: (peer) => <RoundTrip peer={peer} now={now} />,
      sortBy: (peer) => peer.roundTripMs ?? Number.POSITIVE_INFINITY,
    },
    {
      id: 'trend',
      head: <span className="sr">Round trips before</span>,
      phone: 'off',
      cell: (peer) => <Sparkline values={peer.roundTripHistory} />,
    },
    { id: 'path', head: 'Path', phone: 'minor', cell: (peer) => <Path peer={peer} />, sortBy: pathWords },
    {
      id: 'in',
      head: 'In, kB/s',
      align: 'right',
      phone: 'off',
      cell: (peer) => kilobytesWords(rates.get(peer.peer)?.in ?? 0),
      sortBy: (peer) => rates.get(peer.peer)?.in ?? 0,
    },
    {
      id: 'out',
      head: 'Out',
      align: 'right',
      phone: 'off',
      cell: (peer) => kilobytesWords(rates.get(peer.peer)?.out ?? 0),
      sortBy: (peer) => rates.get(peer.peer)?.out ?? 0,
    },
    {
      id: 'seen',
      head: 'Seen',
      align: 'right',
      phone: 'minor-2',
      cell: (peer) => (
        <span className="dim">
          <Age atMs={peer.lastSeenMs} cell />
        </span>
      ),
      sortBy: (peer) => -peer.lastSeenMs,
    },
  ]
}

/** Opens the peer's facts. */
function PeerName({ peer, onOpen }: { peer: PeerView; onOpen: (peer: string) => void }) {
  return (
    <span className="who">
      <Flag address={peer.validator ?? peer.peer} />
      <button
        type="button"
        className="min-h-6 hover:underline"
        onClick={() => onOpen(peer.peer)}
        title={peer.peer}
      >
        {peer.name === null ? (
          <code className="font-mono text-[.92em] text-ink-2">{shortPeer(peer.peer)}</code>
        ) : (
          <b>{peer.name}</b>
        )}
      </button>
    </span>
  )
}

function RoundTrip({ peer, now }: { peer: PeerView; now: number }) {
  if (!answers(peer, now)) return <span className="text-bad">no answer</span>
  if (peer.roundTripMs === null) return <span className="faint">waiting</span>
  return (
    <>
      {Math.round(peer.roundTripMs)}
      <Unit>ms</Unit>
    </>
  )
}

export function Path({ peer }: { peer: Pick<PeerView, 'relayed' | 'transport'> }) {
  return (
    <span className="dim inline-flex items-center gap-2">
      <svg width="18" height="6" aria-hidden="true">
        <path
          d="M0 3h18"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray={peer.relayed ? '3 2.5' : undefined}
        />
      </svg>
      {pathWords(peer)}
    </span>
  )
}
