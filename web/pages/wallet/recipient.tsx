import { Field } from '../../ui/field.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Tag } from '../../ui/tag.tsx'
import { useNames } from '../use-names.ts'
import { isAddress, recipientProblem } from './send-form.ts'

export interface RecipientProps {
  readonly to: string
  /** The account that pays. */
  readonly own: string
  readonly onTo: (to: string) => void
}

/** The address with its flag as soon as it is whole, and whose it is. */
export function Recipient({ to, own, onTo }: RecipientProps) {
  const names = useNames()
  const whole = isAddress(to)
  const address = to.trim().toLowerCase()
  const name = whole ? names.nameOf(address) : null
  return (
    <div className="grid gap-2">
      <Field
        autoFocus
        label="To"
        value={to}
        onText={onTo}
        problem={recipientProblem(to, own)}
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
