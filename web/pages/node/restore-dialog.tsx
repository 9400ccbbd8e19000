import { CircleCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Who } from '../../ui/who.tsx'
import { FileField } from './file-field.tsx'

/** Takes keys out of a backup file into this browser. */
export function RestoreDialog({ onClose, onRestored }: { onClose: () => void; onRestored: () => void }) {
  const [text, setText] = useState('')
  const [password, setPassword] = useState('')
  const [name, setName] = useState('')
  const act = useAct('wallet_restore')
  const ready = text !== '' && password !== '' && name.trim() !== ''
  const restore = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || act.busy) return
    if ((await act.run({ text, password, name: name.trim() })) !== null) onRestored()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Restore keys from a backup"
      lead="If these keys validate elsewhere, stop that node first: two that sign with one key lose half of the stake."
      foot={
        act.result !== null ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              Not now
            </Button>
            <Button
              look="primary"
              type="submit"
              form="restore"
              disabled={!ready}
              busy={act.busy ? 'Opening…' : null}
            >
              Restore
            </Button>
          </>
        )
      }
    >
      {act.result !== null ? (
        <div className="grid gap-2 text-sm" role="status">
          <p className="flex items-center gap-2 text-md font-strong">
            <CircleCheck size={16} className="text-good" aria-hidden />
            The keys are in this browser
          </p>
          <Who address={act.result.address} name={act.result.name} own size={26} />
        </div>
      ) : (
        <form id="restore" className="grid gap-4" onSubmit={(event) => void restore(event)}>
          <FileField label="Backup file" onText={setText} />
          <Field
            label="Its password"
            type="password"
            autoComplete="off"
            value={password}
            onText={setPassword}
          />
          <Field
            label="Name"
            value={name}
            onText={setName}
            maxLength={32}
            hint="Only shown in this browser."
          />
          {act.error !== null && (
            <ErrorState
              error={act.error}
              what="restoring"
              done="No key was taken over; what you typed is kept."
            />
          )}
        </form>
      )}
    </Dialog>
  )
}
