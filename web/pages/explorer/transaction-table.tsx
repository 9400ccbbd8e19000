import { Link } from '@tanstack/react-router'
import type { TransactionView } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'
import { receiptWords } from '../../i18n/receipt-words.ts'
import { Unit } from '../../ui/amount.tsx'
import { nanoWords } from '../../ui/amount-words.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Id } from '../../ui/id.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Age } from '../../ui/time.tsx'
import { type Names, useNames } from '../use-names.ts'
import { TransactionLine } from './transaction-line.tsx'

export interface TransactionTableProps {
  readonly transactions: readonly TransactionView[]
  readonly caption: string
  /** Without the column of heights, for the transactions of one block. */
  readonly inOneBlock?: boolean
  /** All of one account: none of them stands out as one's own. */
  readonly ofOneAccount?: boolean
}

/** Transactions as plain sentences. */
export function TransactionTable({
  transactions,
  caption,
  inOneBlock = false,
  ofOneAccount = false,
}: TransactionTableProps) {
  const names = useNames()
  return (
    <DataTable
      caption={caption}
      columns={columnsFor(names, inOneBlock)}
      rows={transactions}
      rowKey={(transaction) => transaction.hash}
      isMine={(transaction) => !ofOneAccount && names.isOwn(transaction.sender)}
    />
  )
}

function columnsFor(names: Names, inOneBlock: boolean): readonly Column<TransactionView>[] {
  const where: Column<TransactionView> = {
    id: 'height',
    head: 'Height',
    align: 'right',
    phone: 'minor-2',
    cell: (transaction) => <Where transaction={transaction} />,
  }
  const age: Column<TransactionView> = {
    id: 'age',
    head: 'Age',
    align: 'right',
    phone: 'off',
    cell: (transaction) => (
      <span className="dim">
        {transaction.timestampMs === null ? 'waiting' : <Age atMs={transaction.timestampMs} cell />}
      </span>
    ),
  }
  return [
    {
      id: 'what',
      head: 'Transaction',
      phone: 'name',
      cell: (transaction) => <Sentence transaction={transaction} names={names} />,
    },
    { id: 'hash', head: 'Hash', phone: 'minor', cell: (transaction) => <Hash transaction={transaction} /> },
    {
      id: 'fee',
      head: 'Fee',
      align: 'right',
      phone: 'main',
      cell: (transaction) => <Fee transaction={transaction} />,
    },
    ...(inOneBlock ? [] : [where, age]),
  ]
}

function Sentence({ transaction, names }: { transaction: TransactionView; names: Names }) {
  return (
    <span className="whitespace-normal">
      <TransactionLine transaction={transaction} names={names} />{' '}
      {transaction.status === 'failed' && (
        <Tag tone="bad" title={transaction.receipt === null ? undefined : receiptWords(transaction.receipt)}>
          refused
        </Tag>
      )}
      {transaction.status === 'dropped' && <Tag tone="warn">dropped</Tag>}
    </span>
  )
}

function Hash({ transaction }: { transaction: TransactionView }) {
  return (
    <Link className="inline-flex min-h-6 items-center" to={`/explorer/transaction/${transaction.hash}`}>
      <Id value={transaction.hash} copy={false} />
    </Link>
  )
}

function Fee({ transaction }: { transaction: TransactionView }) {
  if (transaction.receipt === null) return <span className="faint">none yet</span>
  return (
    <>
      {nanoWords(transaction.receipt.feePaid)}
      <Unit>nAIT</Unit>
    </>
  )
}

function Where({ transaction }: { transaction: TransactionView }) {
  if (transaction.height === null)
    return <span className="faint">{transaction.status === 'dropped' ? 'none' : 'pool'}</span>
  return (
    <Link className="inline-flex min-h-6 items-center" to={`/explorer/block/${transaction.height}`}>
      {integer(transaction.height)}
    </Link>
  )
}
