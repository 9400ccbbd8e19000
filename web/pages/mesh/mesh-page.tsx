import { Plug, PlugZap, Unplug } from 'lucide-react'
import { useState } from 'react'
import type { NodeStatus, PartitionView, PeerView, TopologyView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import type { Query } from '../../store/query.ts'
import { Button } from '../../ui/button.tsx'
import { PageHead } from '../../ui/section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { NOT_IN_THIS_MODE } from '../../ui/states.tsx'
import { useNow } from '../../ui/time.tsx'
import { AddressDialog, DialDialog } from './dial-dialog.tsx'
import { GraphPanel } from './graph-panel.tsx'
import { farValidators, meshReason, meshSentence, observerMeshSentence, type Party } from './mesh-words.ts'
import { PeerDialog } from './peer-dialog.tsx'
import { PeerTable } from './peer-table.tsx'
import { RelayDialog, Relays } from './relays.tsx'

/** How often the mesh map and the partition are read again, ms. */
const MAP_EVERY_MS = 5_000

export type MeshDialog = '' | 'dial' | 'address' | 'relay'

export function MeshPage() {
  const peers = useNode((state) => state.peers)
  const status = useNode((state) => state.status)
  const topology = useQuery('network_topology', {}, MAP_EVERY_MS)
  const partition = useQuery('network_partition', {}, MAP_EVERY_MS)
  const [lit, setLit] = useState<string | null>(null)
  const [chosen, setChosen] = useUrlState<string>('peer', '')
  const [dialog, setDialog] = useUrlState<MeshDialog>('do', '')
  const close = () => setDialog('')
  return (
    <>
      <Head
        peers={peers}
        status={status}
        topology={topology.data}
        partition={partition.data}
        deaf={partition.error?.code === NOT_IN_THIS_MODE}
        onDo={setDialog}
      />
      <div className="cols" style={{ gridTemplateColumns: 'minmax(0,1fr) 400px' }}>
        <section className="sec !mt-1" aria-label="Peers">
          {peers === null ? (
            <Skeleton rows={8} label="Reading the peers" />
          ) : (
            <PeerTable
              peers={peers}
              lit={lit ?? chosen}
              onLit={setLit}
              onOpen={setChosen}
              onDial={() => setDialog('dial')}
            />
          )}
          {status !== null && <Relays relays={status.relays} />}
        </section>
        <GraphPanel
          query={topology as Query<TopologyView>}
          peers={peers ?? []}
          lit={lit ?? (chosen === '' ? null : chosen)}
          onLit={setLit}
        />
      </div>
      <PeerDialog
        peer={peers?.find((peer) => peer.peer === chosen) ?? null}
        asked={chosen}
        topology={topology.data}
        onClose={() => setChosen('')}
      />
      {status !== null && (
        <>
          <DialDialog open={dialog === 'dial'} onClose={close} />
          <AddressDialog open={dialog === 'address'} status={status} onClose={close} />
          <RelayDialog open={dialog === 'relay'} relays={status.relays} onClose={close} />
        </>
      )}
    </>
  )
}

interface HeadProps {
  readonly peers: readonly PeerView[] | null
  readonly status: NodeStatus | null
  readonly topology: TopologyView | null
  readonly partition: PartitionView | null
  /** Votes are not heard here, so that who is cut off is not known. */
  readonly deaf: boolean
  readonly onDo: (dialog: MeshDialog) => void
}

function Head({ peers, status, topology, partition, deaf, onDo }: HeadProps) {
  const now = useNow()
  const votes = useNode((state) => state.consensus?.votes)
  const self = status?.validator?.address ?? null
  const validators: readonly Party[] =
    votes?.map((vote) => ({ address: vote.validator, name: vote.name })) ?? []
  const known = partition !== null && peers !== null
  const heardOf = topology?.nodes.filter((node) => node.hop === 3).length ?? 0
  const far = peers === null ? [] : farValidators(validators, peers, self, now)
  const relayed = status?.relays.some((relay) => relay.connected) ?? false
  return (
    <PageHead
      title="Mesh"
      sentence={
        known
          ? meshSentence({ partition, validators, far, peers: peers.length })
          : deaf && peers !== null
            ? observerMeshSentence(peers.length)
            : 'Looking around the mesh.'
      }
      why={known ? meshReason(partition, peers.length, heardOf) : null}
      end={
        <div className="btns self-end max-phone:w-full">
          <Button icon={<PlugZap size={15} strokeWidth={1.75} aria-hidden />} onClick={() => onDo('dial')}>
            Dial a peer
          </Button>
          {(status?.relays.length ?? 0) > 0 && (
            <Button
              look="quiet"
              icon={
                relayed ? (
                  <Unplug size={15} strokeWidth={1.75} aria-hidden />
                ) : (
                  <Plug size={15} strokeWidth={1.75} aria-hidden />
                )
              }
              onClick={() => onDo('relay')}
            >
              {relayed ? 'Drop the relay' : 'Come back to the relay'}
            </Button>
          )}
        </div>
      }
    />
  )
}
