import { Link } from '@tanstack/react-router'
import type { TransactionView } from '../../../node-core/node/node-api.ts'
import { useNode, useNodeEachSecond } from '../../hooks/node-context.tsx'
import { integer } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Flag } from '../../ui/flag.tsx'
import { shortId } from '../../ui/id-words.ts'
import { Section } from '../../ui/section.tsx'
import { Empty, NotObserved } from '../../ui/states.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Age } from '../../ui/time.tsx'

const SHOWN = 5

const COLUMNS: readonly Column<TransactionView>[] = [
  { id: 'hash', head: 'Transaction', cell: (row) => <Hash row={row} />, phone: 'name' },
  { id: 'from', head: 'From', cell: (row) => <From address={row.sender} />, phone: 'wide' },
  {
    id: 'kind',
    head: 'Kind',
    cell: (row) => <code className="font-mono text-[.92em] text-ink-2">{row.payload.type}</code>,
    phone: 'minor',
  },
  { id: 'state', head: 'State', cell: (row) => <State row={row} />, phone: 'minor-2' },
  {
    id: 'when',
    head: 'Seen',
    cell: (row) => (
      <span className="dim">{row.timestampMs === null ? 'just now' : <Age atMs={row.timestampMs} />}</span>
    ),
    phone: 'off',
  },
  { id: 'amount', head: 'Amount', align: 'right', cell: (row) => <Value row={row} />, phone: 'main' },
]

/** What this tab saw last, its own on the wash. */
export function NewestTransactions() {
  const transactions = useNodeEachSecond((state) => state.transactions)
  const account = useNode((state) => state.status?.account ?? null)
  const observes = useNode((state) => state.status?.mode === 'observer')
  const rows = transactions.slice(0, SHOWN)
  return (
    <Section
      title="Newest transactions"
      end={
        <Link className="more" to="/explorer">
          All in Explorer
        </Link>
      }
    >
      {observes ? (
        <NotObserved what="the transactions of others" />
      ) : rows.length === 0 ? (
        <Empty
          sentence="No transaction since this tab is here."
          line="Transfers, stakes and votes on parameters appear here as they are heard of."
        />
      ) : (
        <DataTable
          caption="Newest transactions"
          columns={COLUMNS}
          rows={rows}
          rowKey={(row) => row.hash}
          isMine={(row) => row.sender === account || row.payload.to === account}
        />
      )}
    </Section>
  )
}

function Hash({ row }: { readonly row: TransactionView }) {
  return (
    <Link className="who font-mono text-[.92em]" to={`/explorer/transaction/${row.hash}`} title={row.hash}>
      {shortId(row.hash)}
    </Link>
  )
}

function From({ address }: { readonly address: string }) {
  return (
    <Link className="who" to={`/explorer/account/${address}`} title={address}>
      <Flag address={address} size={16} />
      <span className="font-mono text-[.92em] text-ink-2">{shortId(address)}</span>
    </Link>
  )
}

function State({ row }: { readonly row: TransactionView }) {
  if (row.status === 'pending') return <Tag>Waiting</Tag>
  if (row.status === 'dropped') return <Tag tone="warn">Dropped</Tag>
  if (row.status === 'failed') return <Tag tone="bad">Refused</Tag>
  return <Tag>{row.height === null ? 'Final' : `Final in ${integer(row.height)}`}</Tag>
}

function Value({ row }: { readonly row: TransactionView }) {
  const amount = row.payload.amount ?? row.payload.stake
  return typeof amount === 'string' && /^\d+$/.test(amount) ? (
    <Amount value={amount} />
  ) : (
    <span className="faint">·</span>
  )
}
