import { type FormEvent, useState } from 'react'
import type { NodeStatus } from '../../../node-core/node/node-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Id } from '../../ui/id.tsx'
import { QrAddress } from '../../ui/qr-address.tsx'
import { Empty, ErrorState } from '../../ui/states.tsx'
import { dialAddress, dialProblem } from './mesh-words.ts'

/** Connects to a peer by its address. */
export function DialDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [text, setText] = useState('')
  const [, setDialog] = useUrlState<string>('do', '')
  const act = useAct('mesh_dial')
  const problem = dialProblem(text)
  const ready = text.trim() !== '' && problem === null
  const close = () => {
    act.reset()
    setText('')
    onClose()
  }
  const dial = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !act.busy) void act.run({ address: text.trim() })
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title="Dial a peer"
      lead="Paste the address that the other tab or server shows. The connection stands only if both carry the same chain."
      foot={
        <>
          <Button look="quiet" onClick={() => setDialog('address')}>
            Show my address
          </Button>
          {act.result === null ? (
            <Button
              look="primary"
              type="submit"
              form="dial"
              disabled={!ready}
              busy={act.busy ? 'Dialling…' : null}
            >
              Dial
            </Button>
          ) : (
            <Button onClick={close}>Done</Button>
          )}
        </>
      }
    >
      <form id="dial" className="grid gap-4" onSubmit={dial}>
        <Field
          label="Address"
          value={text}
          onText={setText}
          rows={3}
          spellCheck={false}
          autoComplete="off"
          problem={problem}
          hint="A multiaddr that ends with /p2p/ and the peer’s id."
        />
      </form>
      {act.result !== null && (
        <p className="mt-3 text-sm">
          Connected to <Id value={act.result.peer} kind="peer id" />. It is in the table now.
        </p>
      )}
      {act.error !== null && (
        <div className="mt-4">
          <ErrorState
            error={act.error}
            what="the connection"
            done="Nothing was changed; the address is kept in the field."
          />
        </div>
      )}
    </Dialog>
  )
}

/** Own address as text and QR code, to be dialled by another tab. */
export function AddressDialog({
  open,
  status,
  onClose,
}: {
  open: boolean
  status: NodeStatus
  onClose: () => void
}) {
  const address = dialAddress(status)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="My address for peers"
      lead="Whoever dials it is connected to this tab while a relay carries the first words; then the link is direct."
    >
      {address === null ? (
        <Empty
          sentence="This tab cannot be dialled just now."
          line="It is reached through a relay, and none is connected."
        />
      ) : (
        <QrAddress
          address={address}
          label="QR code of this tab’s address for peers"
          className="text-xs text-ink-2"
        />
      )}
    </Dialog>
  )
}
