import type { TransactionView } from '../../../node-core/node/node-api.ts'
import { Amount } from '../../ui/amount.tsx'
import { Who } from '../../ui/who.tsx'
import type { Names } from '../use-names.ts'
import { transactionParts } from './transaction-words.ts'

const LARGE_FLAG_PX = 26

/** The one plain sentence of a transaction, with flags and amounts. */
export function TransactionLine({
  transaction,
  names,
  large = false,
}: {
  transaction: TransactionView
  names: Names
  /** As a page's sentence. */
  large?: boolean
}) {
  return (
    <span className={`align-middle ${large ? '[&_b]:font-normal [&_code]:!text-[.72em]' : ''}`}>
      {transactionParts(transaction).map((part, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: the parts of one sentence keep their order
        if (typeof part === 'string') return <span key={index}>{part}</span>
        if ('amount' in part)
          return <Amount key={index} value={part.amount} form="exact" className="font-[540]" />
        return (
          <span key={index} className={index > 0 ? 'ml-1' : names.nameOf(part.party) === null ? 'mr-1' : ''}>
            <Who
              address={part.party}
              name={names.nameOf(part.party)}
              own={names.isOwn(part.party)}
              size={large ? LARGE_FLAG_PX : undefined}
              to={`/explorer/account/${part.party}`}
            />
          </span>
        )
        // biome-ignore-end lint/suspicious/noArrayIndexKey: the parts of one sentence keep their order
      })}
    </span>
  )
}
