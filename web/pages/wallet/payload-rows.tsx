import type { PayloadView } from '../../../node-core/node/node-api.ts'
import { Amount } from '../../ui/amount.tsx'
import { Id } from '../../ui/id.tsx'
import type { ReviewRows } from '../signing/review.tsx'

const PARTIES = [
  ['to', 'To'],
  ['from', 'From'],
  ['validator', 'Validator'],
] as const

/** What members agree to, to the last digit: whole addresses, and amounts with all their decimals. */
export function payloadRows(payload: PayloadView): ReviewRows {
  const parties = PARTIES.flatMap(([field, name]) => {
    const value = payload[field]
    return typeof value === 'string'
      ? [[name, <Id key={field} value={value} full copy={false} />] as const]
      : []
  })
  const { amount } = payload
  const money =
    typeof amount === 'string'
      ? [['Amount', <Amount key="amount" value={amount} form="full" />] as const]
      : []
  return [...parties, ...money]
}
