import { Download } from 'lucide-react'
import type { AccountKeyView } from '../../../node-core/node/wallet-api.ts'
import type { Query } from '../../store/query.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Age } from '../../ui/time.tsx'
import { AccountName } from '../account-name.tsx'

export interface KeysSectionProps {
  readonly query: Query<readonly AccountKeyView[]>
  readonly active: string | null
  readonly onBackup: () => void
  readonly onRestore: () => void
}

/** Which keys this browser holds, and which of them are nowhere else. */
export function KeysSection({ query, active, onBackup, onRestore }: KeysSectionProps) {
  const restore = <Button onClick={onRestore}>Restore a backup</Button>
  return (
    <Section title="Keys">
      <States
        query={query}
        what="the keys"
        isEmpty={(keys) => keys.length === 0}
        empty={
          <Empty
            sentence="This browser holds no key."
            line="A key is made when you first need one; or bring one back from its backup."
            action={restore}
          />
        }
      >
        {(keys) => (
          <>
            <ul className="list text-sm">
              {keys.map((key) => (
                <li key={key.address} className="flex items-center gap-3">
                  <AccountName account={key} active={active} />
                  <span className="text-right">
                    {key.passkey ? (
                      <Tag>passkey</Tag>
                    ) : key.backedUpAtMs === null ? (
                      <Tag tone="warn">no backup</Tag>
                    ) : (
                      <span className="text-ink-2">
                        backed up <Age atMs={key.backedUpAtMs} />
                      </span>
                    )}
                    <span className="sub">
                      {key.passkey
                        ? 'kept by its authenticator'
                        : key.sealed
                          ? 'cannot leave this browser'
                          : 'can be backed up'}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
            <div className="btns mt-3">
              <Button icon={<Download size={15} strokeWidth={1.75} aria-hidden />} onClick={onBackup}>
                Back up
              </Button>
              {restore}
            </div>
          </>
        )}
      </States>
    </Section>
  )
}
