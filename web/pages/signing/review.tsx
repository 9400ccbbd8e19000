import type { ReactNode } from 'react'
import type { SubmitRequest } from '../../../node-core/node/wallet-api.ts'
import { useWalletQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { refusalWords } from '../../i18n/receipt-words.ts'
import { Amount } from '../../ui/amount.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { States } from '../../ui/states.tsx'

/** The fee is asked for again while the review is open, ms: the base fee moves with each block. */
const FEE_EVERY_MS = 5_000

export type ReviewRows = readonly (readonly [ReactNode, ReactNode])[]

export interface ReviewProps {
  readonly request: SubmitRequest
  /** What is special to this act, above the fees: amounts with all nine decimals. */
  readonly rows?: ReviewRows | undefined
}

/** What it will cost and leave, before anything is signed. */
export function Review({ request, rows = [] }: ReviewProps) {
  const query = useWalletQuery('wallet_review', { request }, FEE_EVERY_MS)
  const accounts = useWalletQuery('wallet_accounts', {}).data
  const passkey = accounts?.some((account) => account.active && account.passkey) === true
  return (
    <States query={query} what="the fee" words={refusalWords} skeletonRows={4}>
      {(review) => (
        <>
          <KeyValues
            rows={[
              ...rows,
              ['Gas', integer(review.gas)],
              ['Fee, expected', <Amount key="fee" value={review.fee} form="full" />],
              ['Fee, at most', <Amount key="max" value={review.feeMax} form="full" />],
              [
                'Balance afterwards',
                <Amount
                  key="after"
                  value={review.balanceAfter}
                  form="full"
                  className={review.balanceAfter.startsWith('-') ? 'text-bad' : ''}
                />,
              ],
            ]}
          />
          {passkey && <p className="mt-2 text-sm text-ink-2">Signing asks for this account’s passkey.</p>}
        </>
      )}
    </States>
  )
}
