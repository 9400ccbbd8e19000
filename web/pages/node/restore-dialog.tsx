import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../hooks/use-act.ts'
import { Field } from '../../ui/field.tsx'
import { Who } from '../../ui/who.tsx'
import { FileField } from './file-field.tsx'
import { TakeInDialog } from './take-in-dialog.tsx'

/** Takes keys out of a backup file into this browser. */
export function RestoreDialog({ onClose, onRestored }: { onClose: () => void; onRestored: () => void }) {
  const [text, setText] = useState('')
  const [password, setPassword] = useState('')
  const [name, setName] = useState('')
  const act = useAct('wallet_restore')
  const restore = async () => {
    if ((await act.run({ text, password, name: name.trim() })) !== null) onRestored()
  }
  return (
    <TakeInDialog
      title="Restore keys from a backup"
      lead="If these keys validate elsewhere, stop that node first: two that sign with one key lose half of the stake."
      ready={text !== '' && password !== '' && name.trim() !== ''}
      act={act}
      words={['Restore', 'Opening…']}
      failed={['restoring', 'No key was taken over; what you typed is kept.']}
      onTake={() => void restore()}
      onClose={onClose}
      outcome={
        act.result && (
          <div className="grid gap-2 text-sm" role="status">
            <p className="flex items-center gap-2 text-md font-strong">
              <CircleCheck size={16} className="text-good" aria-hidden />
              The keys are in this browser
            </p>
            <Who address={act.result.address} name={act.result.name} own size={26} />
          </div>
        )
      }
    >
      <FileField label="Backup file" onText={setText} />
      <Field label="Its password" type="password" autoComplete="off" value={password} onText={setPassword} />
      <Field label="Name" value={name} onText={setName} maxLength={32} hint="Only shown in this browser." />
    </TakeInDialog>
  )
}
