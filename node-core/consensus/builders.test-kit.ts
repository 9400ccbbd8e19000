/** For the tests of this folder: validator sets, blocks and messages with dummy signatures, and deep freezing. */
import type { Header } from '../protocol/block.ts'
import { ZERO_HASH } from '../protocol/hash.ts'
import type { Address, Hash, Height, Round } from '../protocol/ids.ts'
import {
  type Commit,
  type CompactBlock,
  markVerified,
  type PrePrepare,
  type Prepare,
  type Prepared,
  type Reject,
  type RoundChange,
  type VerifiedMessage,
} from '../protocol/messages.ts'
import { initialPriorities } from '../protocol/proposer-priority.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { ConsensusParameters } from './replica-state.ts'

export const PARAMETERS: ConsensusParameters = {
  blockTimeMs: 1_000,
  emptyIntervalMs: 2_000,
  roundTimeoutMs: 2_000,
  roundTimeoutCapMs: 120_000,
  clockPrecisionMs: 250,
  messageDelayMs: 400,
}

/** Wall time of the genesis in every test, ms. */
export const GENESIS_MS = 1_700_000_000_000
export const GENESIS_ID = hashNumber(0xabc)
const SIGNATURE = new Uint8Array(64)
const RANDOMNESS_REVEAL = new Uint8Array(80)

export function hashNumber(n: number): Hash {
  return `0x${n.toString(16).padStart(64, '0')}` as Hash
}

/** Member i of every set made here. */
export function member(index: number): Address {
  return `0x${(index + 1).toString(16).padStart(40, '0')}` as Address
}

/** Members in address order; weights are the powers. */
export function validatorSet(powers: readonly number[]): ValidatorSet {
  const priorities = initialPriorities(powers.map(BigInt))
  return {
    epoch: 0,
    firstHeight: 1,
    lastHeight: 1_000_000,
    totalPower: BigInt(powers.reduce((sum, power) => sum + power, 0)),
    members: powers.map((power, index) => ({
      address: member(index),
      validatorKey: new Uint8Array(32).fill(index),
      randomnessKey: new Uint8Array(32).fill(index),
      power: BigInt(power),
      weight: BigInt(power),
      priority: priorities[index]!,
    })),
  }
}

interface BlockOptions {
  readonly height?: Height
  readonly proposer?: Address
  readonly timestampMs?: number
  readonly parentId?: Hash
  readonly empty?: boolean
}

export function compactBlock(options: BlockOptions = {}): CompactBlock {
  const header: Header = {
    version: 1,
    chainId: 'test',
    height: options.height ?? 1,
    parentId: options.parentId ?? GENESIS_ID,
    timestampMs: options.timestampMs ?? GENESIS_MS + PARAMETERS.blockTimeMs,
    proposer: options.proposer ?? member(0),
    validatorsHash: ZERO_HASH,
    nextValidatorsHash: ZERO_HASH,
    transactionsRoot: ZERO_HASH,
    receiptsRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    evidenceRoot: ZERO_HASH,
    lastCertificateHash: ZERO_HASH,
    gasUsed: 0,
    gasLimit: 1,
    baseFeePerGas: 1n,
    randomnessReveal: RANDOMNESS_REVEAL,
    randomness: ZERO_HASH,
  }
  const transactionIds = options.empty ? [] : [hashNumber(7)]
  return { header, transactionIds, evidence: [], parentCertificate: null }
}

interface Place {
  readonly height?: Height
  readonly round?: Round
}

function signedBy(sender: number, { height = 1, round = 0 }: Place) {
  return { height, round, sender: member(sender), signature: SIGNATURE }
}

export function prepare(sender: number, blockId: Hash, place: Place = {}): VerifiedMessage<Prepare> {
  return markVerified({ type: 'prepare', ...signedBy(sender, place), blockId })
}

export function commit(sender: number, blockId: Hash, place: Place = {}): VerifiedMessage<Commit> {
  return markVerified({ type: 'commit', ...signedBy(sender, place), blockId })
}

export function rejectOf(
  sender: number,
  blockId: Hash,
  code: string,
  place: Place = {},
): VerifiedMessage<Reject> {
  return markVerified({ type: 'reject', ...signedBy(sender, place), blockId, code })
}

interface RoundChangeOptions extends Place {
  readonly prepared?: Prepared | null
  readonly preparedCertificate?: readonly Prepare[]
}

export function roundChange(sender: number, options: RoundChangeOptions): VerifiedMessage<RoundChange> {
  return markVerified({
    type: 'round-change',
    ...signedBy(sender, options),
    prepared: options.prepared ?? null,
    preparedCertificate: options.preparedCertificate ?? [],
  })
}

interface PrePrepareOptions extends Place {
  readonly blockId: Hash
  readonly block?: CompactBlock
  readonly justification?: readonly RoundChange[]
}

/** The block is by the sender unless one is given. */
export function prePrepare(sender: number, options: PrePrepareOptions): VerifiedMessage<PrePrepare> {
  const { height = 1 } = options
  return markVerified({
    type: 'pre-prepare',
    ...signedBy(sender, options),
    blockId: options.blockId,
    block: options.block ?? compactBlock({ height, proposer: member(sender) }),
    justification: options.justification ?? [],
  })
}

/** Freezes what is reachable, so that a change of it throws. Bytes cannot be frozen; maps get their methods taken away. */
export function deepFreeze<T>(value: T, seen: Set<object> = new Set()): T {
  if (typeof value !== 'object' || value === null || seen.has(value) || value instanceof Uint8Array)
    return value
  seen.add(value)
  if (value instanceof Map && !Object.isFrozen(value)) {
    const refuse = () => {
      throw new TypeError('a state was changed in place')
    }
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse })
    for (const each of value.values()) deepFreeze(each, seen)
  }
  for (const each of Object.values(value)) deepFreeze(each, seen)
  return Object.freeze(value)
}
