/** What a person types to send money, what is wrong with it, and what it will cost. Pure. */
import type { NodeMethods } from '../../../node-core/node/node-api.ts'
import type { Speed } from '../../../node-core/node/wallet-api.ts'
import { parseAddress } from '../../../node-core/protocol/address.ts'
import { amountWords } from '../../ui/amount-words.ts'
import { readAmount } from '../validators/become-form.ts'

const ADDRESS_LENGTH = 42

/** null: fine, or still being typed. `own`: the sender's address. */
export function recipientProblem(text: string, own: string): string | null {
  const address = text.trim()
  if (address === '') return null
  if (!'ait1'.startsWith(address.slice(0, 4).toLowerCase())) return 'An address begins with ait1'
  if (address.length < ADDRESS_LENGTH)
    return `${ADDRESS_LENGTH - address.length} characters are still missing`
  if (parseAddress(address.toLowerCase()) === null)
    return 'There is a typing error in it: its checksum does not fit'
  return address.toLowerCase() === own ? 'This is the account you send from' : null
}

export function isAddress(text: string): boolean {
  return parseAddress(text.trim().toLowerCase()) !== null
}

/** `feeMax` in base units; null: not known yet. */
export function amountProblem(text: string, balance: bigint, feeMax: bigint | null): string | null {
  if (text.trim() === '') return null
  const amount = readAmount(text)
  if (amount === null) return 'An amount in AIT, with at most nine decimals'
  if (amount === 0n) return 'The amount is zero'
  if (amount > balance) return `You have ${amountWords(balance.toString(), 'exact')} AIT`
  if (feeMax !== null && amount + feeMax > balance)
    return `With the fee it is more than you have; at most ${amountWords((balance - feeMax).toString(), 'exact')} AIT`
  return null
}

export const SPEEDS: readonly { readonly value: Speed; readonly words: string; readonly line: string }[] = [
  { value: 'slow', words: 'Slow', line: 'may wait while others pay more' },
  { value: 'standard', words: 'Standard', line: 'as half of the others pay' },
  { value: 'fast', words: 'Fast', line: 'more than nine in ten pay' },
]

type Fees = Pick<NodeMethods['economy_fees']['result'], 'baseFeePerGas' | Speed>

/** gas × (base fee + tip of the speed), base units. */
export function feeAt(fees: Fees, gas: number, speed: Speed): bigint {
  return BigInt(gas) * (BigInt(fees.baseFeePerGas) + BigInt(fees[speed]))
}
