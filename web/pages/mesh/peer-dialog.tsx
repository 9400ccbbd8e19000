import { useState } from 'react'
import type { PeerView, TopologyView } from '../../../node-core/node/node-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { integer } from '../../i18n/format.ts'
import { bytesWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { shortPeer } from '../../ui/id-words.ts'
import { Empty, ErrorState } from '../../ui/states.tsx'
import { Age } from '../../ui/time.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { ValidatorName } from '../../ui/validator-name.tsx'
import { pathWords, relayOf, scoreTone } from './mesh-words.ts'
import { useDeferred } from './use-deferred.ts'

const UNDO_MS = 6_000
const BLOCK_CHOICES = [
  { value: '60', words: '1 hour' },
  { value: '1440', words: '1 day' },
  { value: '43200', words: '30 days' },
] as const

export interface PeerDialogProps {
  readonly peer: PeerView | null
  /** Peer id of the URL; empty: closed. */
  readonly asked: string
  readonly topology: TopologyView | null
  readonly onClose: () => void
}

/** Facts of one peer, and the way to block it. */
export function PeerDialog({ peer, asked, topology, onClose }: PeerDialogProps) {
  const [step, setStep] = useState<'facts' | 'confirm'>('facts')
  const [minutes, setMinutes] = useState<(typeof BLOCK_CHOICES)[number]['value']>('60')
  const [name, setName] = useState('')
  const act = useAct('mesh_block')
  const deferred = useDeferred(UNDO_MS)
  const close = () => {
    setStep('facts')
    onClose()
  }
  const block = () => {
    if (peer === null) return
    setName(peer.name ?? shortPeer(peer.peer))
    deferred.start(() => void act.run({ peer: peer.peer, minutes: Number(minutes) }))
    close()
  }
  return (
    <>
      <Dialog
        open={asked !== ''}
        onClose={close}
        title={peer?.name ?? shortPeer(asked)}
        foot={
          peer === null ? undefined : step === 'facts' ? (
            <Button look="danger" onClick={() => setStep('confirm')}>
              Block this peer
            </Button>
          ) : (
            <>
              <Button look="quiet" onClick={() => setStep('facts')}>
                Back
              </Button>
              <Button look="danger" onClick={block}>
                Block
              </Button>
            </>
          )
        }
      >
        {peer === null ? (
          <Empty
            sentence="This peer is not connected."
            line="It may come back; its id stays in the address of this page."
          />
        ) : step === 'facts' ? (
          <Facts peer={peer} relay={topology === null ? null : relayOf(peer.peer, topology)} />
        ) : (
          <div className="grid gap-3 text-sm text-ink-2">
            <p>
              The link is closed and the peer is not let in again for the time below.
              {peer.validator !== null && ' It is a validator: its votes still arrive through other peers.'}
            </p>
            <ToggleGroup label="For how long" choices={BLOCK_CHOICES} value={minutes} onChange={setMinutes} />
          </div>
        )}
      </Dialog>
      {(deferred.dueAtMs !== null || act.error !== null) && (
        <div
          className="notice fixed right-5 bottom-11 z-15 max-phone:right-4 max-phone:bottom-[70px]"
          role="status"
        >
          {deferred.dueAtMs !== null ? (
            <>
              <span className="flex-1">Blocking {name}.</span>
              <Button size="small" onClick={deferred.undo}>
                Undo
              </Button>
            </>
          ) : (
            act.error !== null && (
              <ErrorState
                error={act.error}
                what="the block"
                done={`${name} stays connected.`}
                onRetry={act.reset}
                retryWords="Close"
              />
            )
          )}
        </div>
      )}
    </>
  )
}

function Facts({ peer, relay }: { peer: PeerView; relay: string | null }) {
  return (
    <KeyValues
      rows={[
        ['Peer id', <Id key="id" value={peer.peer} kind="peer id" />],
        [
          'Role',
          peer.validator === null ? (
            peer.role
          ) : (
            <ValidatorName key="who" address={peer.validator} name={peer.name} />
          ),
        ],
        ['Path', relay === null ? pathWords(peer) : `${pathWords(peer)}, by ${relay}`],
        ['Begun by', peer.direction === 'outbound' ? 'this tab' : 'the peer'],
        ['Address', <Id key="address" value={peer.address} kind="peer address" />],
        ['Round trip', peer.roundTripMs === null ? 'no answer' : `${Math.round(peer.roundTripMs)} ms`],
        ['Score', `${Math.round(peer.score * 100)} of 100`, scoreTone(peer.score)],
        ['Its height', peer.headHeight === null ? 'not said' : integer(peer.headHeight)],
        ['Received from it', bytesWords(peer.bytesIn)],
        ['Sent to it', bytesWords(peer.bytesOut)],
        [
          'Messages refused',
          peer.rejectedMessages === 0 ? 'none' : integer(peer.rejectedMessages),
          peer.rejectedMessages === 0 ? undefined : 'text-warn',
        ],
        ['Connected', <Age key="since" atMs={peer.connectedAtMs} />],
        ['Seen', <Age key="seen" atMs={peer.lastSeenMs} />],
      ]}
    />
  )
}
