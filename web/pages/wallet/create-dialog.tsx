import { useState } from 'react'
import { useAct } from '../../hooks/use-act.ts'
import { useWalletQuery } from '../../hooks/use-query.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Flag } from '../../ui/flag.tsx'
import { ErrorState, States } from '../../ui/states.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { passkeyObstacle } from './wallet-words.ts'

const FLAGS_OFFERED = 12
const KEEPERS = [
  { value: 'browser', words: 'This browser' },
  { value: 'passkey', words: 'A passkey' },
] as const
type Keeper = (typeof KEEPERS)[number]['value']

/** A new account: whose key is in this browser, under a flag of one's choice, or a passkey of the device. */
export function CreateDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const [keeper, setKeeper] = useState<Keeper>('browser')
  const [choice, setChoice] = useState<string | null>(null)
  const [name, setName] = useState('')
  const choose = useAct('wallet_choose')
  const make = useAct('wallet_passkey_create')
  const passkey = keeper === 'passkey'
  const act = passkey ? make : choose
  const obstacle = passkeyObstacle('PublicKeyCredential' in globalThis, location.hostname)
  const ready = name.trim() !== '' && (passkey ? obstacle === null : choice !== null)
  const create = async () => {
    const made = passkey
      ? await make.run({ name: name.trim() })
      : choice === null
        ? null
        : await choose.run({ choice, name: name.trim() })
    if (made !== null) onCreated()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create an account"
      lead={
        passkey
          ? 'Your device or security key makes the key and never gives it away. Nothing is sent.'
          : 'A new key is made in this browser. Nobody is asked, and nothing is sent.'
      }
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            Not now
          </Button>
          <Button
            look="primary"
            disabled={!ready}
            busy={act.busy ? (passkey ? 'Asking…' : 'Creating…') : null}
            onClick={() => void create()}
          >
            {passkey ? 'Create with a passkey' : 'Create'}
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
          <span className="legend">Its key is kept by</span>
          <ToggleGroup label="Its key is kept by" choices={KEEPERS} value={keeper} onChange={setKeeper} />
        </div>
        {passkey ? <AboutPasskey obstacle={obstacle} /> : <Flags choice={choice} onChoice={setChoice} />}
        {act.error !== null && (
          <ErrorState error={act.error} what="creating the account" done="No account was made." />
        )}
      </div>
    </Dialog>
  )
}

function AboutPasskey({ obstacle }: { readonly obstacle: string | null }) {
  return (
    <>
      {obstacle !== null && (
        <p className="text-sm text-bad" role="alert">
          {obstacle}
        </p>
      )}
      <ul className="grid list-disc gap-1.5 pl-5 text-sm text-ink-2">
        <li>You are asked at each signature; nothing in this browser can sign alone.</li>
        <li>There is nothing to back up: whoever loses the passkey loses the account.</li>
        <li>It works on this site alone, and cannot become a validator, which signs by itself.</li>
      </ul>
    </>
  )
}

interface FlagsProps {
  readonly choice: string | null
  readonly onChoice: (choice: string) => void
}

function Flags({ choice, onChoice }: FlagsProps) {
  const offers = useWalletQuery('wallet_offer', { count: FLAGS_OFFERED })
  return (
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
                  onChange={() => onChoice(flag.choice)}
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
  )
}
