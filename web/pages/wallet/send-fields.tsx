import { useState } from 'react'
import { useConnection } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { refusalWords } from '../../i18n/receipt-words.ts'
import { asApiError } from '../../store/query.ts'
import { Amount } from '../../ui/amount.tsx'
import { amountWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { readParameters } from '../chain-parameters.ts'
import { Recipient } from './recipient.tsx'
import type { SendValues } from './send-dialog.tsx'
import { amountProblem, feeAt, isAddress, SPEEDS } from './send-form.ts'

export interface SendFieldsProps {
  readonly values: SendValues
  readonly own: string
  readonly balance: string
  readonly onValues: (values: SendValues) => void
}

export function SendFields({ values, own, balance, onValues }: SendFieldsProps) {
  const [maxError, setMaxError] = useState<string | null>(null)
  const connection = useConnection()
  const fill = async () => {
    setMaxError(null)
    try {
      if (connection === null) throw { code: 'not-connected', data: {} }
      const to = isAddress(values.to) ? values.to.trim().toLowerCase() : own
      const request = { type: 'transfer', to, amount: '1', speed: values.speed } as const
      const { feeMax } = await connection.wallet.call('wallet_review', { request })
      const most = BigInt(balance) - BigInt(feeMax)
      if (most <= 0n) setMaxError('The balance does not cover the fee')
      else onValues({ ...values, amount: amountWords(most.toString(), 'exact') })
    } catch (reason) {
      setMaxError(refusalWords(asApiError(reason)))
    }
  }
  return (
    <>
      <Recipient to={values.to} own={own} onTo={(to) => onValues({ ...values, to })} />
      <Field
        label="Amount"
        value={values.amount}
        inputMode="decimal"
        autoComplete="off"
        suffix="AIT"
        onText={(amount) => {
          setMaxError(null)
          onValues({ ...values, amount })
        }}
        problem={maxError ?? amountProblem(values.amount, BigInt(balance), null)}
        hint={`You have ${amountWords(balance, 'exact')} AIT.`}
        beside={<Button onClick={() => void fill()}>Max</Button>}
      />
      <SpeedChoice values={values} onValues={onValues} />
    </>
  )
}

const FEES_EVERY_MS = 5_000

function SpeedChoice({ values, onValues }: Pick<SendFieldsProps, 'values' | 'onValues'>) {
  const fees = useQuery('economy_fees', {}, FEES_EVERY_MS).data
  const raw = useQuery('chain_parameters', {}, 'once').data
  const gas = raw === null ? null : readParameters(raw).transferGas
  const chosen = SPEEDS.find((speed) => speed.value === values.speed)!
  return (
    <div className="field">
      <span className="legend">Speed</span>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <ToggleGroup
          label="Speed"
          choices={SPEEDS.map(({ value, words }) => ({ value, words }))}
          value={values.speed}
          onChange={(speed) => onValues({ ...values, speed })}
        />
        <span className="text-sm">
          {fees === null || gas === null ? (
            <span className="faint">The fee is shown in the review.</span>
          ) : (
            <>
              <span className="faint">fee about </span>
              <Amount value={feeAt(fees, gas, values.speed).toString()} form="exact" />
            </>
          )}
        </span>
      </div>
      <span className="hint">{chosen.line}</span>
    </div>
  )
}
