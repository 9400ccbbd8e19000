/** The records that make up the state: their shapes, keys and canonical bytes (SSZ). */

import { digest } from '@chainsafe/as-sha256'
import type { Type } from '@chainsafe/ssz'
import { assert } from '../lib/assert.ts'
import { concatBytes, toHex } from '../lib/bytes.ts'
import { Memo } from '../lib/memo.ts'
import { type Decoded, decodeWith, encodeWith } from '../protocol/codec.ts'
import { parametersType } from '../protocol/codec-genesis.ts'
import { decodeValidatorSet, encodeValidatorSet } from '../protocol/codec-validator-set.ts'
import {
  ADDRESS_BYTES,
  MAX_CHAIN_ID_BYTES,
  MAX_NAME_BYTES,
  ONE_MILLION,
  RANDOMNESS_KEY_BYTES,
  VALIDATOR_KEY_BYTES,
} from '../protocol/constants.ts'
import type { ChainParameters, GenesisValidator } from '../protocol/genesis.ts'
import type { Address, Amount, ChainId, Epoch, Height, Millionths, TimestampMs } from '../protocol/ids.ts'
import { container, list, mapped, optional } from '../protocol/ssz-composites.ts'
import { address, bytes, safeUint, text, uint8, uint32, uint64 } from '../protocol/ssz-scalars.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'

export interface Account {
  readonly balance: Amount
  /** Of the next transaction. */
  readonly nonce: number
  /** 0: never. */
  readonly lastDripHeight: Height
}

/** A change announced ahead, so that nobody is surprised by it. */
export interface AnnouncedChange {
  readonly name: string
  readonly commission: Millionths
  /** The first epoch in which it holds. */
  readonly fromEpoch: Epoch
}

export interface ValidatorRecord {
  readonly address: Address
  readonly name: string
  readonly validatorKey: Uint8Array
  readonly randomnessKey: Uint8Array
  readonly selfStake: Amount
  readonly commission: Millionths
  /** 0: in genesis. */
  readonly registeredAtHeight: Height
  /** The last epoch in which it said that it is awake; null: never. */
  readonly readyEpoch: Epoch | null
  readonly paused: boolean
  /** Leaves for good; its stake unbonds after its last epoch with power. */
  readonly exiting: boolean
  readonly jailed: boolean
  /** Exponential average of signed / expected, starts at one whole. */
  readonly performance: Millionths
  readonly announced: AnnouncedChange | null
}

/** A validator of the genesis as the state has it before block 1. */
export function genesisValidator(validator: GenesisValidator): ValidatorRecord {
  return {
    address: validator.address,
    name: validator.name,
    validatorKey: validator.validatorKey,
    randomnessKey: validator.randomnessKey,
    selfStake: validator.stake,
    commission: validator.commission,
    registeredAtHeight: 0,
    readyEpoch: null,
    paused: false,
    exiting: false,
    jailed: false,
    performance: ONE_MILLION,
    announced: null,
  }
}

/** Stake on its way back to a balance. */
export interface Unbonding {
  readonly address: Address
  readonly amount: Amount
  readonly releasesAtMs: TimestampMs
}

/** Entries head ≤ n < tail wait, in the order of their release. */
export interface UnbondingQueue {
  readonly head: number
  readonly tail: number
}

/** Where all money is and came from, kept as it moves. genesis + minted + faucet − burned = the sum of the last four. */
export interface Supply {
  readonly genesis: Amount
  readonly minted: Amount
  readonly faucet: Amount
  readonly burned: Amount
  readonly balances: Amount
  readonly bonded: Amount
  readonly unbonding: Amount
  readonly rewardPool: Amount
}

export interface ParticipationCount {
  readonly address: Address
  readonly signed: number
  readonly expected: number
}

/** Of the window in progress (an epoch), sorted by address. One record, so that a block changes one page and not one a validator. */
export type Participation = readonly ParticipationCount[]

export interface ChainRecord {
  readonly chainId: ChainId
  readonly parameters: ChainParameters
}

export interface HeadRecord {
  readonly height: Height
  readonly timestampMs: TimestampMs
}

/** Names one record of type T. As text it is a Map's key; its bytes and their hash are below. */
export type StateKey<T> = string & { readonly [recordType]: T }
declare const recordType: unique symbol

interface RecordKind {
  /** First byte of the key: never given to another kind. */
  readonly tag: number
  readonly suffix: 'none' | 'number' | { readonly bytes: number }
  readonly encode: (value: never) => Uint8Array
  readonly decode: (bytes: Uint8Array) => Decoded<unknown>
}

const flag = mapped<boolean, number>(
  uint8,
  (value) => (value ? 1 : 0),
  (byte) => byte === 1,
)

const accountType = container<Account>({ balance: uint64, nonce: safeUint, lastDripHeight: safeUint })

const validatorType = container<ValidatorRecord>({
  address,
  name: text(MAX_NAME_BYTES),
  validatorKey: bytes(VALIDATOR_KEY_BYTES),
  randomnessKey: bytes(RANDOMNESS_KEY_BYTES),
  selfStake: uint64,
  commission: uint32,
  registeredAtHeight: safeUint,
  readyEpoch: optional(safeUint),
  paused: flag,
  exiting: flag,
  jailed: flag,
  performance: uint32,
  announced: optional(
    container<AnnouncedChange>({ name: text(MAX_NAME_BYTES), commission: uint32, fromEpoch: safeUint }),
  ),
})

const supplyType = container<Supply>({
  genesis: uint64,
  minted: uint64,
  faucet: uint64,
  burned: uint64,
  balances: uint64,
  bonded: uint64,
  unbonding: uint64,
  rewardPool: uint64,
})

/** Members of the sets of neighbouring epochs: they may all be different ones. */
const MAX_COUNTED = 2_048

/** Accounts that were met lately: some MB. */
const REMEMBERED_KEYS = 32_768

/** Larger than any record. */
const MAX_RECORD_BYTES = 128 * 1024

const KINDS = {
  account: kind(1, { bytes: ADDRESS_BYTES }, accountType),
  validator: kind(2, { bytes: ADDRESS_BYTES }, validatorType),
  unbonding: kind(3, 'number', container<Unbonding>({ address, amount: uint64, releasesAtMs: safeUint })),
  unbondingQueue: kind(4, 'none', container<UnbondingQueue>({ head: safeUint, tail: safeUint })),
  supply: kind(5, 'none', supplyType),
  validatorSet: { tag: 6, suffix: 'number', encode: encodeValidatorSet, decode: decodeValidatorSet },
  participation: kind(
    7,
    'none',
    list(container<ParticipationCount>({ address, signed: uint32, expected: uint32 }), MAX_COUNTED),
  ),
  chain: kind(
    8,
    'none',
    container<ChainRecord>({ chainId: text(MAX_CHAIN_ID_BYTES), parameters: parametersType }),
  ),
  head: kind(9, 'none', container<HeadRecord>({ height: safeUint, timestampMs: safeUint })),
  validatorKey: kind(10, { bytes: VALIDATOR_KEY_BYTES }, container<{ address: Address }>({ address })),
} satisfies Record<string, RecordKind>

export type KindName = keyof typeof KINDS

const NAMES = Object.keys(KINDS) as KindName[]
const nameByTag = new Map(NAMES.map((name) => [KINDS[name].tag, name]))
assert(nameByTag.size === NAMES.length, 'one tag a kind')

function kind<T>(tag: number, suffix: RecordKind['suffix'], type: Type<T>): RecordKind {
  return {
    tag,
    suffix,
    encode: (value: never) => encodeWith(type, value),
    decode: (encoded) => decodeWith(type, encoded, MAX_RECORD_BYTES),
  }
}

const key = <T>(name: KindName, suffix: string | number = ''): StateKey<T> =>
  `${name}:${suffix}` as StateKey<T>

/** PERF: looked up a dozen times for a transfer, and a map has to hash a text that was just put together. */
const accountKeys = new Memo(REMEMBERED_KEYS, (of: Address): StateKey<Account> => key('account', of))
export const accountKey = (of: Address): StateKey<Account> => accountKeys.get(of)
export const validatorKey = (of: Address): StateKey<ValidatorRecord> => key('validator', of)
export const unbondingKey = (entry: number): StateKey<Unbonding> => key('unbonding', entry)
export const validatorSetKey = (epoch: Epoch): StateKey<ValidatorSet> => key('validatorSet', epoch)
/** Who registered this consensus key. */
export const keyOwnerKey = (publicKey: Uint8Array): StateKey<{ readonly address: Address }> =>
  key('validatorKey', toHex(publicKey))
export const UNBONDING_QUEUE_KEY: StateKey<UnbondingQueue> = key('unbondingQueue')
export const SUPPLY_KEY: StateKey<Supply> = key('supply')
export const PARTICIPATION_KEY: StateKey<Participation> = key('participation')
export const CHAIN_KEY: StateKey<ChainRecord> = key('chain')
export const HEAD_KEY: StateKey<HeadRecord> = key('head')

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
  const name = nameByTag.get(encoded[0] ?? 0)
  if (!name) return null
  const { suffix } = KINDS[name]
  const tail = encoded.subarray(1)
  if (suffix === 'none') return tail.length === 0 ? key(name) : null
  if (suffix !== 'number') return tail.length === suffix.bytes ? key(name, toHex(tail)) : null
  if (tail.length !== 8) return null
  const number = Number(new DataView(tail.buffer, tail.byteOffset).getBigUint64(0))
  return Number.isSafeInteger(number) ? key(name, number) : null
}

export function encodeRecord<T>(of: StateKey<T>, value: T): Uint8Array {
  return KINDS[kindOf(of)].encode(value as never)
}

export function decodeRecord<T>(of: StateKey<T>, encoded: Uint8Array): Decoded<T> {
  return KINDS[kindOf(of)].decode(encoded) as Decoded<T>
}

function numberBytes(value: number): Uint8Array {
  const encoded = new Uint8Array(8)
  new DataView(encoded.buffer).setBigUint64(0, BigInt(value))
  return encoded
}
