import { useState } from 'react'
import type { ValidatorView } from '../../../node-core/node/node-api.ts'
import type { SubmitRequest } from '../../../node-core/node/wallet-api.ts'
import { shortPercent } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { amountWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Field } from '../../ui/field.tsx'
import { shortId } from '../../ui/id-words.ts'
import type { ParametersView } from '../chain-parameters.ts'
import { FormDialog } from '../signing/form-dialog.tsx'
import { Review } from '../signing/review.tsx'
import { Effects } from '../signing/sign-dialog.tsx'
import { readAmount } from './become-form.ts'
import { type MoveLimits, mostToMove, moveProblem, type StakeMove } from './stake-form.ts'
import { type MoveWords, moveWords, riskLines } from './stake-words.ts'
import { takesStake } from './validators-words.ts'

export interface MoveDialogProps {
  readonly move: StakeMove
  /** The validator that it begins with: to delegate to, or to take from. Empty: none is chosen yet. */
  readonly at: string
  readonly validators: readonly ValidatorView[]
  readonly parameters: ParametersView
  /** Base units: to delegate from, or what is at `at`. */
  readonly held: string
  readonly own: string
  /** Why it cannot be moved on; null: it can. */
  readonly lock: string | null
  readonly onClose: () => void
}

interface Form {
  readonly to: string
  readonly amount: string
}

/** Delegate, take back or move: an amount, a review of what can be lost, then its way until it is decided. */
export function MoveDialog(props: MoveDialogProps) {
  const { move, at, validators, parameters, held, own, onClose } = props
  const [form, setForm] = useState<Form>({ to: move === 'delegate' ? at : '', amount: '' })
  const ofOwn = at === own && move !== 'delegate'
  const limits: MoveLimits = {
    held: BigInt(held),
    minimum: (ofOwn ? parameters.minimumSelfStake : parameters.minimumDelegation) ?? 0n,
    own: ofOwn,
  }
  const problem = moveProblem(move, form.amount, limits)
  const locked = move === 'redelegate' && props.lock !== null
  const needsTo = move !== 'undelegate' && form.to === ''
  const nameOf = (address: string) =>
    validators.find((one) => one.address === address)?.name ?? 'the validator'
  const words = moveWords(move, { from: nameOf(at), to: nameOf(form.to) }, parameters.unbondingMs)
  const request = requestOf(move, at, form)
  return (
    <FormDialog
      title={words.title}
      button={words.button}
      ready={form.amount.trim() !== '' && problem === null && !needsTo && !locked}
      request={request}
      onClose={onClose}
      review={<MoveReview {...props} words={words} request={request} to={form.to} />}
      fields={
        <>
          {locked && <p className="text-sm text-warn">{props.lock} Taking it back is possible.</p>}
          {move !== 'undelegate' && (
            <ToField {...props} to={form.to} onTo={(to) => setForm({ ...form, to })} />
          )}
          <AmountField
            move={move}
            limits={limits}
            problem={problem}
            value={form.amount}
            onText={(amount) => setForm({ ...form, amount })}
          />
        </>
      }
    />
  )
}

function requestOf(move: StakeMove, at: string, { to, amount }: Form): SubmitRequest {
  const units = (readAmount(amount) ?? 0n).toString()
  if (move === 'delegate') return { type: 'stake.delegate', validator: to, amount: units }
  if (move === 'undelegate') return { type: 'stake.undelegate', validator: at, amount: units }
  return { type: 'stake.redelegate', from: at, to, amount: units }
}

interface ToFieldProps extends MoveDialogProps {
  readonly to: string
  readonly onTo: (to: string) => void
}

/** Those that take stake, without the one that it is moved from. */
function ToField({ move, at, validators, to, onTo }: ToFieldProps) {
  const open = validators.filter((one) => takesStake(one) && (move === 'delegate' || one.address !== at))
  return (
    <Choices
      label={move === 'delegate' ? 'Validator' : 'To'}
      value={to}
      onValue={onTo}
      none="Choose one"
      choices={open.map(({ address, name, commission }) => ({
        value: address,
        words: `${name}, ${shortPercent(commission)} commission`,
      }))}
    />
  )
}

interface AmountFieldProps {
  readonly move: StakeMove
  readonly limits: MoveLimits
  readonly problem: string | null
  readonly value: string
  readonly onText: (text: string) => void
}

function AmountField({ move, limits, problem, value, onText }: AmountFieldProps) {
  const most = mostToMove(move, limits)
  const held = amountWords(limits.held.toString(), 'exact')
  const least = amountWords(limits.minimum.toString(), 'exact')
  const hint =
    move === 'delegate'
      ? `You have ${held} AIT; at least ${least} AIT are taken.`
      : `${held} AIT are there${limits.own ? `, of which ${least} AIT must stay` : ''}.`
  return (
    <Field
      autoFocus
      label="Amount"
      value={value}
      inputMode="decimal"
      autoComplete="off"
      suffix="AIT"
      onText={onText}
      problem={problem}
      hint={hint}
      beside={
        <Button disabled={most === null} onClick={() => onText(amountWords(String(most), 'exact'))}>
          All
        </Button>
      }
    />
  )
}

interface MoveReviewProps extends MoveDialogProps {
  readonly words: MoveWords
  readonly request: SubmitRequest
  readonly to: string
}

function MoveReview({ move, words, request, validators, parameters, at, to }: MoveReviewProps) {
  // Names are not unique: the address stands beside.
  const name = (address: string) =>
    `${validators.find((one) => one.address === address)?.name ?? 'no name'}, ${shortId(address)}`
  const goal = validators.find((one) => one.address === to)
  const amount = 'amount' in request ? request.amount : '0'
  return (
    <>
      <Effects lines={words.effects} />
      <Review
        request={request}
        rows={[
          ['Amount', <Amount key="amount" value={amount} form="full" />],
          ...(move === 'delegate' ? [] : [['From', name(at)] as const]),
          ...(move === 'undelegate' ? [] : [['To', name(to)] as const]),
          ...(goal === undefined ? [] : [['Its commission', shortPercent(goal.commission)] as const]),
        ]}
      />
      {move !== 'undelegate' && (
        <div className="mt-4 text-sm">
          <h3 className="mb-1.5">What can be lost</h3>
          <Effects lines={riskLines(parameters)} />
        </div>
      )}
    </>
  )
}
