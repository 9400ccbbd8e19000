import { type FormEvent, useState } from 'react'
import { useAct } from '../../hooks/use-act.ts'
import { shortPercent } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { amountWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import type { ParametersView } from '../chain-parameters.ts'
import { NotSent } from '../signing/not-sent.tsx'
import { Progress } from '../signing/progress.tsx'
import { Review } from '../signing/review.tsx'
import { Effects } from '../signing/sign-dialog.tsx'
import {
  commissionProblem,
  KEPT_FOR_FEES,
  nameProblem,
  readAmount,
  readCommission,
  stakeProblem,
} from './become-form.ts'
import { riskLines } from './stake-words.ts'

const STEPS = ['Name', 'Stake', 'Commission', 'Review'] as const

export interface BecomeDialogProps {
  readonly parameters: ParametersView
  /** Base units. */
  readonly balance: string
  readonly onClose: () => void
}

interface Form {
  readonly name: string
  readonly stake: string
  readonly commission: string
}

/** Name, stake, commission, then a review of what it costs and what can be lost, then its way into the chain. */
export function BecomeDialog({ parameters, balance, onClose }: BecomeDialogProps) {
  const [step, setStep] = useState(0)
  const [form, setForm] = useState<Form>({ name: '', stake: '', commission: '5' })
  const submit = useAct('wallet_submit')
  const limits = { minimum: parameters.minimumSelfStake ?? 0n, balance: BigInt(balance) }
  const problems = [
    nameProblem(form.name),
    stakeProblem(form.stake, limits),
    commissionProblem(form.commission, parameters.minimumCommission, parameters.maximumCommission),
  ]
  const filled = [form.name.trim() !== '', form.stake.trim() !== '', form.commission.trim() !== '']
  const ready = step === 3 || (filled[step] === true && problems[step] === null)
  const request = {
    type: 'validator.register' as const,
    name: form.name.trim(),
    stake: (readAmount(form.stake) ?? 0n).toString(),
    commission: readCommission(form.commission) ?? 0,
  }
  const next = (event: FormEvent) => {
    event.preventDefault()
    if (!ready || submit.busy) return
    if (step < 3) setStep(step + 1)
    else void submit.run({ request })
  }
  const sent = submit.result
  return (
    <Dialog
      open
      onClose={onClose}
      title="Become a validator"
      lead={sent === null ? `Step ${step + 1} of ${STEPS.length}: ${STEPS[step]?.toLowerCase()}` : undefined}
      foot={
        sent !== null ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <Steps
            step={step}
            ready={ready}
            busy={submit.busy}
            failed={submit.error !== null}
            onBack={step === 0 ? onClose : () => setStep(step - 1)}
          />
        )
      }
    >
      {sent !== null ? (
        <Registered hash={sent.hash} />
      ) : (
        <form id="become" className="grid gap-4" onSubmit={next}>
          {step === 0 && (
            <Field
              key="name"
              autoFocus
              label="Name"
              value={form.name}
              onText={(name) => setForm({ ...form, name })}
              problem={problems[0]}
              hint="Shown beside your flag on every page; up to 32 bytes. It can be changed later."
            />
          )}
          {step === 1 && (
            <StakeStep form={form} problem={problems[1] ?? null} limits={limits} onForm={setForm} />
          )}
          {step === 2 && (
            <Field
              key="commission"
              autoFocus
              label="Commission"
              value={form.commission}
              inputMode="decimal"
              suffix="%"
              onText={(commission) => setForm({ ...form, commission })}
              problem={problems[2]}
              hint={`Your share of what your delegators earn, between ${shortPercent(parameters.minimumCommission).slice(0, -2)} and ${shortPercent(parameters.maximumCommission)}. A change is announced one epoch ahead.`}
            />
          )}
          {step === 3 && <ReviewStep request={request} parameters={parameters} />}
          <NotSent error={submit.error} what="registering" />
        </form>
      )}
    </Dialog>
  )
}

function Steps({
  step,
  ready,
  busy,
  failed,
  onBack,
}: {
  step: number
  ready: boolean
  busy: boolean
  failed: boolean
  onBack: () => void
}) {
  return (
    <>
      <Button look="quiet" onClick={onBack}>
        {step === 0 ? 'Not now' : 'Back'}
      </Button>
      <Button look="primary" type="submit" form="become" disabled={!ready} busy={busy ? 'Signing…' : null}>
        {step < 3 ? 'Next' : failed ? 'Sign again' : 'Sign and register'}
      </Button>
    </>
  )
}

function Registered({ hash }: { hash: string }) {
  return (
    <div className="grid gap-4">
      <Progress hash={hash} />
      <p className="text-sm text-ink-2">
        Once it is decided, this node says “ready” by itself and enters with the first set that is not
        announced yet. The page shows the height, blocks and clock time under “My validator”.
      </p>
    </div>
  )
}

interface StakeStepProps {
  readonly form: Form
  readonly problem: string | null
  readonly limits: { readonly minimum: bigint; readonly balance: bigint }
  readonly onForm: (form: Form) => void
}

function StakeStep({ form, problem, limits, onForm }: StakeStepProps) {
  const most = limits.balance - KEPT_FOR_FEES
  const enough = most >= limits.minimum
  return (
    <>
      <Field
        autoFocus
        label="Stake"
        value={form.stake}
        inputMode="decimal"
        suffix="AIT"
        onText={(stake) => onForm({ ...form, stake })}
        problem={problem}
        hint={`At least ${amountWords(limits.minimum.toString())} AIT; you have ${amountWords(limits.balance.toString())} AIT.`}
        beside={
          <Button
            disabled={!enough}
            onClick={() => onForm({ ...form, stake: amountWords(most.toString(), 'exact') })}
          >
            Max
          </Button>
        }
      />
      {!enough && (
        <p className="text-sm text-bad">
          The balance is below the minimum:{' '}
          <Amount value={(limits.minimum + KEPT_FOR_FEES - limits.balance).toString()} /> are missing, a
          little for fees included.
        </p>
      )}
    </>
  )
}

function ReviewStep({
  request,
  parameters,
}: {
  request: { type: 'validator.register'; name: string; stake: string; commission: number }
  parameters: ParametersView
}) {
  return (
    <>
      <Review
        request={request}
        rows={[
          ['Name', request.name],
          ['Stake', <Amount key="stake" value={request.stake} form="full" />],
          ['Commission', shortPercent(request.commission)],
        ]}
      />
      <div className="grid gap-1.5 text-sm text-ink-2">
        <h3>What can be lost</h3>
        <Effects
          lines={[
            'The place in the set for good, if this key signs two votes for one step: never run it twice.',
            ...riskLines(parameters),
          ]}
        />
      </div>
    </>
  )
}
