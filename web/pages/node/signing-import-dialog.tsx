import { useState } from 'react'
import { useAct } from '../../hooks/use-act.ts'
import { integer } from '../../i18n/format.ts'
import { FileField } from './file-field.tsx'
import { TakeInDialog } from './take-in-dialog.tsx'

/** Merges a signing record that another node wrote into the one here. */
export function SigningImportDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const act = useAct('signing_import')
  return (
    <TakeInDialog
      title="Import a signing record"
      lead="It must be the last one of this key, written after the other node had stopped. Nothing is signed at or below the height in it."
      ready={text !== ''}
      act={act}
      words={['Import', 'Reading…']}
      failed={['importing', 'The record here is as it was.']}
      onTake={() => void act.run({ text })}
      onClose={onClose}
      outcome={
        act.result && (
          <p className="text-sm" role="status">
            {act.result.changed
              ? `Taken over. This tab signs from height ${integer(act.result.signsFromHeight)} on.`
              : 'The record here is as far or further; nothing was changed.'}
          </p>
        )
      }
    >
      <FileField label="Signing record" onText={setText} />
    </TakeInDialog>
  )
}
