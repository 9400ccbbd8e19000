import type { AccountKeyView } from '../../node-core/node/wallet-api.ts'
import { Flag } from '../ui/flag.tsx'
import { Id } from '../ui/id.tsx'

export interface AccountNameProps {
  readonly account: AccountKeyView
  /** The one that signs. */
  readonly active: string | null
}

/** At the beginning of a row: the flag of an account of this browser, its name over its address. */
export function AccountName({ account: { address, name }, active }: AccountNameProps) {
  return (
    <>
      <Flag address={address} size={26} own={address === active} />
      <span className="min-w-0 flex-1">
        <b className="block font-[540]">{name === '' ? 'Without a name' : name}</b>
        <Id value={address} kind="address" />
      </span>
    </>
  )
}
