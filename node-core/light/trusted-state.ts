/** Where a light client stands: one header that it believes, and where it may begin. */
import { genesisSets } from '../economy/validator-set.ts'
import type { Header } from '../protocol/block.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import type { ChainParameters, Genesis } from '../protocol/genesis.ts'
import { genesisHash, validatorsHash } from '../protocol/hash.ts'
import type { ChainId, Hash, Height, TimestampMs } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { genesisValidator } from '../state/records.ts'
import { accept, type LightResult, refuse } from './fault.ts'
import type { LightBlock } from './light-block.ts'

export interface TrustedState {
  /**
   * Where trust began. A checkpoint ages: after the trusting period it is refused. The genesis, which is what names the
   * chain, does not, as long as it is followed epoch by epoch; skipping from an old header is refused whatever it began with.
   */
  readonly origin: 'genesis' | 'checkpoint'
  readonly chainId: ChainId
  /** 0: the genesis itself. */
  readonly height: Height
  /** At height 0 the hash of the genesis, which block 1 names as its parent. */
  readonly blockId: Hash
  readonly timestampMs: TimestampMs
  /** null at height 0. */
  readonly header: Header | null
  /** The set of this height's epoch. */
  readonly set: ValidatorSet
  /** Hash of the set of the epoch after. */
  readonly nextValidatorsHash: Hash
}

/** The trusting period as a share of the unbonding period: two thirds, in millionths. */
const TRUSTING_SHARE = 666_666

/**
 * How old a trusted header may be, ms. Below the unbonding period, so that those who signed it still have their stake to
 * lose when a forgery that they sign is shown; the rest of that period is the time to bring the evidence.
 */
export function trustingPeriodMs({ unbondingMs }: Pick<ChainParameters, 'unbondingMs'>): number {
  return Math.floor((unbondingMs / ONE_MILLION) * TRUSTING_SHARE)
}

/** How far a header's time may be ahead of now, ms: what two honest clocks and one message may differ by. */
export function allowedDriftMs(
  parameters: Pick<ChainParameters, 'clockPrecisionMs' | 'messageDelayMs'>,
): number {
  return 2 * parameters.clockPrecisionMs + parameters.messageDelayMs
}

/** The genesis was read by parseGenesis; where it came from is the caller's trust. */
export function trustGenesis(genesis: Genesis): TrustedState {
  const [set, next] = genesisSets(genesis.validators.map(genesisValidator), genesis.parameters)
  return {
    origin: 'genesis',
    chainId: genesis.chainId,
    height: 0,
    blockId: genesisHash(genesis),
    timestampMs: genesis.timestampMs,
    header: null,
    set,
    nextValidatorsHash: validatorsHash(next),
  }
}

/** A height and the id of its block, from somebody whom the user believes. */
export interface Checkpoint {
  readonly height: Height
  readonly blockId: Hash
}

/**
 * The id commits to the header, the header to the set: whoever delivered them cannot have changed either. `chainId` is the
 * chain whose parameters say how old the checkpoint may be.
 */
export function trustCheckpoint(
  checkpoint: Checkpoint,
  chainId: ChainId,
  block: LightBlock,
): LightResult<TrustedState> {
  const { header, set, id } = block
  if (id !== checkpoint.blockId)
    return refuse('wrong-checkpoint', { expected: checkpoint.blockId, found: id })
  if (header.height !== checkpoint.height)
    return refuse('wrong-height', { expected: checkpoint.height, found: header.height })
  if (header.chainId !== chainId) return refuse('wrong-chain', { expected: chainId, found: header.chainId })
  if (!isSetOf(set, header)) return refuse('set-mismatch', { expected: header.validatorsHash })
  return accept(trustedAt('checkpoint', block))
}

/** The set is the one that the header names, and covers its height. */
export function isSetOf(set: ValidatorSet, header: Header): boolean {
  return (
    validatorsHash(set) === header.validatorsHash &&
    set.firstHeight <= header.height &&
    header.height <= set.lastHeight
  )
}

/** For blocks that were verified, or are named by a checkpoint. */
export function trustedAt(origin: TrustedState['origin'], { header, id, set }: LightBlock): TrustedState {
  return {
    origin,
    chainId: header.chainId,
    height: header.height,
    blockId: id,
    timestampMs: header.timestampMs,
    header,
    set,
    nextValidatorsHash: header.nextValidatorsHash,
  }
}
