/** The kinds of records: their tags, keys' suffixes and canonical bytes (SSZ). */
import type { Type } from '@chainsafe/ssz'
import { assert } from '../lib/assert.ts'
import { type Decoded, decodeWith, encodeWith } from '../protocol/codec.ts'
import { parametersType } from '../protocol/codec-genesis.ts'
import { proposablePayloadType } from '../protocol/codec-transaction.ts'
import { decodeValidatorSet, encodeValidatorSet } from '../protocol/codec-validator-set.ts'
import {
  ADDRESS_BYTES,
  HASH_BYTES,
  MAX_CHAIN_ID_BYTES,
  MAX_MULTISIG_MEMBERS,
  MAX_NAME_BYTES,
  MAX_OPEN_PROPOSALS,
  MAX_VALIDATORS,
  RANDOMNESS_KEY_BYTES,
  VALIDATOR_KEY_BYTES,
} from '../protocol/constants.ts'
import type { Epoch } from '../protocol/ids.ts'
import type { Offence } from '../protocol/offence.ts'
import { container, flag, list, mapped, optional } from '../protocol/ssz-composites.ts'
import {
  address,
  bytes,
  hash,
  safeUint,
  text,
  uint8,
  uint32,
  uint64,
  uint128,
  uint256,
} from '../protocol/ssz-scalars.ts'
import type {
  Account,
  AdmissionVotes,
  AnnouncedChange,
  ChainRecord,
  Delegation,
  EpochRecord,
  EpochSlashes,
  HeadRecord,
  Jail,
  JailReason,
  KeyOwner,
  MultisigAccount,
  MultisigProposal,
  OffenceCount,
  ParticipationCount,
  PendingRewards,
  PositionCounter,
  PresenceCount,
  Redelegation,
  Slash,
  StakeActivity,
  StakePool,
  Supply,
  Unbonding,
  ValidatorRecord,
} from './records.ts'

interface RecordKind {
  /** First byte of the key: never given to another kind. */
  readonly tag: number
  readonly suffix: 'none' | 'number' | { readonly bytes: number }
  readonly encode: (value: never) => Uint8Array
  readonly decode: (bytes: Uint8Array) => Decoded<unknown>
}

const accountType = container<Account>({
  balance: uint64,
  nonce: safeUint,
  lastDripHeight: safeUint,
  funder: optional(address),
})

const poolType = container<StakePool>({ stake: uint64, shares: uint128 })

/** Part of the format: a choice is the place in its list. */
function choice<T extends string>(choices: readonly T[]): Type<T> {
  return mapped<T, number>(
    uint8,
    (value) => choices.indexOf(value),
    (number) => choices[number]!,
  )
}

const offencesType = container<OffenceCount>({ count: uint32, lastAtMs: safeUint })

const validatorType = container<ValidatorRecord>({
  address,
  name: text(MAX_NAME_BYTES),
  validatorKey: bytes(VALIDATOR_KEY_BYTES),
  randomnessKey: bytes(RANDOMNESS_KEY_BYTES),
  paying: poolType,
  compounding: poolType,
  rewardPerShare: uint256,
  heldRewards: uint64,
  heldCommission: uint64,
  delegators: uint32,
  commission: uint32,
  registeredAtHeight: safeUint,
  funder: optional(address),
  readyEpoch: optional(safeUint),
  paused: flag,
  exiting: flag,
  jail: optional(
    container<Jail>({
      reason: choice<JailReason>(['unavailable', 'invalid-block', 'double-sign', 'amnesia']),
      releasesAtMs: safeUint,
    }),
  ),
  tombstoned: flag,
  admitted: flag,
  unavailable: offencesType,
  slow: offencesType,
  rotatedAtMs: safeUint,
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
  rewards: uint64,
})

/** Redelegations of one account to one validator at a time. */
export const MAX_REDELEGATIONS = 8

/** Members of the sets of neighbouring epochs: they may all be different ones. */
const MAX_COUNTED = 2_048

/** Admissions and expulsions that are voted on in an epoch. */
export const MAX_OPEN_VOTES = 64

/** Slashes of one epoch that are listed; more are carried out all the same. */
export const MAX_LISTED_SLASHES = 1_024

/** Larger than any record. */
const MAX_RECORD_BYTES = 128 * 1024

export const KINDS = {
  account: kind(1, { bytes: ADDRESS_BYTES }, accountType),
  validator: kind(2, { bytes: ADDRESS_BYTES }, validatorType),
  unbonding: kind(
    3,
    'number',
    container<Unbonding>({
      address,
      validator: address,
      amount: uint64,
      initialAmount: uint64,
      begunAtHeight: safeUint,
      lastEpoch: safeUint,
    }),
  ),
  positionCounter: kind(4, 'none', container<PositionCounter>({ next: safeUint })),
  supply: kind(5, 'none', supplyType),
  validatorSet: { tag: 6, suffix: 'number', encode: encodeValidatorSet, decode: decodeValidatorSet },
  participation: kind(
    7,
    'none',
    list(
      container<ParticipationCount>({ address, signed: uint32, expected: uint32, proposed: uint32 }),
      MAX_COUNTED,
    ),
  ),
  chain: kind(
    8,
    'none',
    container<ChainRecord>({ chainId: text(MAX_CHAIN_ID_BYTES), parameters: parametersType }),
  ),
  head: kind(9, 'none', container<HeadRecord>({ height: safeUint, timestampMs: safeUint })),
  validatorKey: kind(
    10,
    { bytes: VALIDATOR_KEY_BYTES },
    container<KeyOwner>({ address, fromEpoch: safeUint, untilEpoch: optional(safeUint) }),
  ),
  delegation: kind(
    11,
    { bytes: 2 * ADDRESS_BYTES },
    container<Delegation>({ compounding: flag, shares: uint128, rewardPerShare: uint256, principal: uint64 }),
  ),
  redelegations: kind(
    12,
    { bytes: 2 * ADDRESS_BYTES },
    list(
      container<Redelegation>({
        from: address,
        amount: uint64,
        begunAtHeight: safeUint,
        lastEpoch: safeUint,
      }),
      MAX_REDELEGATIONS,
    ),
  ),
  epoch: kind(
    13,
    'number',
    container<EpochRecord>({
      validatorsHash: hash,
      endedAtMs: optional(safeUint),
      stakes: list(container<EpochRecord['stakes'][number]>({ address, stake: uint64 }), MAX_VALIDATORS),
    }),
  ),
  pendingRewards: kind(
    14,
    'none',
    list(container<PendingRewards[number]>({ address, amount: uint64 }), MAX_COUNTED),
  ),
  presence: kind(
    15,
    'none',
    list(container<PresenceCount>({ address, expected: uint32, signed: uint32, heard: flag }), MAX_COUNTED),
  ),
  admissionVotes: kind(
    16,
    'none',
    list(
      container<AdmissionVotes[number]>({
        validator: address,
        kind: choice(['admit', 'expel'] as const),
        voters: list(address, MAX_VALIDATORS),
      }),
      MAX_OPEN_VOTES,
    ),
  ),
  multisig: kind(
    17,
    { bytes: ADDRESS_BYTES },
    container<MultisigAccount>({
      threshold: uint8,
      members: list(address, MAX_MULTISIG_MEMBERS),
      nextProposal: safeUint,
      open: list(safeUint, MAX_OPEN_PROPOSALS),
    }),
  ),
  multisigProposal: kind(
    18,
    { bytes: ADDRESS_BYTES + 8 },
    container<MultisigProposal>({
      proposer: address,
      payload: proposablePayloadType,
      approvals: list(address, MAX_MULTISIG_MEMBERS),
      expiresAtHeight: safeUint,
    }),
  ),
  stakeActivity: kind(
    19,
    { bytes: ADDRESS_BYTES },
    container<StakeActivity>({ windowBeganMs: safeUint, operations: uint32 }),
  ),
  /** What evidence was punished for, so that it is not punished again, and its epoch. */
  evidence: kind(20, { bytes: HASH_BYTES }, container<{ epoch: Epoch }>({ epoch: safeUint })),
  slashes: kind(
    21,
    'none',
    container<EpochSlashes>({
      epoch: safeUint,
      slashes: list(
        container<Slash>({
          validator: address,
          offence: choice<Offence>(['double-sign', 'amnesia', 'invalid-block', 'unavailable', 'slow']),
          offenceHeight: safeUint,
          height: safeUint,
          fraction: uint32,
          amount: uint64,
          reporter: optional(address),
        }),
        MAX_LISTED_SLASHES,
      ),
    }),
  ),
} satisfies Record<string, RecordKind>

export type KindName = keyof typeof KINDS

const NAMES = Object.keys(KINDS) as KindName[]
export const kindByTag = new Map(NAMES.map((name) => [KINDS[name].tag, name]))
assert(kindByTag.size === NAMES.length, 'one tag a kind')

function kind<T>(tag: number, suffix: RecordKind['suffix'], type: Type<T>): RecordKind {
  return {
    tag,
    suffix,
    encode: (value: never) => encodeWith(type, value),
    decode: (encoded) => decodeWith(type, encoded, MAX_RECORD_BYTES),
  }
}
