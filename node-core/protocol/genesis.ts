/** Genesis: what every node of a chain agrees on before the first block. Its hash is the parent of block 1. */
import type { Address, Amount, ChainId, Gas, Millionths, TimestampMs } from './ids.ts'

export type ProposerSelection = 'round-robin' | 'stake-weighted' | 'reputation-based' | 'hybrid'

/** Set in genesis, changed only by governance. Units are in the names. */
export interface ChainParameters {
  readonly blockTimeMs: number
  readonly emptyIntervalMs: number
  /** T0 of the round timer. */
  readonly roundTimeoutMs: number
  readonly roundTimeoutCapMs: number
  readonly clockPrecisionMs: number
  readonly messageDelayMs: number
  readonly epochBlocks: number
  readonly maxValidators: number
  readonly minimumSelfStake: Amount
  readonly enteringPower: Millionths
  readonly leavingPower: Millionths
  readonly powerCap: Millionths
  readonly powerCapFromValidators: number
  readonly proposerSelection: ProposerSelection
  readonly maximumCommission: Millionths
  readonly minimumCommission: Millionths
  readonly unbondingMs: number
  readonly blockGasLimit: Gas
  readonly genesisBaseFeePerGas: Amount
  /** Share of the base fee that is burned; the rest goes to the reward pool. */
  readonly burnedFee: Millionths
  readonly maximumTransactionBytes: number
  readonly transferGas: Gas
  readonly stakeOperationGas: Gas
  readonly consensusOperationGas: Gas
  /** Saved by each payload of a batch after the first: one signature and one nonce serve all. */
  readonly batchSavingGas: Gas
  /** 0: no faucet (production). */
  readonly faucetDrip: Amount
  /** Blocks between two drips to one account. */
  readonly faucetIntervalBlocks: number
}

export interface GenesisValidator {
  readonly address: Address
  readonly name: string
  readonly validatorKey: Uint8Array
  readonly randomnessKey: Uint8Array
  readonly validatorKeyProof: Uint8Array
  readonly randomnessKeyProof: Uint8Array
  readonly stake: Amount
  readonly commission: Millionths
}

export interface Genesis {
  readonly chainId: ChainId
  readonly timestampMs: TimestampMs
  readonly parameters: ChainParameters
  readonly accounts: readonly { readonly address: Address; readonly balance: Amount }[]
  readonly validators: readonly GenesisValidator[]
}
