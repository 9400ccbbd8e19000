/** From a genesis to the state before block 1. */
import { recordEpoch } from '../economy/epoch-records.ts'
import { genesisSets } from '../economy/validator-set.ts'
import { assert } from '../lib/assert.ts'
import { MAX_AMOUNT } from '../protocol/amount.ts'
import type { Genesis } from '../protocol/genesis.ts'
import { genesisRandomness, genesisHash as hashGenesis } from '../protocol/hash.ts'
import type { Amount, Hash } from '../protocol/ids.ts'
import { assertRecounted } from '../state/invariants.ts'
import {
  accountKey,
  CHAIN_KEY,
  delegationKey,
  HEAD_KEY,
  keyOwnerKey,
  PARTICIPATION_KEY,
  SUPPLY_KEY,
  validatorKey,
  validatorSetKey,
} from '../state/keys.ts'
import type { StatePage } from '../state/pages.ts'
import { firstDelegation, genesisValidator, stakeOf } from '../state/records.ts'
import { ChainState } from '../state/store.ts'
import type { ParentInfo } from './header-fields.ts'

export interface GenesisState {
  readonly state: ChainState
  readonly genesisHash: Hash
  /** What block 1 builds on. */
  readonly parent: ParentInfo
  /** The whole state, to be stored. */
  readonly pages: readonly StatePage[]
}

/**
 * The genesis was read by parseGenesis and its proofs of possession verified: what is wrong with one is told there.
 * Stakes are beside the accounts' balances, not out of them. Genesis validators are in the sets of epochs 0 and 1.
 */
export function createGenesis(genesis: Genesis): GenesisState {
  assert(genesis.validators.length > 0, 'a genesis has validators')
  const state = new ChainState()
  const overlay = state.overlay()
  const { parameters, chainId, timestampMs } = genesis
  const balances = sum(genesis.accounts.map((account) => account.balance))
  const bonded = sum(genesis.validators.map((validator) => validator.stake))

  overlay.set(CHAIN_KEY, { chainId, parameters })
  overlay.set(HEAD_KEY, { height: 0, timestampMs })
  overlay.set(PARTICIPATION_KEY, [])
  const nothing = { minted: 0n, faucet: 0n, burned: 0n, unbonding: 0n, rewardPool: 0n, rewards: 0n }
  assert(balances + bonded <= MAX_AMOUNT, 'all money fits in 64 bits')
  overlay.set(SUPPLY_KEY, { ...nothing, genesis: balances + bonded, balances, bonded })
  for (const { address, balance } of genesis.accounts)
    overlay.set(accountKey(address), { balance, nonce: 0, lastDripHeight: 0, funder: null })
  const validators = genesis.validators.map(genesisValidator)
  for (const validator of validators) {
    overlay.set(validatorKey(validator.address), validator)
    overlay.set(delegationKey(validator.address, validator.address), firstDelegation(stakeOf(validator)))
    overlay.set(keyOwnerKey(validator.validatorKey), {
      address: validator.address,
      fromEpoch: 0,
      untilEpoch: null,
    })
  }
  for (const set of genesisSets(validators, parameters)) {
    overlay.set(validatorSetKey(set.epoch), set)
    recordEpoch(overlay, set)
  }
  assertRecounted(overlay)

  const genesisHash = hashGenesis(genesis)
  return { state, genesisHash, parent: parentOfFirst(genesis, genesisHash), pages: overlay.adopt() }
}

/** As after a block at the gas target, so that block 1 has the genesis base fee. */
function parentOfFirst({ parameters, timestampMs }: Genesis, genesisHash: Hash): ParentInfo {
  return {
    header: null,
    id: genesisHash,
    randomness: genesisRandomness(genesisHash),
    timestampMs,
    baseFeePerGas: parameters.genesisBaseFeePerGas,
    gasUsed: Math.floor(parameters.blockGasLimit / 2),
    gasLimit: parameters.blockGasLimit,
  }
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
