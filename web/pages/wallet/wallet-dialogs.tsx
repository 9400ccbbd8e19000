import { useAct } from '../../hooks/use-act.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Flag } from '../../ui/flag.tsx'
import { QrAddress } from '../../ui/qr-address.tsx'
import { NotSent } from '../signing/not-sent.tsx'
import { Progress } from '../signing/progress.tsx'

/** Own address as QR code and text. */
export function ReceiveDialog({
  address,
  name,
  onClose,
}: {
  address: string
  name: string
  onClose: () => void
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Receive AIT"
      lead="Give this address to whoever sends. It is final a moment after a block decides it."
    >
      <QrAddress address={address} label="QR code of your address" className="text-sm">
        <p className="who mb-2">
          <Flag address={address} size={26} own />
          <b>{name === '' ? 'This tab' : name}</b>
        </p>
      </QrAddress>
    </Dialog>
  )
}

/** Test money, where the chain gives some. `wait` says when it gives again; null: now. */
export function FaucetDialog({
  drip,
  wait,
  onClose,
}: {
  drip: bigint
  wait: string | null
  onClose: () => void
}) {
  const submit = useAct('wallet_submit')
  const sent = submit.result
  return (
    <Dialog
      open
      onClose={onClose}
      title="Ask the faucet"
      lead="This is a chain for trying things out; its AIT are worth nothing elsewhere."
      foot={
        sent !== null ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              Not now
            </Button>
            <Button
              look="primary"
              disabled={wait !== null}
              busy={submit.busy ? 'Signing…' : null}
              onClick={() => void submit.run({ request: { type: 'faucet.drip' } })}
            >
              {submit.error === null ? 'Ask for it' : 'Ask again'}
            </Button>
          </>
        )
      }
    >
      {sent !== null ? (
        <Progress hash={sent.hash} />
      ) : (
        <p className="text-md">
          It gives <Amount value={drip.toString()} form="exact" className="font-[540]" /> to this account.{' '}
          {wait}
        </p>
      )}
      <NotSent error={submit.error} what="the faucet" />
    </Dialog>
  )
}
