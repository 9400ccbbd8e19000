import { useState } from 'react'
import { useAct } from '../../hooks/use-act.ts'
import { useWalletQuery } from '../../hooks/use-query.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Flag } from '../../ui/flag.tsx'
import { CopyButton } from '../../ui/id.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { ErrorState, States } from '../../ui/states.tsx'
import { Progress } from '../signing/progress.tsx'
import { notSentWords } from '../signing/progress-words.ts'

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
      <div className="flex flex-wrap items-start gap-5">
        <QrCode text={address} label="QR code of your address" />
        <div className="min-w-0 flex-1 basis-56">
          <p className="who mb-2">
            <Flag address={address} size={26} own />
            <b>{name === '' ? 'This tab' : name}</b>
          </p>
          <p className="font-mono text-sm break-all">{address}</p>
          <div className="mt-2">
            <CopyButton value={address} label="Copy my address">
              Copy
            </CopyButton>
          </div>
        </div>
      </div>
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
      {submit.error !== null && (
        <div className="mt-4">
          <ErrorState error={submit.error} what="the faucet" done={notSentWords(submit.error)} />
        </div>
      )}
    </Dialog>
  )
}

const FLAGS_OFFERED = 12

/** A new key: pick the flag it flies, name it. */
export function CreateDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const offers = useWalletQuery('wallet_offer', { count: FLAGS_OFFERED })
  const [choice, setChoice] = useState<string | null>(null)
  const [name, setName] = useState('')
  const act = useAct('wallet_choose')
  const create = async () => {
    if (choice === null) return
    if ((await act.run({ choice, name: name.trim() })) !== null) onCreated()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create an account"
      lead="A new key is made in this browser. Nobody is asked, and nothing is sent."
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            Not now
          </Button>
          <Button
            look="primary"
            disabled={choice === null || name.trim() === ''}
            busy={act.busy ? 'Creating…' : null}
            onClick={() => void create()}
          >
            Create
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field
          label="Name"
          autoFocus
          value={name}
          onText={setName}
          maxLength={32}
          hint="Only shown in this browser."
        />
        <div className="field">
          <span className="legend" id="flags">
            Flag
          </span>
          <States query={offers} what="flags to choose from">
            {(flags) => (
              <div
                role="radiogroup"
                aria-labelledby="flags"
                className="grid grid-cols-12 gap-1.5 max-phone:grid-cols-6"
              >
                {flags.map((flag) => (
                  <label
                    key={flag.choice}
                    className="grid aspect-square cursor-pointer place-items-center rounded-control hover:bg-hover has-checked:shadow-[0_0_0_2px_var(--you)] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink"
                    title={flag.address}
                  >
                    <input
                      type="radio"
                      name="flag"
                      className="sr"
                      checked={choice === flag.choice}
                      onChange={() => setChoice(flag.choice)}
                      aria-label={`Flag of ${flag.address}`}
                    />
                    <Flag address={flag.address} size={26} />
                  </label>
                ))}
              </div>
            )}
          </States>
          <span className="hint">Each flag is a key of its own; the others are forgotten.</span>
        </div>
        {act.error !== null && (
          <ErrorState error={act.error} what="creating the account" done="No key was made." />
        )}
      </div>
    </Dialog>
  )
}
