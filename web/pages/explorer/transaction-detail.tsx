import { Link } from '@tanstack/react-router'
import { CircleCheck, CircleX } from 'lucide-react'
import { useEffect } from 'react'
import type { TransactionView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { receiptWords } from '../../i18n/receipt-words.ts'
import { Amount } from '../../ui/amount.tsx'
import { bytesWords } from '../../ui/amount-words.ts'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { PageHead, Section } from '../../ui/section.tsx'
import { States } from '../../ui/states.tsx'
import { momentWords } from '../../ui/time-words.ts'
import { readParameters } from '../chain-parameters.ts'
import { useNames } from '../use-names.ts'
import { StageBar } from './stage-bar.tsx'
import { TransactionLine } from './transaction-line.tsx'
import { feeParts } from './transaction-words.ts'
import { VerifyHere } from './verify-here.tsx'

const WAITING_READ_MS = 1_000
const NEVER_MS = 60_000

export function TransactionDetail({ hash }: { hash: string }) {
  const live = useNode((state) => state.transactions.find((transaction) => transaction.hash === hash)?.status)
  const query = useQuery('chain_transaction', { hash }, live === 'pending' ? WAITING_READ_MS : NEVER_MS)
  const names = useNames()
  const { retry } = query
  useEffect(() => {
    if (live !== undefined) retry()
  }, [live, retry])
  return (
    <>
      <PageHead
        title="Transaction"
        sentence={
          query.data === null ? (
            'A transaction by its hash.'
          ) : (
            <TransactionLine transaction={query.data} names={names} large />
          )
        }
        why={<Id value={hash} kind="transaction hash" full />}
      />
      <States query={query} what="the transaction" skeletonRows={8}>
        {(transaction) => <Body transaction={transaction} />}
      </States>
    </>
  )
}

function Body({ transaction }: { transaction: TransactionView }) {
  return (
    <>
      <Section title="Way">
        <StageBar transaction={transaction} />
      </Section>
      <div className="cols" style={{ gridTemplateColumns: 'minmax(0,1fr) minmax(0,1fr)' }}>
        <div className="min-w-0">
          <Section title="Receipt">
            <Receipt transaction={transaction} />
          </Section>
          {transaction.receipt !== null && transaction.height !== null && (
            <Fee transaction={transaction} height={transaction.height} receipt={transaction.receipt} />
          )}
          {transaction.receipt !== null && transaction.height !== null && (
            <VerifyHere
              subject={{
                kind: 'transaction',
                hash: transaction.hash,
                height: transaction.height,
                code: transaction.receipt.code,
                feePaid: transaction.receipt.feePaid,
              }}
            />
          )}
        </div>
        <Section title="Signed fields">
          <Fields transaction={transaction} />
        </Section>
      </div>
    </>
  )
}

function Receipt({ transaction }: { transaction: TransactionView }) {
  const { receipt, height, index } = transaction
  if (receipt === null)
    return (
      <p className="text-sm text-ink-2">None yet: a receipt is written when a block takes the transaction.</p>
    )
  const good = transaction.status === 'succeeded'
  const data = Object.entries(receipt.data)
  return (
    <>
      <p className={`mb-2 flex items-center gap-2 text-md font-strong ${good ? '' : 'text-bad'}`}>
        {good ? (
          <CircleCheck size={16} className="text-good" aria-hidden />
        ) : (
          <CircleX size={16} aria-hidden />
        )}
        {receiptWords(receipt)}
      </p>
      <KeyValues
        rows={[
          [
            'Code',
            <code key="code" className="font-mono text-xs">
              {receipt.code}
            </code>,
          ],
          ...data.map(([name, value]) => [name, String(value)] as const),
          [
            'Block',
            height === null ? (
              'none'
            ) : (
              <Link key="block" className="underline underline-offset-3" to={`/explorer/block/${height}`}>
                {integer(height)}
              </Link>
            ),
          ],
          ['Place in the block', index === null ? 'none' : integer(index + 1)],
          ['Time', transaction.timestampMs === null ? 'none' : momentWords(transaction.timestampMs)],
          ['Gas used', `${integer(receipt.gasUsed)} of ${integer(transaction.gasLimit)}`],
        ]}
      />
    </>
  )
}

function Fee({
  transaction,
  height,
  receipt,
}: {
  transaction: TransactionView
  height: number
  receipt: NonNullable<TransactionView['receipt']>
}) {
  const block = useQuery('chain_block', { height }, 'once').data
  const raw = useQuery('chain_parameters', {}, 'once').data
  const parts = feeParts(
    receipt,
    block?.baseFeePerGas ?? null,
    raw === null ? null : readParameters(raw).burnedFee,
  )
  const nano = (value: bigint | null) =>
    value === null ? 'not known here' : <Amount value={value.toString()} unit="nAIT" />
  return (
    <Section title="Fee" end={<Amount value={receipt.feePaid} form="full" className="text-sm" />}>
      <KeyValues
        rows={[
          ['Gas used', integer(receipt.gasUsed)],
          [
            'Base fee of the block, a unit',
            block === null ? 'not known here' : nano(BigInt(block.baseFeePerGas)),
          ],
          ['Base fee', nano(parts.base)],
          ['of it burned', nano(parts.burned)],
          ['of it to the reward pool', nano(parts.pool)],
          ['Tip', nano(parts.tip)],
          ['At most, as signed', nano(BigInt(transaction.maxFeePerGas) * BigInt(transaction.gasLimit))],
        ]}
      />
    </Section>
  )
}

function Fields({ transaction }: { transaction: TransactionView }) {
  const payload = Object.entries(transaction.payload)
  return (
    <KeyValues
      rows={[
        ['Sender', <Id key="sender" value={transaction.sender} kind="sender" />],
        ['Nonce', integer(transaction.nonce)],
        ['Gas, at most', integer(transaction.gasLimit)],
        ['Fee a unit, at most', <Amount key="max" value={transaction.maxFeePerGas} unit="nAIT" />],
        ['Tip a unit, at most', <Amount key="tip" value={transaction.maxPriorityFeePerGas} unit="nAIT" />],
        ['Valid until height', integer(transaction.validUntilHeight)],
        ['Size', bytesWords(transaction.bytes)],
        ...payload.map(([name, value]) => [`payload.${name}`, <Value key={name} value={value} />] as const),
      ]}
    />
  )
}

/** A payload field as it is, ids shortened. */
function Value({ value }: { value: unknown }) {
  if (typeof value === 'string' && (value.startsWith('0x') || value.startsWith('ait1')))
    return <Id value={value} kind="value" />
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return <code className="font-mono text-xs break-all">{text}</code>
}
