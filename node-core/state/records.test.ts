import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../lib/bytes.ts'
import { addresses, amounts, bytesOf, proposablePayloads } from '../protocol/arbitraries.ts'
import {
  accountKey,
  decodeRecord,
  delegationKey,
  encodeRecord,
  epochKey,
  HEAD_KEY,
  keyBytes,
  keyHash,
  keyOwnerKey,
  multisigKey,
  multisigProposalKey,
  PARTICIPATION_KEY,
  partiesOf,
  readKey,
  redelegationsKey,
  SLASHES_KEY,
  type StateKey,
  SUPPLY_KEY,
  stakeActivityKey,
  unbondingKey,
  validatorKey,
  validatorSetKey,
} from './keys.ts'
import type { Delegation, Jail, MultisigProposal, ValidatorRecord } from './records.ts'

const counts = fc.maxSafeNat()
const parts = fc.integer({ min: 0, max: 1_000_000 })
const names = fc.stringMatching(/^[a-zé ]{1,16}$/)

const shares = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
const pools = fc.record({ stake: amounts, shares })
const offences = fc.record({ count: fc.integer({ min: 0, max: 200 }), lastAtMs: counts })

const validators: fc.Arbitrary<ValidatorRecord> = fc.record({
  address: addresses,
  name: names,
  validatorKey: bytesOf(32),
  randomnessKey: bytesOf(32),
  paying: pools,
  compounding: pools,
  rewardPerShare: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  heldRewards: amounts,
  heldCommission: amounts,
  delegators: fc.integer({ min: 0, max: 10_000 }),
  commission: parts,
  registeredAtHeight: counts,
  funder: fc.option(addresses),
  readyEpoch: fc.option(counts),
  paused: fc.boolean(),
  exiting: fc.boolean(),
  jail: fc.option(
    fc.record({
      reason: fc.constantFrom<Jail['reason'][]>('unavailable', 'invalid-block', 'double-sign', 'amnesia'),
      releasesAtMs: counts,
    }),
  ),
  tombstoned: fc.boolean(),
  admitted: fc.boolean(),
  unavailable: offences,
  slow: offences,
  rotatedAtMs: counts,
  performance: parts,
  announced: fc.option(fc.record({ name: names, commission: parts, fromEpoch: counts })),
})

const delegations: fc.Arbitrary<Delegation> = fc.record({
  compounding: fc.boolean(),
  shares,
  rewardPerShare: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  principal: amounts,
})

const proposals: fc.Arbitrary<MultisigProposal> = fc.record({
  proposer: addresses,
  payload: proposablePayloads,
  approvals: fc.array(addresses, { maxLength: 16 }),
  expiresAtHeight: counts,
})

const keys: fc.Arbitrary<StateKey<unknown>> = fc.oneof(
  addresses.map((address): StateKey<unknown> => accountKey(address)),
  addresses.map((address): StateKey<unknown> => validatorKey(address)),
  counts.map((n): StateKey<unknown> => unbondingKey(n)),
  counts.map((n): StateKey<unknown> => validatorSetKey(n)),
  counts.map((n): StateKey<unknown> => epochKey(n)),
  fc.tuple(addresses, addresses).map(([to, by]): StateKey<unknown> => delegationKey(to, by)),
  fc.tuple(addresses, addresses).map(([to, by]): StateKey<unknown> => redelegationsKey(to, by)),
  fc.tuple(addresses, counts).map(([of, n]): StateKey<unknown> => multisigProposalKey(of, n)),
  addresses.map((address): StateKey<unknown> => multisigKey(address)),
  addresses.map((address): StateKey<unknown> => stakeActivityKey(address)),
  bytesOf(32).map((key): StateKey<unknown> => keyOwnerKey(key)),
  fc.constantFrom<StateKey<unknown>>(SUPPLY_KEY, HEAD_KEY, PARTICIPATION_KEY, SLASHES_KEY),
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
      fc.property(addresses, amounts, counts, fc.option(addresses), (address, balance, nonce, funder) => {
        const key = accountKey(address)
        const account = { balance, nonce, lastDripHeight: nonce, funder }
        const bytes = encodeRecord(key, account)
        expect(decodeRecord(key, bytes)).toEqual({ ok: true, value: account })
        expect(decodeRecord(key, Uint8Array.of(...bytes, 0)).ok).toBe(false)
      }),
    )
  })

  it('of delegations and proposals too, whose keys name both parties', () => {
    fc.assert(
      fc.property(addresses, addresses, delegations, (validator, delegator, delegation) => {
        const key = delegationKey(validator, delegator)
        expect(partiesOf(key)).toEqual({ validator, delegator })
        expect(decodeRecord(key, encodeRecord(key, delegation))).toEqual({ ok: true, value: delegation })
      }),
    )
    fc.assert(
      fc.property(addresses, counts, proposals, (account, number, proposal) => {
        const key = multisigProposalKey(account, number)
        expect(decodeRecord(key, encodeRecord(key, proposal))).toEqual({ ok: true, value: proposal })
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
