import type { ReactNode } from 'react'
import type { SubmitRequest, WalletMethods } from '../../../node-core/node/wallet-api.ts'
import { useWalletQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { refusalWords } from '../../i18n/receipt-words.ts'
import { Amount } from '../../ui/amount.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { States } from '../../ui/states.tsx'

/** The fee is asked for again while the review is open, ms: the base fee moves with each block. */
const FEE_EVERY_MS = 5_000

type ReviewRow = readonly [ReactNode, ReactNode]
export type ReviewRows = readonly ReviewRow[]

export interface ReviewProps {
  readonly request: SubmitRequest
  /** What is special to this act, above the fees: amounts with all nine decimals. */
  readonly rows?: ReviewRows | undefined
  /** Gas that its operations would take beyond it, each sent alone. */
  readonly savedGas?: number | undefined
  /** Base units that it brings to the balance: the wallet counts what it costs and spends alone. */
  readonly gain?: bigint | undefined
}

/** What it will cost and leave, before anything is signed. */
export function Review({ request, rows = [], savedGas = 0, gain = 0n }: ReviewProps) {
  const query = useWalletQuery('wallet_review', { request }, FEE_EVERY_MS)
  const accounts = useWalletQuery('wallet_accounts', {}).data
  const passkey = accounts?.some((account) => account.active && account.passkey) === true
  return (
    <States query={query} what="the fee" words={refusalWords} skeletonRows={4}>
      {(review) => {
        const after = BigInt(review.balanceAfter) + gain
        return (
          <>
            <KeyValues
              rows={[
                ...rows,
                ['Gas', integer(review.gas)],
                ['Fee, expected', <Amount key="fee" value={review.fee} form="full" />],
                ['Fee, at most', <Amount key="max" value={review.feeMax} form="full" />],
                ...(savedGas > 0 ? [savedRow(review, savedGas)] : []),
                [
                  'Balance afterwards',
                  <Amount
                    key="after"
                    value={String(after)}
                    form="full"
                    className={after < 0n ? 'text-bad' : ''}
                  />,
                ],
              ]}
            />
            {passkey && <p className="mt-2 text-sm text-ink-2">Signing asks for this account’s passkey.</p>}
          </>
        )
      }}
    </States>
  )
}

function savedRow({ gas, fee }: WalletMethods['wallet_review']['result'], savedGas: number): ReviewRow {
  const saved = (BigInt(fee) * BigInt(savedGas)) / BigInt(gas)
  return ['Saved against one by one', <Amount key="saved" value={String(saved)} form="full" />]
}
