import { CircleCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { ErrorState } from '../../ui/states.tsx'
import { Who } from '../../ui/who.tsx'
import { FileField } from './file-field.tsx'
import { PASSWORD_MINIMUM, passwordProblem } from './node-words.ts'

type Step = 'password' | 'rehearse' | 'done'

/** A password twice, a file, then the rehearsal: the file is chosen again and must open. */
export function BackupDialog({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<Step>('password')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [text, setText] = useState('')
  const [typed, setTyped] = useState('')
  const backup = useAct('wallet_backup')
  const rehearse = useAct('wallet_rehearse')
  const problem = passwordProblem(password, again)
  const ready = password.length >= PASSWORD_MINIMUM && again === password

  const write = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || backup.busy) return
    const file = await backup.run({ password })
    if (file === null) return
    saveFile(file.fileName, file.text)
    setPassword('')
    setAgain('')
    setStep('rehearse')
  }
  const check = async (event: FormEvent) => {
    event.preventDefault()
    if (text === '' || typed === '' || rehearse.busy) return
    if ((await rehearse.run({ text, password: typed })) !== null) setStep('done')
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Back up my keys"
      lead={LEADS[step]}
      foot={
        <Foot
          step={step}
          ready={step === 'password' ? ready : text !== '' && typed !== ''}
          busy={backup.busy || rehearse.busy}
          onClose={onClose}
        />
      }
    >
      {step === 'password' && (
        <form id="backup" className="grid gap-4" onSubmit={(event) => void write(event)}>
          <Field
            label="Password"
            type="password"
            autoFocus
            autoComplete="new-password"
            value={password}
            onText={setPassword}
            problem={again === '' ? problem : null}
            hint="At least 12 characters. It is kept nowhere: without it the file is worthless."
          />
          <Field
            label="The same again"
            type="password"
            autoComplete="new-password"
            value={again}
            onText={setAgain}
            problem={again === '' ? null : problem}
          />
          {backup.error !== null && (
            <ErrorState error={backup.error} what="the backup" done="No file was written." />
          )}
        </form>
      )}
      {step === 'rehearse' && (
        <form id="backup" className="grid gap-4" onSubmit={(event) => void check(event)}>
          <FileField label="The file just downloaded" hint={backup.result?.fileName} onText={setText} />
          <Field label="Its password" type="password" autoComplete="off" value={typed} onText={setTyped} />
          {rehearse.error !== null && (
            <ErrorState
              error={rehearse.error}
              what="the rehearsal"
              done="The keys are as they were. Choose the file again, or make a new backup."
            />
          )}
        </form>
      )}
      {step === 'done' && rehearse.result !== null && <Opened address={rehearse.result.address} />}
    </Dialog>
  )
}

function Opened({ address }: { address: string }) {
  return (
    <div className="grid gap-2 text-sm" role="status">
      <p className="flex items-center gap-2 text-md font-strong">
        <CircleCheck size={16} className="text-good" aria-hidden />
        The backup opens, and holds this key
      </p>
      <Who address={address} own size={26} />
      <p className="text-ink-2">Keep the file away from this device, and the password away from the file.</p>
    </div>
  )
}

const LEADS: Readonly<Record<Step, string>> = {
  password: 'One encrypted file with the account, validator and randomness keys.',
  rehearse:
    'The file is in your downloads. A backup counts once it was opened: choose it and type the password.',
  done: 'Rehearsed.',
}

function Foot({
  step,
  ready,
  busy,
  onClose,
}: {
  step: Step
  ready: boolean
  busy: boolean
  onClose: () => void
}) {
  if (step === 'done') return <Button onClick={onClose}>Done</Button>
  return (
    <>
      <Button look="quiet" onClick={onClose}>
        {step === 'password' ? 'Not now' : 'Skip the rehearsal'}
      </Button>
      <Button
        look="primary"
        type="submit"
        form="backup"
        disabled={!ready}
        busy={busy ? (step === 'password' ? 'Encrypting…' : 'Opening…') : null}
      >
        {step === 'password' ? 'Download the file' : 'Open it'}
      </Button>
    </>
  )
}
