/** Genesis: what every node of a chain agrees on before the first block. Its hash is the parent of block 1. */
import type { Address, Amount, ChainId, Gas, Millionths, TimestampMs } from './ids.ts'
import type { ValidatorRegister } from './transaction.ts'

/** By stake alone, or by the votes of the members too. */
export type Admission = 'stake' | 'authority'

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
  /** Of one delegator at one validator; less is not left behind either. */
  readonly minimumDelegation: Amount
  /** Of one validator, itself among them. */
  readonly maximumDelegators: number
  readonly admission: Admission
  readonly enteringPower: Millionths
  readonly leavingPower: Millionths
  readonly powerCap: Millionths
  readonly powerCapFromValidators: number
  readonly proposerSelection: ProposerSelection
  readonly maximumCommission: Millionths
  readonly minimumCommission: Millionths
  readonly unbondingMs: number
  /** New stake a year for the stake that is bonded. */
  readonly annualReward: Millionths
  /** Stake operations of one account within stakeWindowMs; one more waits for the window's end. */
  readonly stakeOperationsPerWindow: number
  readonly stakeWindowMs: number
  /** Blocks of a window in which presence is judged. */
  readonly presenceWindowBlocks: number
  /** Before a validator in jail may ask to be let out. */
  readonly jailMs: number
  /** Shares of stake lost. */
  readonly doubleSignSlash: Millionths
  readonly invalidBlockSlash: Millionths
  readonly unavailableSlash: Millionths
  readonly slowSlash: Millionths
  /** The offence that is slashed; those before it are not. */
  readonly unavailableOffences: number
  readonly slowOffences: number
  /** Share of what is slashed that goes to whoever sent the evidence; the rest is burned. */
  readonly reporterShare: Millionths
  readonly blockGasLimit: Gas
  /** Share of a block's gas that one sender may use. */
  readonly senderGasShare: Millionths
  readonly genesisBaseFeePerGas: Amount
  /** Share of the base fee that is burned; the rest goes to the reward pool. */
  readonly burnedFee: Millionths
  readonly maximumTransactionBytes: number
  readonly transferGas: Gas
  readonly stakeOperationGas: Gas
  readonly consensusOperationGas: Gas
  readonly contractOperationGas: Gas
  /** For each byte of a contract operation's content. */
  readonly contractByteGas: Gas
  /** Saved by each payload of a batch after the first: one signature and one nonce serve all. */
  readonly batchSavingGas: Gas
  /** 0: no faucet (production). */
  readonly faucetDrip: Amount
  /** Blocks between two drips to one account. */
  readonly faucetIntervalBlocks: number
}

/** As it would register. */
export interface GenesisValidator extends Omit<ValidatorRegister, 'type'> {
  readonly address: Address
}

export interface Genesis {
  readonly chainId: ChainId
  readonly timestampMs: TimestampMs
  readonly parameters: ChainParameters
  readonly accounts: readonly { readonly address: Address; readonly balance: Amount }[]
  readonly validators: readonly GenesisValidator[]
}
