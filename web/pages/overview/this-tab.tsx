import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type {
  AccountView,
  NodeStatus,
  StakePositionsView,
  ValidatorView,
} from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { capital, integer, percent } from '../../i18n/format.ts'
import { notableSync, syncLine } from '../../i18n/sync.ts'
import { Amount } from '../../ui/amount.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Section } from '../../ui/section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Tag } from '../../ui/tag.tsx'

type Rows = readonly (readonly [ReactNode, ReactNode, string?])[]

/** What this tab is, has and does. */
export function ThisTab() {
  const status = useNode((state) => state.status)
  if (status === null)
    return (
      <Section title="This tab">
        <Skeleton rows={5} label="Reading this tab’s role" />
      </Section>
    )
  return (
    <Section title="This tab" end={<Tag tone="you">{capital(status.mode)}</Tag>}>
      {status.account === null ? (
        <Keyless status={status} />
      ) : (
        <WithKey status={status} account={status.account} />
      )}
    </Section>
  )
}

function Keyless({ status }: { readonly status: NodeStatus }) {
  return (
    <>
      <KeyValues rows={common(status)} />
      <p className="mt-2 text-sm text-ink-2">
        It watches and verifies.{' '}
        <Link to="/wallet" className="underline">
          Create a key
        </Link>{' '}
        to hold money or to vote.
      </p>
    </>
  )
}

function WithKey({ status, account }: { readonly status: NodeStatus; readonly account: string }) {
  const held = useQuery('chain_account', { address: account, historyLimit: 0 })
  if (status.mode === 'observer')
    return (
      <Observing rows={[...money(held.data), ...common(status)]} bonded={held.data?.isValidator === true} />
    )
  return <Earning account={account} status={status} held={held.data} />
}

interface EarningProps {
  readonly account: string
  readonly status: NodeStatus
  readonly held: AccountView | null
}

/** A node that has the state: with what its account has at validators, and earned there. */
function Earning({ account, status, held }: EarningProps) {
  const totals = useQuery('stake_positions', { address: account }).data?.totals ?? null
  const rows = [...money(held, totals !== null), ...(totals === null ? [] : earned(totals))]
  const validator = status.validator?.address
  if (validator !== undefined) return <Duty address={validator} status={status} before={rows} />
  return (
    <>
      <KeyValues rows={[...rows, ...common(status)]} />
      <p className="mt-2 text-sm text-ink-2">
        It watches and verifies.{' '}
        <Link to="/validators" className="underline">
          Bond stake
        </Link>{' '}
        to vote and earn.
      </p>
    </>
  )
}

interface ObservingProps {
  readonly rows: Rows
  /** The account is a validator's. */
  readonly bonded: boolean
}

function Observing({ rows, bonded }: ObservingProps) {
  return (
    <>
      <KeyValues rows={rows} />
      <p className={`mt-2 text-sm ${bonded ? 'text-warn' : 'text-ink-2'}`}>
        {bonded
          ? 'Its validator does not vote while this tab observes. '
          : 'It checks certificates and proofs. '}
        <Link to="/node" hash="mode" className="underline">
          As a light node
        </Link>{' '}
        {bonded ? 'it votes again.' : 'it could vote and earn.'}
      </p>
    </>
  )
}

/** `known`: what is at validators stands under it, all of it. */
function money(account: AccountView | null, known = false): Rows {
  if (account === null) return [['Balance', 'not read yet', 'faint']]
  const unbonding = (account.unbonding ?? []).reduce((sum, entry) => sum + BigInt(entry.amount), 0n)
  const rows: [ReactNode, ReactNode][] = [['Balance', <Amount key="balance" value={account.balance} />]]
  if (!known && BigInt(account.stake) > 0n)
    rows.push(['My stake', <Amount key="stake" value={account.stake} />])
  if (unbonding > 0n) rows.push(['Unbonding', <Amount key="unbonding" value={unbonding.toString()} />])
  return rows
}

function earned({ active, rewards }: StakePositionsView['totals']): Rows {
  if (active === '0' && rewards === '0') return []
  return [
    ['My stake', <Amount key="active" value={active} />],
    [
      <Link key="name" to="/validators" className="underline underline-offset-3">
        Rewards to claim
      </Link>,
      <Amount key="rewards" value={rewards} />,
    ],
  ]
}

interface DutyProps {
  readonly address: string
  readonly status: NodeStatus
  readonly before: Rows
}

function Duty({ address, status, before }: DutyProps) {
  const validator = useQuery('validator_get', { address })
  const rows = validator.data === null ? [] : duty(validator.data)
  return <KeyValues rows={[...before, ...rows, ...common(status).slice(0, -1)]} />
}

function duty(validator: ValidatorView): Rows {
  const beats = validator.heartbeat.filter((beat) => beat.mark !== 'not-member')
  const signed = beats.filter((beat) => beat.mark !== 'missed').length
  return [
    ['Share of power', validator.power === 0 ? 'none' : percent(validator.power)],
    [
      `Votes included, last ${beats.length}`,
      integer(signed),
      signed < beats.length - 2 ? 'text-warn' : undefined,
    ],
    ['Performance', (validator.performance / 1_000_000).toFixed(3)],
    [
      'Proposes',
      validator.power === 0 ? 'not now' : `about 1 block in ${integer(1_000_000 / validator.power)}`,
    ],
  ]
}

function common(status: NodeStatus): Rows {
  const sync = notableSync(status.sync)
  return [
    ...(sync === null ? [] : ([['Catching up', syncLine(sync), 'text-warn']] as Rows)),
    ['Verified to', status.head === null ? 'no block yet' : integer(status.head.height)],
    ['Heard of', status.bestSeenHeight === 0 ? 'no block yet' : integer(status.bestSeenHeight)],
  ]
}
