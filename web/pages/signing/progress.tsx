import { Link } from '@tanstack/react-router'
import { CircleCheck, CircleX } from 'lucide-react'
import type { TransactionView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { Disc } from '../../ui/disc.tsx'
import { Id } from '../../ui/id.tsx'
import { progressShare, progressWords } from './progress-words.ts'

const READ_EVERY_MS = 1_000
const DISC_RADIUS_PX = 40

/** The transaction by its hash, as events and reads bring it; null until the node knows it. */
export function useTransaction(hash: string): TransactionView | null {
  const live = useNode((state) => state.transactions.find((transaction) => transaction.hash === hash))
  const read = useQuery('chain_transaction', { hash }, READ_EVERY_MS).data
  if (live !== undefined && live.status !== 'pending') return live
  return read ?? live ?? null
}

/** A sent transaction until it is decided: its disc fills, its words change. */
export function Progress({ hash }: { hash: string }) {
  const transaction = useTransaction(hash)
  const words = progressWords(transaction)
  const decided = transaction?.status === 'succeeded'
  return (
    <div className="flex items-center gap-5" data-progress={transaction?.status ?? 'sent'}>
      <Disc
        share={progressShare(transaction)}
        radius={DISC_RADIUS_PX}
        decided={decided}
        quorum={!decided}
        label={words.title}
      />
      <div className="min-w-0" role="status">
        <p
          className={`flex items-center gap-2 text-md font-strong ${words.tone === 'bad' ? 'text-bad' : ''}`}
        >
          {words.tone === 'good' && <CircleCheck size={16} className="text-good" aria-hidden />}
          {words.tone === 'bad' && <CircleX size={16} aria-hidden />}
          {words.title}
        </p>
        <p className="mt-1 text-sm text-ink-2">{words.line}</p>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 text-sm">
          <Id value={hash} kind="transaction hash" />
          <Link className="more underline underline-offset-3" to={`/explorer/transaction/${hash}`}>
            Show it
          </Link>
        </p>
      </div>
    </div>
  )
}
