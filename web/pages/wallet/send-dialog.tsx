import { type FormEvent, useState } from 'react'
import type { Speed, SubmitRequest } from '../../../node-core/node/wallet-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Id } from '../../ui/id.tsx'
import { NotSent } from '../signing/not-sent.tsx'
import { Progress, useTransaction } from '../signing/progress.tsx'
import { Review } from '../signing/review.tsx'
import { SignButtons } from '../signing/sign-buttons.tsx'
import { useNames } from '../use-names.ts'
import { readAmount } from '../validators/become-form.ts'
import { SendFields } from './send-fields.tsx'
import { amountProblem, isAddress, recipientProblem } from './send-form.ts'

export interface SendValues {
  readonly to: string
  readonly amount: string
  readonly speed: Speed
}

export interface SendDialogProps {
  readonly own: string
  /** Base units. */
  readonly balance: string
  readonly onClose: () => void
}

/** Address and amount, a review with every decimal, then its way until it is decided. The form survives every error. */
export function SendDialog({ own, balance, onClose }: SendDialogProps) {
  const [values, setValues] = useState<SendValues>({ to: '', amount: '', speed: 'standard' })
  const [step, setStep] = useState<'form' | 'review'>('form')
  const submit = useAct('wallet_submit')
  const ready =
    isAddress(values.to) &&
    recipientProblem(values.to, own) === null &&
    values.amount.trim() !== '' &&
    amountProblem(values.amount, BigInt(balance), null) === null
  const request: SubmitRequest = {
    type: 'transfer',
    to: values.to.trim().toLowerCase(),
    amount: (readAmount(values.amount) ?? 0n).toString(),
    speed: values.speed,
  }
  const again = () => {
    submit.reset()
    setStep('form')
  }
  const next = (event: FormEvent) => {
    event.preventDefault()
    if (ready) setStep('review')
  }
  if (submit.result !== null) return <Sent hash={submit.result.hash} onAgain={again} onClose={onClose} />
  return (
    <Dialog
      open
      onClose={onClose}
      title="Send AIT"
      lead={step === 'review' ? 'Check it to the last digit: what is decided cannot be undone.' : undefined}
      foot={
        step === 'form' ? (
          <>
            <Button look="quiet" onClick={onClose}>
              Not now
            </Button>
            <Button look="primary" type="submit" form="send" disabled={!ready}>
              Review
            </Button>
          </>
        ) : (
          <SignButtons
            submit={submit}
            button="Sign and send"
            back="Change"
            onBack={again}
            onSign={() => void submit.run({ request })}
          />
        )
      }
    >
      {step === 'form' ? (
        <form id="send" className="grid gap-4" onSubmit={next}>
          <SendFields values={values} own={own} balance={balance} onValues={setValues} />
        </form>
      ) : (
        <ReviewSend request={request} />
      )}
      <NotSent error={submit.error} what="sending" />
    </Dialog>
  )
}

function ReviewSend({ request }: { request: Extract<SubmitRequest, { type: 'transfer' }> }) {
  const names = useNames()
  const name = names.nameOf(request.to)
  return (
    <>
      <div className="mb-3 flex items-center gap-3">
        <Flag address={request.to} size={44} own={names.isOwn(request.to)} />
        <div className="min-w-0">
          {name !== null && <b className="block text-md font-[540]">{name}</b>}
          <Id value={request.to} kind="recipient" full />
        </div>
      </div>
      <Review
        request={request}
        rows={[
          ['Amount', <Amount key="amount" value={request.amount} form="full" />],
          ['Speed', request.speed ?? 'standard'],
        ]}
      />
    </>
  )
}

function Sent({ hash, onAgain, onClose }: { hash: string; onAgain: () => void; onClose: () => void }) {
  const status = useTransaction(hash)?.status
  const lost = status === 'failed' || status === 'dropped'
  return (
    <Dialog
      open
      onClose={onClose}
      title="Send AIT"
      foot={
        <>
          {lost && (
            <Button look="primary" onClick={onAgain}>
              Try again
            </Button>
          )}
          <Button onClick={onClose}>{lost ? 'Close' : 'Done'}</Button>
        </>
      }
    >
      <Progress hash={hash} />
    </Dialog>
  )
}
