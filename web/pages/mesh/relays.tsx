import { Info } from 'lucide-react'
import type { NodeStatus } from '../../../node-core/node/node-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CopyButton } from '../../ui/id.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { relaysLine } from './mesh-words.ts'

type RelayList = NodeStatus['relays']

/** Which relays there are, and what happens when none answers. */
export function Relays({ relays }: { relays: RelayList }) {
  return (
    <div className="mt-5 border-t border-line pt-3 text-sm text-ink-2">
      <p className="flex gap-2">
        <Info size={15} strokeWidth={1.75} className="mt-0.5 text-ink-3" aria-hidden />
        <span>{relaysLine(relays)}</span>
      </p>
      {relays.length > 0 && (
        <ul className="mt-1.5 grid gap-1 pl-[23px]">
          {relays.map((relay) => (
            <li key={relay.address} className="flex min-w-0 items-center gap-2">
              <span className={relay.connected ? 'text-ink-2' : 'text-warn'}>
                {relay.connected ? 'connected' : 'not reached'}
              </span>
              <code className="min-w-0 truncate font-mono text-[.92em] text-ink-2" title={relay.address}>
                {relay.address}
              </code>
              <CopyButton value={relay.address} label="Copy relay address" />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

export function RelayDialog({
  open,
  relays,
  onClose,
}: {
  open: boolean
  relays: RelayList
  onClose: () => void
}) {
  const act = useAct('mesh_dropRelay')
  const drop = relays.some((relay) => relay.connected)
  const close = () => {
    act.reset()
    onClose()
  }
  const go = async () => {
    if ((await act.run({ drop })) !== null) close()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={drop ? 'Drop the relay' : 'Come back to the relay'}
      lead={
        drop
          ? 'The tab leaves its relays once enough direct links stand.'
          : 'The tab connects to its relays again, so that new peers can find it.'
      }
      foot={
        <>
          <Button look="quiet" onClick={close}>
            Not now
          </Button>
          <Button
            look="primary"
            busy={act.busy ? (drop ? 'Leaving…' : 'Connecting…') : null}
            onClick={() => void go()}
          >
            {drop ? 'Drop the relay' : 'Come back'}
          </Button>
        </>
      }
    >
      {drop && (
        <ul className="grid list-disc gap-1.5 pl-5 text-sm text-ink-2">
          <li>Direct links go on: votes, blocks and transactions travel between tabs alone.</li>
          <li>Peers that were reached only through a relay are lost.</li>
          <li>New peers cannot find this tab until it comes back.</li>
        </ul>
      )}
      {act.error !== null && (
        <div className="mt-4">
          <ErrorState error={act.error} what="the change" done="The relay links are as they were." />
        </div>
      )}
    </Dialog>
  )
}
