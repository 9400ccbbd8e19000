import { Plus } from 'lucide-react'
import type { AccountKeyView } from '../../../node-core/node/wallet-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Tag } from '../../ui/tag.tsx'
import { AccountName } from '../account-name.tsx'

export interface AccountsProps {
  readonly accounts: readonly AccountKeyView[]
  readonly active: string | null
  readonly onCreate: () => void
  readonly onSwitched: () => void
}

/** The keys of this browser: which one signs, and which are nowhere else. */
export function Accounts({ accounts, active, onCreate, onSwitched }: AccountsProps) {
  const act = useAct('wallet_activate')
  const activate = async (address: string) => {
    if ((await act.run({ address })) !== null) onSwitched()
  }
  return (
    <Section
      title="Accounts in this browser"
      end={
        <Button size="small" icon={<Plus size={14} strokeWidth={1.75} aria-hidden />} onClick={onCreate}>
          Create
        </Button>
      }
    >
      <ul className="list text-sm">
        {accounts.map((account) => (
          <li key={account.address} className="flex items-center gap-3">
            <AccountName account={account} active={active} />
            <span className="flex flex-wrap justify-end gap-1.5">
              {account.passkey && (
                <Tag title="Its key is a passkey, which asks you at each signature">passkey</Tag>
              )}
              {account.backedUpAtMs === null && !account.passkey && <Tag tone="warn">no backup</Tag>}
              {account.address === active ? (
                <Tag tone="you">in use</Tag>
              ) : (
                <Button
                  size="small"
                  busy={act.busy ? 'Switching…' : null}
                  onClick={() => void activate(account.address)}
                  aria-label={`Use ${account.name}`}
                >
                  Use
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {act.error !== null && (
        <ErrorState error={act.error} what="the switch" done="The account in use is as it was." />
      )}
    </Section>
  )
}
