import { type FormEvent, type ReactNode, useState } from 'react'
import type { SubmitRequest } from '../../../node-core/node/wallet-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { NotSent } from './not-sent.tsx'
import { Progress } from './progress.tsx'
import { SignButtons } from './sign-buttons.tsx'

export interface FormDialogProps {
  readonly title: string
  readonly lead?: string | undefined
  /** On the button, as "Sign and delegate". */
  readonly button: string
  /** What is typed is whole and right. */
  readonly ready: boolean
  readonly request: SubmitRequest
  readonly fields: ReactNode
  readonly review: ReactNode
  /** Under the way of what was sent. */
  readonly after?: ReactNode
  readonly onClose: () => void
}

/** A form, then its review, then its way until it is decided. What was typed survives every error. */
export function FormDialog(props: FormDialogProps) {
  const { title, lead, button, ready, request, fields, review, after, onClose } = props
  const [reviews, setReviews] = useState(false)
  const submit = useAct('wallet_submit')
  const sent = submit.result
  const next = (event: FormEvent) => {
    event.preventDefault()
    if (ready) setReviews(true)
  }
  const back = () => {
    submit.reset()
    setReviews(false)
  }
  const foot =
    sent !== null ? (
      <Button onClick={onClose}>Done</Button>
    ) : reviews ? (
      <SignButtons
        submit={submit}
        button={button}
        back="Change"
        onBack={back}
        onSign={() => void submit.run({ request })}
      />
    ) : (
      <>
        <Button look="quiet" onClick={onClose}>
          Not now
        </Button>
        <Button look="primary" type="submit" form="signing" disabled={!ready}>
          Review
        </Button>
      </>
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      lead={sent !== null ? undefined : reviews ? 'Check it to the last digit before you sign.' : lead}
      foot={foot}
    >
      {sent !== null ? (
        <>
          <Progress hash={sent.hash} />
          {after}
        </>
      ) : reviews ? (
        review
      ) : (
        <form id="signing" className="grid gap-4" onSubmit={next}>
          {fields}
        </form>
      )}
      <NotSent error={submit.error} what={title.toLowerCase()} />
    </Dialog>
  )
}
