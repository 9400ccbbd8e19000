import type { ReactNode } from 'react'
import type { SubmitRequest } from '../../../node-core/node/wallet-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { NotSent } from './not-sent.tsx'
import { Progress } from './progress.tsx'
import { Review, type ReviewRows } from './review.tsx'
import { SignButtons } from './sign-buttons.tsx'

export interface SignDialogProps {
  readonly title: string
  readonly lead?: ReactNode
  /** What it does and what it may cost. */
  readonly effects: readonly string[]
  readonly request: SubmitRequest
  readonly rows?: ReviewRows
  /** Base units that it brings to the balance. */
  readonly gain?: bigint
  /** On the button, as "Sign and pause". */
  readonly button: string
  readonly danger?: boolean
  readonly onClose: () => void
  /** Under the effects. */
  readonly children?: ReactNode
}

/** One act without a form: what it does, what it costs, then sign, then its way until it is decided. */
export function SignDialog(props: SignDialogProps) {
  const { title, lead, effects, request, rows, gain, button, danger = false, onClose, children } = props
  const submit = useAct('wallet_submit')
  const sent = submit.result
  const foot =
    sent !== null ? (
      <Button onClick={onClose}>Done</Button>
    ) : (
      <SignButtons
        submit={submit}
        button={button}
        danger={danger}
        back="Not now"
        onBack={onClose}
        onSign={() => void submit.run({ request })}
      />
    )
  return (
    <Dialog open onClose={onClose} title={title} lead={sent === null ? lead : undefined} foot={foot}>
      {sent !== null ? (
        <Progress hash={sent.hash} />
      ) : (
        <>
          <Effects lines={effects} />
          {children}
          <Review request={request} rows={rows} gain={gain} />
          <NotSent error={submit.error} what={title.toLowerCase()} />
        </>
      )}
    </Dialog>
  )
}

export function Effects({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className="mb-4 grid list-disc gap-1.5 pl-5 text-sm text-ink-2">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
