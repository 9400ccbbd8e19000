/** Accounts of several as such: what makes their terms right, and their addresses. */
import { addressOf } from './address.ts'
import { MAX_MULTISIG_MEMBERS, SCHEME_MULTISIG } from './constants.ts'
import type { Address } from './ids.ts'
import { container, list } from './ssz-composites.ts'
import { address, safeUint, uint8 } from './ssz-scalars.ts'

export interface MultisigTerms {
  readonly threshold: number
  /** Distinct, sorted by bytes. */
  readonly members: readonly Address[]
}

export interface MultisigOrigin extends MultisigTerms {
  readonly creator: Address
  /** Of the transaction that creates it. */
  readonly nonce: number
  /** Which of equal ones in that transaction, from 0: a batch may create several. */
  readonly place: number
}

const originType = container<MultisigOrigin>({
  threshold: uint8,
  members: list(address, MAX_MULTISIG_MEMBERS),
  creator: address,
  nonce: safeUint,
  place: uint8,
})

/** Addresses are lower-case hex of one length: the order of the text is that of the bytes. */
export function areMultisigTerms({ threshold, members }: MultisigTerms): boolean {
  const { length } = members
  if (length < 1 || length > MAX_MULTISIG_MEMBERS) return false
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > length) return false
  return members.every((member, i) => i === 0 || members[i - 1]! < member)
}

/** In the order that an account has them. One who is there twice stays so, and is refused at admission. */
export function sortedMembers(members: readonly Address[]): Address[] {
  return [...members].sort()
}

/** No two creations share one, and no key has it: a creator's nonce is used once, and the scheme is in what is hashed. */
export function multisigAddress(origin: MultisigOrigin): Address {
  return addressOf(SCHEME_MULTISIG, originType.serialize(origin))
}
