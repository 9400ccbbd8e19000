/**
 * The keys that a validator signs with. While it changes them there are two pairs: the set of a height names the one that
 * counts there. The signing record is the validator's, whichever key signs.
 */
import { equalBytes, toHex } from '../lib/bytes.ts'
import type { RandomnessKey, SigningKey } from '../ports/crypto.ts'
import type { Address } from '../protocol/ids.ts'
import type { Validator, ValidatorSet } from '../protocol/validator-set.ts'

export interface ValidatorKeys {
  readonly validatorKey: SigningKey
  readonly randomnessKey: RandomnessKey
}

export interface HeldKeys extends ValidatorKeys {
  /** The pair that a change of keys brings, or has brought. */
  readonly spare?: ValidatorKeys | null
}

/** Which key signs for this member of a set; null: it is none, or another key than those held. */
export function signingKeyIn(set: ValidatorSet, self: Address, held: HeldKeys): SigningKey | null {
  const named = memberOf(set, self)?.validatorKey
  return pairsOf(held).find(({ validatorKey }) => isKey(validatorKey, named))?.validatorKey ?? null
}

/** The same of the random function. */
export function randomnessKeyIn(set: ValidatorSet, self: Address, held: HeldKeys): RandomnessKey | null {
  const named = memberOf(set, self)?.randomnessKey
  return pairsOf(held).find(({ randomnessKey }) => isKey(randomnessKey, named))?.randomnessKey ?? null
}

/** Whether one of the keys is the one that the chain knows. */
export function holdsKey(held: HeldKeys, validatorKey: Uint8Array): boolean {
  return pairsOf(held).some((pair) => isKey(pair.validatorKey, validatorKey))
}

/** 0x-hex of each key that signs, or will. */
export function publicKeysOf(held: HeldKeys): string[] {
  return pairsOf(held).map(({ validatorKey }) => toHex(validatorKey.publicKey))
}

function pairsOf(held: HeldKeys): readonly ValidatorKeys[] {
  return held.spare ? [held, held.spare] : [held]
}

function memberOf(set: ValidatorSet, self: Address): Validator | undefined {
  return set.members.find(({ address }) => address === self)
}

function isKey({ publicKey }: { readonly publicKey: Uint8Array }, named: Uint8Array | undefined): boolean {
  return named !== undefined && equalBytes(publicKey, named)
}
