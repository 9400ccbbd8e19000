import { useState } from 'react'
import { useConnection } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { errorWords } from '../../i18n/words.ts'
import { asApiError } from '../../store/query.ts'
import { Amount } from '../../ui/amount.tsx'
import { amountWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Tag } from '../../ui/tag.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { readParameters } from '../chain-parameters.ts'
import { useNames } from '../use-names.ts'
import type { SendValues } from './send-dialog.tsx'
import { amountProblem, feeAt, isAddress, recipientProblem, SPEEDS } from './send-form.ts'

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
      setMaxError(errorWords(asApiError(reason)))
    }
  }
  return (
    <>
      <Recipient values={values} own={own} onValues={onValues} />
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

/** The address with its flag as soon as it is whole, and whose it is. */
function Recipient({ values, own, onValues }: Omit<SendFieldsProps, 'balance'>) {
  const names = useNames()
  const whole = isAddress(values.to)
  const address = values.to.trim().toLowerCase()
  const name = whole ? names.nameOf(address) : null
  return (
    <div className="grid gap-2">
      <Field
        autoFocus
        label="To"
        value={values.to}
        onText={(to) => onValues({ ...values, to })}
        problem={recipientProblem(values.to, own)}
        hint={whole ? undefined : 'The recipient’s address, ait1 and 38 more characters.'}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        className="[&_input]:font-mono"
        beside={
          <span className="grid h-8 w-8 place-items-center max-phone:h-11 max-phone:w-11">
            {whole ? (
              <Flag address={address} size={26} own={names.isOwn(address)} />
            ) : (
              <span className="block h-[26px] w-[26px] rounded-mark border border-dashed border-line-strong" />
            )}
          </span>
        }
      />
      {whole && (
        <p className="flex items-center gap-2 text-xs text-ink-2">
          {name === null ? (
            'No name is known for it here; compare the flag and the last characters.'
          ) : (
            <b className="font-[540] text-ink">{name}</b>
          )}
          {names.isOwn(address) && <Tag tone="you">yours</Tag>}
        </p>
      )}
    </div>
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
