import { useState } from 'react'
import type { MultisigView, PayloadView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { capital, integer, shortPercent } from '../../i18n/format.ts'
import { amountWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Field } from '../../ui/field.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { partsText, todoParts } from '../explorer/transaction-words.ts'
import { FormDialog } from '../signing/form-dialog.tsx'
import { Review } from '../signing/review.tsx'
import { Effects } from '../signing/sign-dialog.tsx'
import { useBlockIntervalMs } from '../use-block-interval.ts'
import { useNames } from '../use-names.ts'
import { readAmount } from '../validators/become-form.ts'
import { takesStake } from '../validators/validators-words.ts'
import { payloadRows } from './payload-rows.tsx'
import { Recipient } from './recipient.tsx'
import { amountProblem, isAddress, recipientProblem } from './send-form.ts'
import { blocksProblem, expiryWords, openForWords, thresholdWords } from './shared-words.ts'

type Kind = 'payment' | 'delegation'

const KINDS = [
  { value: 'payment', words: 'Payment' },
  { value: 'delegation', words: 'Delegation' },
] as const

interface Form {
  readonly kind: Kind
  readonly to: string
  readonly validator: string
  readonly amount: string
  readonly blocks: string
}

export interface ProposeDialogProps {
  readonly shared: MultisigView
  readonly onClose: () => void
}

/** What an account of several should do: its members agree or do not. */
export function ProposeDialog({ shared, onClose }: ProposeDialogProps) {
  const [form, setForm] = useState<Form>({
    kind: 'payment',
    to: '',
    validator: '',
    amount: '',
    blocks: '1000',
  })
  const head = useNode((state) => state.blocks.at(-1)?.height ?? 0)
  const interval = useBlockIntervalMs()
  const names = useNames()
  const { account, balance, threshold } = shared
  const pays = form.kind === 'payment'
  const payload = payloadOf(form)
  const expiresAtHeight = head + (Number(form.blocks) || 0)
  const ready =
    (pays ? isAddress(form.to) && recipientProblem(form.to, account) === null : form.validator !== '') &&
    form.amount.trim() !== '' &&
    amountProblem(form.amount, BigInt(balance), null) === null &&
    form.blocks.trim() !== '' &&
    blocksProblem(form.blocks) === null
  const request = { type: 'multisig.propose' as const, account, payload, expiresAtHeight }
  return (
    <FormDialog
      title="Propose"
      lead={`To the members of ${names.wordsFor(account)}. ${thresholdWords(shared)}`}
      button="Sign and propose"
      ready={ready}
      request={request}
      onClose={onClose}
      fields={<ProposeFields form={form} shared={shared} interval={interval} onForm={setForm} />}
      review={
        <>
          <Effects
            lines={[
              `${capital(partsText(todoParts(payload), names.wordsFor))}: nothing of it happens before it is executed.`,
              threshold === 1
                ? 'Your approval is in it, and is enough.'
                : 'Your approval is in it; the others must add theirs.',
              expiryWords({ state: 'waiting', expiresAtHeight }, head, interval),
              'You pay the gas of what is proposed now, the account pays what it sends.',
            ]}
          />
          <Review
            request={request}
            rows={[
              ['Account', names.wordsFor(account)],
              ...payloadRows(payload),
              ['Open until height', integer(expiresAtHeight)],
            ]}
          />
        </>
      }
    />
  )
}

function payloadOf({ kind, to, validator, amount }: Form): PayloadView {
  const units = (readAmount(amount) ?? 0n).toString()
  return kind === 'payment'
    ? { type: 'transfer', to: to.trim().toLowerCase(), amount: units }
    : { type: 'stake.delegate', validator, amount: units }
}

interface ProposeFieldsProps {
  readonly form: Form
  readonly shared: MultisigView
  readonly interval: number | null
  readonly onForm: (form: Form) => void
}

function ProposeFields({ form, shared, interval, onForm }: ProposeFieldsProps) {
  const validators = useQuery('validator_list', {}).data?.validators ?? []
  return (
    <>
      <div className="field">
        <span className="legend">What</span>
        <ToggleGroup
          label="What"
          choices={KINDS}
          value={form.kind}
          onChange={(kind) => onForm({ ...form, kind })}
        />
      </div>
      {form.kind === 'payment' ? (
        <Recipient to={form.to} own={shared.account} onTo={(to) => onForm({ ...form, to })} />
      ) : (
        <Choices
          label="Validator"
          value={form.validator}
          onValue={(validator) => onForm({ ...form, validator })}
          none="Choose one"
          choices={validators.filter(takesStake).map(({ address, name, commission }) => ({
            value: address,
            words: `${name}, ${shortPercent(commission)} commission`,
          }))}
        />
      )}
      <Field
        label="Amount"
        value={form.amount}
        inputMode="decimal"
        autoComplete="off"
        suffix="AIT"
        onText={(amount) => onForm({ ...form, amount })}
        problem={amountProblem(form.amount, BigInt(shared.balance), null)}
        hint={`The account has ${amountWords(shared.balance, 'exact')} AIT.`}
        beside={
          <Button
            disabled={shared.balance === '0'}
            onClick={() => onForm({ ...form, amount: amountWords(shared.balance, 'exact') })}
          >
            All
          </Button>
        }
      />
      <Field
        label="Open for"
        value={form.blocks}
        inputMode="numeric"
        suffix="blocks"
        onText={(blocks) => onForm({ ...form, blocks })}
        problem={blocksProblem(form.blocks)}
        hint={openForWords(form.blocks, interval)}
      />
    </>
  )
}
