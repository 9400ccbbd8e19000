import { type FormEvent, useState } from 'react'
import { useAct } from '../../hooks/use-act.ts'
import { integer } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { FileField } from './file-field.tsx'

/** Merges a signing record that another node wrote into the one here. */
export function SigningImportDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const act = useAct('signing_import')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text !== '' && !act.busy) void act.run({ text })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Import a signing record"
      lead="It must be the last one of this key, written after the other node had stopped. Nothing is signed at or below the height in it."
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
              form="signing-import"
              disabled={text === ''}
              busy={act.busy ? 'Reading…' : null}
            >
              Import
            </Button>
          </>
        )
      }
    >
      {act.result !== null ? (
        <p className="text-sm" role="status">
          {act.result.changed
            ? `Taken over. This tab signs from height ${integer(act.result.signsFromHeight)} on.`
            : 'The record here is as far or further; nothing was changed.'}
        </p>
      ) : (
        <form id="signing-import" className="grid gap-4" onSubmit={submit}>
          <FileField label="Signing record" onText={setText} />
          {act.error !== null && (
            <ErrorState error={act.error} what="importing" done="The record here is as it was." />
          )}
        </form>
      )}
    </Dialog>
  )
}
