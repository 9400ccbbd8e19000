import { useMemo } from 'react'
import type { PeerView, TopologyView } from '../../../node-core/node/node-api.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import type { Query } from '../../store/query.ts'
import { Unit } from '../../ui/amount.tsx'
import { Flag } from '../../ui/flag.tsx'
import { shortPeer } from '../../ui/id-words.ts'
import { type MeshArrangement, MeshGraph } from '../../ui/mesh-graph.tsx'
import { MeshKey } from '../../ui/mesh-node-mark.tsx'
import { Section } from '../../ui/section.tsx'
import { States } from '../../ui/states.tsx'
import { useNow } from '../../ui/time.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { answers, relayOf } from './mesh-words.ts'

/** Nodes that are only heard of beyond this many are counted in words, not drawn. */
const HEARD_DRAWN = 120

export interface GraphPanelProps {
  readonly query: Query<TopologyView>
  readonly peers: readonly PeerView[]
  readonly lit: string | null
  readonly onLit: (peer: string | null) => void
}

export function GraphPanel({ query, peers, lit, onLit }: GraphPanelProps) {
  const [arrangement, setArrangement] = useUrlState<MeshArrangement>('graph', 'hops')
  return (
    <Section
      title="Graph"
      className="!mt-1 max-wide:!mt-6"
      end={
        <ToggleGroup
          label="Arrangement"
          value={arrangement}
          onChange={setArrangement}
          choices={[
            { value: 'hops', words: 'Hops' },
            { value: 'force', words: 'Force' },
          ]}
        />
      }
    >
      <States query={query} what="the mesh map" skeletonRows={6}>
        {(topology) => (
          <Drawn topology={topology} peers={peers} lit={lit} onLit={onLit} arrangement={arrangement} />
        )}
      </States>
    </Section>
  )
}

function Drawn({
  topology,
  peers,
  lit,
  onLit,
  arrangement,
}: Omit<GraphPanelProps, 'query'> & { topology: TopologyView; arrangement: MeshArrangement }) {
  const now = useNow()
  const drawn = useMemo(() => withinLimit(topology), [topology])
  const silentKey = peers
    .filter((peer) => !answers(peer, now))
    .map((peer) => peer.peer)
    .join(' ')
  const silent = useMemo(() => new Set(silentKey === '' ? [] : silentKey.split(' ')), [silentKey])
  const left = topology.nodes.length - drawn.nodes.length
  return (
    <>
      <div className="mx-auto max-w-[480px]">
        <MeshGraph
          topology={drawn}
          arrangement={arrangement}
          silent={silent}
          lit={lit}
          onLit={onLit}
          label={`Graph of the mesh, ${topology.nodes.length} nodes; the table of peers holds the same data`}
        />
      </div>
      <Readout lit={lit} peers={peers} topology={topology} silent={silent} />
      <MeshKey />
      {left > 0 && <p className="mt-2 text-xs text-ink-3">{left} more nodes are heard of and not drawn.</p>}
    </>
  )
}

function withinLimit(topology: TopologyView): TopologyView {
  let heard = 0
  const nodes = topology.nodes.filter((node) => node.hop < 3 || heard++ < HEARD_DRAWN)
  const kept = new Set(nodes.map((node) => node.peer))
  return {
    ...topology,
    nodes,
    links: topology.links.filter((link) => kept.has(link.from) && kept.has(link.to)),
  }
}

/** The fixed line under the graph: what is under the pointer or the focus. */
function Readout({
  lit,
  peers,
  topology,
  silent,
}: {
  lit: string | null
  peers: readonly PeerView[]
  topology: TopologyView
  silent: ReadonlySet<string>
}) {
  const peer = peers.find((candidate) => candidate.peer === lit)
  const node = topology.nodes.find((candidate) => candidate.peer === lit)
  const relay = lit === null ? null : relayOf(lit, topology)
  return (
    <p
      className="mt-1.5 mb-3 flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1.5 border-y border-line text-sm text-ink-2"
      aria-live="off"
    >
      {peer === undefined && node === undefined && (
        <span className="text-ink-3">Point at a node or a row to read it here.</span>
      )}
      {(peer !== undefined || node !== undefined) && (
        <span className="who">
          <Flag address={peer?.validator ?? lit ?? ''} />
          <b className="text-ink">{peer?.name ?? node?.name ?? shortPeer(lit ?? '')}</b>
        </span>
      )}
      {peer !== undefined && <span>{peer.relayed ? `relayed by ${relay ?? 'a relay'}` : 'direct'}</span>}
      {peer === undefined && node !== undefined && (
        <span>{node.role === 'relay' ? 'relay' : 'heard of, not connected'}</span>
      )}
      {peer !== undefined && silent.has(peer.peer) && <span className="text-bad">no answer</span>}
      {peer !== undefined && peer.roundTripMs !== null && (
        <span>
          {Math.round(peer.roundTripMs)}
          <Unit>ms</Unit>
        </span>
      )}
      {peer !== undefined && <span>score {Math.round(peer.score * 100)}</span>}
    </p>
  )
}
