/** From a genesis to the state before block 1. */
import { genesisSets } from '../economy/validator-set.ts'
import { assert } from '../lib/assert.ts'
import { toHex } from '../lib/bytes.ts'
import { MAX_AMOUNT } from '../protocol/amount.ts'
import { MAX_VALIDATORS, ONE_MILLION } from '../protocol/constants.ts'
import type { ChainParameters, Genesis, GenesisValidator } from '../protocol/genesis.ts'
import { genesisRandomness, genesisHash as hashGenesis } from '../protocol/hash.ts'
import type { Amount, Hash } from '../protocol/ids.ts'
import { assertRecounted } from '../state/invariants.ts'
import type { StatePage } from '../state/pages.ts'
import {
  accountKey,
  CHAIN_KEY,
  HEAD_KEY,
  keyOwnerKey,
  PARTICIPATION_KEY,
  SUPPLY_KEY,
  UNBONDING_QUEUE_KEY,
  type ValidatorRecord,
  validatorKey,
  validatorSetKey,
} from '../state/records.ts'
import { ChainState } from '../state/store.ts'
import type { ParentInfo } from './header-fields.ts'
import { checkTerms } from './validator-terms.ts'

export interface GenesisState {
  readonly state: ChainState
  readonly genesisHash: Hash
  /** What block 1 builds on. */
  readonly parent: ParentInfo
  /** The whole state, to be stored. */
  readonly pages: readonly StatePage[]
}

/** The genesis must have passed checkGenesis. Stakes are beside the accounts' balances, not out of them. */
export function createGenesis(genesis: Genesis): GenesisState {
  const problem = checkGenesis(genesis)
  assert(problem === null, `a genesis is checked before: ${problem?.code} ${problem?.detail}`)
  const state = new ChainState()
  const overlay = state.overlay()
  const { parameters, chainId, timestampMs } = genesis
  const balances = sum(genesis.accounts.map((account) => account.balance))
  const bonded = sum(genesis.validators.map((validator) => validator.stake))

  overlay.set(CHAIN_KEY, { chainId, parameters })
  overlay.set(HEAD_KEY, { height: 0, timestampMs })
  overlay.set(PARTICIPATION_KEY, [])
  overlay.set(UNBONDING_QUEUE_KEY, { head: 0, tail: 0 })
  const nothing = { minted: 0n, faucet: 0n, burned: 0n, unbonding: 0n, rewardPool: 0n }
  overlay.set(SUPPLY_KEY, { ...nothing, genesis: balances + bonded, balances, bonded })
  for (const { address, balance } of genesis.accounts)
    overlay.set(accountKey(address), { balance, nonce: 0, lastDripHeight: 0 })
  const validators = genesis.validators.map(validatorRecord)
  for (const validator of validators) {
    overlay.set(validatorKey(validator.address), validator)
    overlay.set(keyOwnerKey(validator.validatorKey), { address: validator.address })
  }
  for (const set of genesisSets(validators, parameters)) overlay.set(validatorSetKey(set.epoch), set)
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

function validatorRecord(validator: GenesisValidator): ValidatorRecord {
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

export interface GenesisProblem {
  readonly code:
    | 'no-validators'
    | 'too-many-validators'
    | 'validator-twice'
    | 'key-twice'
    | 'account-twice'
    | 'below-minimum-stake'
    | 'name-invalid'
    | 'commission-out-of-range'
    | 'too-much-money'
    | 'parameter-invalid'
  /** The address, key or parameter. */
  readonly detail: string
}

/** A genesis comes from outside: the first problem in it, or null. Possession proofs are verified by the caller. */
export function checkGenesis({ accounts, validators, parameters }: Genesis): GenesisProblem | null {
  const parameter = invalidParameter(parameters)
  if (parameter) return { code: 'parameter-invalid', detail: parameter }
  if (validators.length === 0) return { code: 'no-validators', detail: '' }
  if (validators.length > Math.min(parameters.maxValidators, MAX_VALIDATORS))
    return { code: 'too-many-validators', detail: String(validators.length) }
  const account = repeated(accounts.map(({ address }) => address))
  if (account) return { code: 'account-twice', detail: account }
  const address = repeated(validators.map((validator) => validator.address))
  if (address) return { code: 'validator-twice', detail: address }
  const key = repeated(validators.map((validator) => toHex(validator.validatorKey)))
  if (key) return { code: 'key-twice', detail: key }
  for (const validator of validators) {
    const terms = checkTerms(validator, parameters)
    if (terms?.code === 'name-invalid' || terms?.code === 'commission-out-of-range')
      return { code: terms.code, detail: validator.address }
    if (validator.stake < parameters.minimumSelfStake)
      return { code: 'below-minimum-stake', detail: validator.address }
  }
  const total = sum([...accounts.map(({ balance }) => balance), ...validators.map(({ stake }) => stake)])
  return total > MAX_AMOUNT ? { code: 'too-much-money', detail: String(total) } : null
}

/** The name of the first parameter with which the chain could not run. */
function invalidParameter(parameters: ChainParameters): string | null {
  const { blockGasLimit, stakeOperationGas, transferGas, batchSavingGas } = parameters
  const rules: Partial<Record<keyof ChainParameters, boolean>> = {
    blockTimeMs: parameters.blockTimeMs > 0,
    emptyIntervalMs: parameters.emptyIntervalMs >= parameters.blockTimeMs,
    epochBlocks: parameters.epochBlocks >= 2,
    maxValidators: parameters.maxValidators >= 1 && parameters.maxValidators <= MAX_VALIDATORS,
    enteringPower: parameters.enteringPower <= ONE_MILLION,
    leavingPower: parameters.leavingPower <= ONE_MILLION,
    powerCap: parameters.powerCap > 0 && parameters.powerCap <= ONE_MILLION,
    maximumCommission: parameters.maximumCommission <= ONE_MILLION,
    minimumCommission: parameters.minimumCommission <= parameters.maximumCommission,
    genesisBaseFeePerGas: parameters.genesisBaseFeePerGas > 0n,
    burnedFee: parameters.burnedFee <= ONE_MILLION,
    minimumSelfStake: parameters.minimumSelfStake > 0n,
    transferGas: transferGas > 0 && transferGas <= blockGasLimit,
    stakeOperationGas: stakeOperationGas > 0 && stakeOperationGas <= blockGasLimit,
    batchSavingGas: batchSavingGas < transferGas && batchSavingGas < stakeOperationGas,
  }
  const broken = Object.entries(rules).find(([, holds]) => !holds)
  return broken ? broken[0] : null
}

function repeated(names: readonly string[]): string | null {
  return names.find((name, i) => names.indexOf(name) !== i) ?? null
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
