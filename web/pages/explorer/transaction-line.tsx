import type { TransactionView } from '../../../node-core/node/node-api.ts'
import { Amount } from '../../ui/amount.tsx'
import { Who } from '../../ui/who.tsx'
import type { Names } from '../use-names.ts'
import { transactionParts } from './transaction-words.ts'

/** The one plain sentence of a transaction, with flags and amounts. */
export function TransactionLine({
  transaction,
  names,
  links = true,
}: {
  transaction: TransactionView
  names: Names
  links?: boolean
}) {
  return (
    <span className="inline-flex flex-wrap items-center whitespace-pre-wrap">
      {transactionParts(transaction).map((part, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: the parts of one sentence keep their order
        if (typeof part === 'string') return <span key={index}>{part}</span>
        if ('amount' in part)
          return <Amount key={index} value={part.amount} form="exact" className="font-[540]" />
        return (
          <Who
            key={index}
            address={part.party}
            name={names.nameOf(part.party)}
            own={names.isOwn(part.party)}
            to={links ? `/explorer/account/${part.party}` : undefined}
          />
        )
        // biome-ignore-end lint/suspicious/noArrayIndexKey: the parts of one sentence keep their order
      })}
    </span>
  )
}
