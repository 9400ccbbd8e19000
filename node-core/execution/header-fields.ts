/** The fields of a header that the parent and its state decide. */

import { nextBaseFee } from '../economy/base-fee.ts'
import { pendingSetChange } from '../economy/validator-set.ts'
import { assert } from '../lib/assert.ts'
import type { Header } from '../protocol/block.ts'
import { BLOCK_VERSION } from '../protocol/constants.ts'
import { validatorsHash } from '../protocol/hash.ts'
import type { Amount, Gas, Hash, TimestampMs } from '../protocol/ids.ts'
import { HEAD_KEY } from '../state/keys.ts'
import type { ChainState } from '../state/store.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'

/** The block before; for block 1 what createGenesis gives. */
export interface ParentInfo {
  /** null: the genesis. */
  readonly header: Header | null
  readonly id: Hash
  readonly randomness: Hash
  readonly timestampMs: TimestampMs
  readonly baseFeePerGas: Amount
  readonly gasUsed: Gas
  readonly gasLimit: Gas
}

export type GivenFields = Pick<
  Header,
  | 'version'
  | 'chainId'
  | 'height'
  | 'parentId'
  | 'validatorsHash'
  | 'nextValidatorsHash'
  | 'gasLimit'
  | 'baseFeePerGas'
>

export function givenFields(state: ChainState, parent: ParentInfo): GivenFields {
  const height = (parent.header?.height ?? 0) + 1
  assert(state.get(HEAD_KEY)?.height === height - 1, 'the state is the one after the parent')
  const { parameters } = state
  const epoch = epochOf(height, parameters)
  return {
    version: BLOCK_VERSION,
    chainId: state.chainId,
    height,
    parentId: parent.id,
    validatorsHash: validatorsHash(validatorSetOf(state, epoch)),
    nextValidatorsHash: validatorsHash(validatorSetOf(state, epoch + 1)),
    gasLimit: parameters.blockGasLimit,
    baseFeePerGas: nextBaseFee(parent, parameters.genesisBaseFeePerGas),
  }
}

/** A block with nothing in it comes later, unless a change of the validator set waits for blocks to pass. */
export function earliestTimestamp(
  state: ChainState,
  parent: ParentInfo,
  content: { readonly isEmpty: boolean },
): TimestampMs {
  const { parameters } = state
  const isIdle = content.isEmpty && !pendingSetChange(state, parameters)
  return parent.timestampMs + (isIdle ? parameters.emptyIntervalMs : parameters.blockTimeMs)
}
