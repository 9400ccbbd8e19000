/** What a validator may say of itself, by the parameters alone. */
import { MAX_NAME_BYTES } from '../protocol/constants.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Millionths } from '../protocol/ids.ts'
import { isValidName } from '../protocol/name.ts'
import type { TransactionRejection } from './transaction-errors.ts'

interface Terms {
  readonly name: string
  readonly commission: Millionths
}

export function checkTerms(
  { name, commission }: Terms,
  parameters: ChainParameters,
): TransactionRejection | null {
  if (!isValidName(name)) return { code: 'name-invalid', data: { limitBytes: String(MAX_NAME_BYTES) } }
  const { minimumCommission: minimum, maximumCommission: maximum } = parameters
  if (commission < minimum || commission > maximum) {
    return { code: 'commission-out-of-range', data: { minimum: String(minimum), maximum: String(maximum) } }
  }
  return null
}
