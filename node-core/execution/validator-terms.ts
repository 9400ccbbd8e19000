/** What a validator may say of itself, by the parameters alone. */
import { utf8 } from '../lib/bytes.ts'
import { MAX_NAME_BYTES } from '../protocol/constants.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Millionths } from '../protocol/ids.ts'
import type { TransactionRejection } from './transaction-errors.ts'

interface Terms {
  readonly name: string
  readonly commission: Millionths
}

/**
 * Control characters, line separators and marks that turn the direction of the text around a name. By number, not by
 * Unicode class: classes grow with the engine's version, and engines must agree.
 */
const UNPRINTABLE: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
]

export function checkTerms(
  { name, commission }: Terms,
  parameters: ChainParameters,
): TransactionRejection | null {
  if (!isValidatorName(name)) return { code: 'name-invalid', data: { limitBytes: String(MAX_NAME_BYTES) } }
  const { minimumCommission: minimum, maximumCommission: maximum } = parameters
  if (commission < minimum || commission > maximum) {
    return { code: 'commission-out-of-range', data: { minimum: String(minimum), maximum: String(maximum) } }
  }
  return null
}

export function isValidatorName(name: string): boolean {
  const size = utf8(name).length
  if (size === 0 || size > MAX_NAME_BYTES) return false
  return [...name].every((character) => {
    const point = character.codePointAt(0)!
    return UNPRINTABLE.every(([first, last]) => point < first || point > last)
  })
}
