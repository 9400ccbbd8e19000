/** Canonical bytes of validator sets. */
import { assert } from '../lib/assert.ts'
import { type Decoded, decodeWith } from './codec.ts'
import {
  MAX_VALIDATOR_SET_BYTES,
  MAX_VALIDATORS,
  RANDOMNESS_KEY_BYTES,
  VALIDATOR_KEY_BYTES,
} from './constants.ts'
import { container, list } from './ssz-composites.ts'
import { address, bytes, int128, safeUint, uint64, uint128 } from './ssz-scalars.ts'
import type { Validator, ValidatorSet } from './validator-set.ts'

/** The total is not in the bytes: it is the sum. */
type EncodedSet = Omit<ValidatorSet, 'totalPower'>

const setType = container<EncodedSet>({
  epoch: safeUint,
  firstHeight: safeUint,
  lastHeight: safeUint,
  members: list(
    container<Validator>({
      address,
      validatorKey: bytes(VALIDATOR_KEY_BYTES),
      randomnessKey: bytes(RANDOMNESS_KEY_BYTES),
      power: uint64,
      weight: uint128,
      priority: int128,
    }),
    MAX_VALIDATORS,
  ),
})

export function encodeValidatorSet(set: ValidatorSet): Uint8Array {
  assert(isSorted(set.members), 'members are sorted by address, each once')
  assert(totalPowerOf(set.members) === set.totalPower, 'the total is the sum')
  return setType.serialize(set)
}

export function decodeValidatorSet(bytes: Uint8Array): Decoded<ValidatorSet> {
  const decoded = decodeWith(setType, bytes, MAX_VALIDATOR_SET_BYTES)
  if (!decoded.ok) return decoded
  const set = decoded.value
  if (!isSorted(set.members)) return { ok: false, code: 'non-canonical', detail: 'members are not sorted' }
  return { ok: true, value: { ...set, totalPower: totalPowerOf(set.members) } }
}

/** Hex of one length compares as its bytes do. */
function isSorted(members: readonly Validator[]): boolean {
  return members.every((member, i) => i === 0 || members[i - 1]!.address < member.address)
}

function totalPowerOf(members: readonly Validator[]): bigint {
  return members.reduce((sum, member) => sum + member.power, 0n)
}
