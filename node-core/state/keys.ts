/** Names of records, their bytes and where they stand in the state tree. */
import { digest } from '@chainsafe/as-sha256'
import { assert } from '../lib/assert.ts'
import { concatBytes, toHex } from '../lib/bytes.ts'
import { Memo } from '../lib/memo.ts'
import type { Decoded } from '../protocol/codec.ts'
import { ADDRESS_BYTES } from '../protocol/constants.ts'
import type { Address, Epoch, Hash } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { KINDS, type KindName, kindByTag } from './record-kinds.ts'
import type {
  Account,
  AdmissionVotes,
  ChainRecord,
  Delegation,
  EpochRecord,
  EpochSlashes,
  HeadRecord,
  KeyOwner,
  MultisigAccount,
  MultisigProposal,
  Participation,
  PendingRewards,
  PositionCounter,
  Presence,
  Redelegation,
  StakeActivity,
  Supply,
  Unbonding,
  ValidatorRecord,
} from './records.ts'

/** Names one record of type T. As text it is a Map's key; its bytes and their hash are below. */
export type StateKey<T> = string & { readonly [recordType]: T }
declare const recordType: unique symbol

/** Accounts that were met lately: some MB. */
const REMEMBERED_KEYS = 32_768
/** Of each kind. */
const REMEMBERED_RECORDS = 4_096

const key = <T>(name: KindName, suffix: string | number = ''): StateKey<T> =>
  `${name}:${suffix}` as StateKey<T>

/** PERF: looked up a dozen times for a transfer, and a map has to hash a text that was just put together. */
const accountKeys = new Memo(REMEMBERED_KEYS, (of: Address): StateKey<Account> => key('account', of))
export const accountKey = (of: Address): StateKey<Account> => accountKeys.get(of)
export const validatorKey = (of: Address): StateKey<ValidatorRecord> => key('validator', of)
export const unbondingKey = (entry: number): StateKey<Unbonding> => key('unbonding', entry)
export const validatorSetKey = (epoch: Epoch): StateKey<ValidatorSet> => key('validatorSet', epoch)
export const keyOwnerKey = (publicKey: Uint8Array): StateKey<KeyOwner> =>
  key('validatorKey', toHex(publicKey))
export const delegationKey = (validator: Address, delegator: Address): StateKey<Delegation> =>
  key('delegation', joined(validator, delegator))
/** Of stake that an account moved to a validator. */
export const redelegationsKey = (to: Address, delegator: Address): StateKey<readonly Redelegation[]> =>
  key('redelegations', joined(to, delegator))
export const epochKey = (epoch: Epoch): StateKey<EpochRecord> => key('epoch', epoch)
export const multisigKey = (of: Address): StateKey<MultisigAccount> => key('multisig', of)
export const multisigProposalKey = (account: Address, proposal: number): StateKey<MultisigProposal> =>
  key('multisigProposal', joined(account, toHex(numberBytes(proposal))))
export const stakeActivityKey = (of: Address): StateKey<StakeActivity> => key('stakeActivity', of)
/** By the offenceId of the proof. */
export const evidenceKey = (id: Hash): StateKey<{ readonly epoch: Epoch }> => key('evidence', id)
export const POSITION_COUNTER_KEY: StateKey<PositionCounter> = key('positionCounter')
export const PENDING_REWARDS_KEY: StateKey<PendingRewards> = key('pendingRewards')
export const PRESENCE_KEY: StateKey<Presence> = key('presence')
export const ADMISSION_VOTES_KEY: StateKey<AdmissionVotes> = key('admissionVotes')
export const SLASHES_KEY: StateKey<EpochSlashes> = key('slashes')
export const SUPPLY_KEY: StateKey<Supply> = key('supply')
export const PARTICIPATION_KEY: StateKey<Participation> = key('participation')
export const CHAIN_KEY: StateKey<ChainRecord> = key('chain')
export const HEAD_KEY: StateKey<HeadRecord> = key('head')

/** Two parts of a key in one hex text. */
function joined(first: string, second: string): string {
  return first + second.slice('0x'.length)
}

/** The two addresses that a key of delegations or redelegations is made of: the validator's first. */
export function partiesOf(of: StateKey<Delegation | readonly Redelegation[]>): {
  readonly validator: Address
  readonly delegator: Address
} {
  const hex = of.slice(of.indexOf(':') + 1)
  const end = '0x'.length + 2 * ADDRESS_BYTES
  return { validator: hex.slice(0, end) as Address, delegator: `0x${hex.slice(end)}` as Address }
}

export function kindOf(of: StateKey<unknown>): KindName {
  return of.slice(0, of.indexOf(':')) as KindName
}

/** Tag, then the address, the key or the number (8 bytes, big-endian). */
export function keyBytes(of: StateKey<unknown>): Uint8Array {
  const colon = of.indexOf(':')
  const { tag, suffix } = KINDS[of.slice(0, colon) as KindName]
  if (suffix === 'none') return Uint8Array.of(tag)
  if (suffix === 'number') return concatBytes(Uint8Array.of(tag), numberBytes(Number(of.slice(colon + 1))))
  const encoded = new Uint8Array(1 + suffix.bytes)
  encoded[0] = tag
  const digits = colon + 1 + '0x'.length
  assert(of.length === digits + 2 * suffix.bytes, 'a key names its record')
  for (let i = 0; i < suffix.bytes; i++)
    encoded[1 + i] = (nibble(of, digits + 2 * i) << 4) | nibble(of, digits + 2 * i + 1)
  return encoded
}

/** PERF: page after page of keys is written with each block; reading hex by pattern took most of that time. */
function nibble(text: string, at: number): number {
  const code = text.charCodeAt(at)
  const value = code <= 57 ? code - 48 : code - 87
  assert(value >= 0 && value <= 15, 'a key is lower-case hex')
  return value
}

/** Where the record stands in the state tree. The bytes are shared. */
export function keyHash(of: StateKey<unknown>): Uint8Array {
  return keyHashes.get(of)
}

/** PERF: who sends or receives in one block often does so again in one of the next. */
const keyHashes = new Memo(REMEMBERED_KEYS, (of: StateKey<unknown>) => digest(keyBytes(of)))

/** null: not what keyBytes writes. */
export function readKey(encoded: Uint8Array): StateKey<unknown> | null {
  const name = kindByTag.get(encoded[0] ?? 0)
  if (!name) return null
  const { suffix } = KINDS[name]
  const tail = encoded.subarray(1)
  if (suffix === 'none') return tail.length === 0 ? key(name) : null
  if (suffix !== 'number') return tail.length === suffix.bytes ? key(name, toHex(tail)) : null
  if (tail.length !== 8) return null
  const number = Number(new DataView(tail.buffer, tail.byteOffset).getBigUint64(0))
  return Number.isSafeInteger(number) ? key(name, number) : null
}

/** The bytes are shared. */
export function encodeRecord<T>(of: StateKey<T>, value: T): Uint8Array {
  return encodings[kindOf(of)].get(value)
}

/** PERF: a page is stored whole when one of its records changes, and the others are as they were. */
const encodings = Object.fromEntries(
  Object.entries(KINDS).map(([name, kind]) => [
    name,
    new Memo(REMEMBERED_RECORDS, (value: unknown) => kind.encode(value as never)),
  ]),
) as Record<KindName, Memo<unknown, Uint8Array>>

export function decodeRecord<T>(of: StateKey<T>, encoded: Uint8Array): Decoded<T> {
  return KINDS[kindOf(of)].decode(encoded) as Decoded<T>
}

function numberBytes(value: number): Uint8Array {
  const encoded = new Uint8Array(8)
  new DataView(encoded.buffer).setBigUint64(0, BigInt(value))
  return encoded
}
