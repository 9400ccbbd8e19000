import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../lib/bytes.ts'
import { addresses, amounts, bytesOf } from '../protocol/arbitraries.ts'
import {
  accountKey,
  decodeRecord,
  encodeRecord,
  HEAD_KEY,
  keyBytes,
  keyHash,
  keyOwnerKey,
  PARTICIPATION_KEY,
  readKey,
  type StateKey,
  SUPPLY_KEY,
  unbondingKey,
  type ValidatorRecord,
  validatorKey,
  validatorSetKey,
} from './records.ts'

const counts = fc.maxSafeNat()
const parts = fc.integer({ min: 0, max: 1_000_000 })
const names = fc.stringMatching(/^[a-zé ]{1,16}$/)

const validators: fc.Arbitrary<ValidatorRecord> = fc.record({
  address: addresses,
  name: names,
  validatorKey: bytesOf(32),
  randomnessKey: bytesOf(32),
  selfStake: amounts,
  commission: parts,
  registeredAtHeight: counts,
  readyEpoch: fc.option(counts),
  paused: fc.boolean(),
  exiting: fc.boolean(),
  jailed: fc.boolean(),
  performance: parts,
  announced: fc.option(fc.record({ name: names, commission: parts, fromEpoch: counts })),
})

const keys: fc.Arbitrary<StateKey<unknown>> = fc.oneof(
  addresses.map((address): StateKey<unknown> => accountKey(address)),
  addresses.map((address): StateKey<unknown> => validatorKey(address)),
  counts.map((n): StateKey<unknown> => unbondingKey(n)),
  counts.map((n): StateKey<unknown> => validatorSetKey(n)),
  bytesOf(32).map((key): StateKey<unknown> => keyOwnerKey(key)),
  fc.constantFrom<StateKey<unknown>>(SUPPLY_KEY, HEAD_KEY, PARTICIPATION_KEY),
)

describe('records', () => {
  it('have keys that are read back and never collide', () => {
    fc.assert(
      fc.property(keys, (key) => {
        expect(readKey(keyBytes(key))).toBe(key)
      }),
    )
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        expect(toHex(keyHash(a)) === toHex(keyHash(b))).toBe(a === b)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const key = readKey(bytes)
        if (key) expect(keyBytes(key)).toEqual(bytes)
      }),
    )
  })

  it('have one encoding each', () => {
    fc.assert(
      fc.property(validators, (validator) => {
        const key = validatorKey(validator.address)
        expect(decodeRecord(key, encodeRecord(key, validator))).toEqual({ ok: true, value: validator })
      }),
    )
    fc.assert(
      fc.property(addresses, amounts, counts, counts, (address, balance, nonce, lastDripHeight) => {
        const key = accountKey(address)
        const bytes = encodeRecord(key, { balance, nonce, lastDripHeight })
        expect(decodeRecord(key, bytes)).toEqual({ ok: true, value: { balance, nonce, lastDripHeight } })
        expect(decodeRecord(key, Uint8Array.of(...bytes, 0)).ok).toBe(false)
      }),
    )
  })

  it('refuse a flag that is neither 0 nor 1', () => {
    fc.assert(
      fc.property(validators, (validator) => {
        const key = validatorKey(validator.address)
        const on = encodeRecord(key, { ...validator, paused: true })
        const off = encodeRecord(key, { ...validator, paused: false })
        const at = on.findIndex((byte, i) => byte !== off[i])
        on[at] = 2
        expect(decodeRecord(key, on)).toMatchObject({ ok: false, code: 'non-canonical' })
      }),
    )
  })
})
