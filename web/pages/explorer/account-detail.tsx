import type { AccountView } from '../../../node-core/node/node-api.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { amountWords } from '../../ui/amount-words.ts'
import { Figure, KeyValues } from '../../ui/figure.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Id } from '../../ui/id.tsx'
import { PageHead, Section } from '../../ui/section.tsx'
import { Empty, NotObserved, States } from '../../ui/states.tsx'
import { Tag } from '../../ui/tag.tsx'
import { momentWords } from '../../ui/time-words.ts'
import { Who } from '../../ui/who.tsx'
import { useNames } from '../use-names.ts'
import { ProofSection } from './proof-section.tsx'
import { TransactionTable } from './transaction-table.tsx'

const HISTORY = 100

/** What the chain says of one address. */
export function AccountDetail({ address }: { address: string }) {
  const query = useQuery('chain_account', { address, historyLimit: HISTORY })
  const names = useNames()
  const own = names.isOwn(address)
  const name = names.nameOf(address)
  return (
    <>
      <div className="flex items-start gap-4">
        <div className="pt-1.5">
          <Flag address={address} size={44} own={own} />
        </div>
        <div className="min-w-0 flex-1">
          <PageHead
            title="Account"
            sentence={
              query.data === null
                ? (name ?? 'An account by its address.')
                : `${name ?? 'This account'} holds ${amountWords(query.data.balance)} AIT.`
            }
            why={
              <span className="inline-flex flex-wrap items-center gap-2">
                <Id value={address} kind="address" full />
                {own && <Tag tone="you">yours</Tag>}
                {query.data?.multisig != null && <Tag>of several</Tag>}
              </span>
            }
          />
        </div>
      </div>
      <States query={query} what="the account" skeletonRows={8}>
        {(account) => <Body account={account} />}
      </States>
    </>
  )
}

function Body({ account }: { account: AccountView }) {
  const unbonding = account.unbonding ?? []
  return (
    <>
      <div className="stats !grid-cols-4 max-phone:!grid-cols-2">
        <Figure
          label="Balance"
          value={amountWords(account.balance)}
          unit="AIT"
          sub={`at height ${integer(account.height)}`}
        />
        <Figure
          label="Stake"
          value={account.stake === '0' ? null : amountWords(account.stake)}
          missing="none"
          unit="AIT"
          sub={account.isValidator ? 'behind its validator, all of it' : 'not a validator'}
          to={account.isValidator ? `/validators/${account.address}` : undefined}
        />
        <Figure
          label="Unbonding"
          value={unbonding.length === 0 ? null : amountWords(sum(unbonding))}
          missing={account.unbonding === null ? 'not known' : 'none'}
          unit="AIT"
          sub={
            account.unbonding === null
              ? 'an observer has no proof of it'
              : unbonding.length === 0
                ? 'nothing is on its way back'
                : `${unbonding.length} on the way back`
          }
        />
        <Figure
          label="Next nonce"
          value={integer(account.nonce)}
          sub={`${integer(account.nonce)} transactions decided`}
        />
      </div>
      <div className="cols mt-4" style={{ gridTemplateColumns: 'minmax(0,1fr) 380px' }}>
        <Section title="History" note="newest first, as far as this node keeps blocks">
          {account.history === null ? (
            <NotObserved what="the history of accounts" />
          ) : account.history.length === 0 ? (
            <Empty
              sentence="Nothing is known of this account here."
              line="It may hold money from the genesis, or its transactions are older than the blocks this node keeps."
            />
          ) : (
            <TransactionTable
              transactions={account.history}
              caption="Transactions of this account"
              ofOneAccount
            />
          )}
        </Section>
        <div className="min-w-0">
          {account.multisig !== null && <Members {...account.multisig} />}
          <ProofSection account={account} />
          {unbonding.length > 0 && (
            <Section title="Unbonding">
              <KeyValues
                rows={unbonding.map(
                  (part) =>
                    [
                      part.releasedAtMs === null
                        ? 'not before its last epoch ends'
                        : momentWords(part.releasedAtMs),
                      <Amount key={part.position} value={part.amount} form="exact" />,
                    ] as const,
                )}
              />
            </Section>
          )}
        </div>
      </div>
    </>
  )
}

/** Of an account of several: who they are, and how many of them it takes. */
function Members({ threshold, members }: NonNullable<AccountView['multisig']>) {
  const names = useNames()
  return (
    <Section title="Members" note={`${integer(threshold)} of ${integer(members.length)} must agree`}>
      <ul className="list text-sm">
        {members.map((member) => (
          <li key={member}>
            <Who
              address={member}
              name={names.nameOf(member)}
              own={names.isOwn(member)}
              to={`/explorer/account/${member}`}
            />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function sum(parts: NonNullable<AccountView['unbonding']>): string {
  return parts.reduce((total, part) => total + BigInt(part.amount), 0n).toString()
}
