/** Canonical bytes of a genesis: hashed, never read back (a genesis travels as JSON, genesis-codec.ts). */
import {
  ED25519_SIGNATURE_BYTES,
  MAX_CHAIN_ID_BYTES,
  MAX_GENESIS_ACCOUNTS,
  MAX_NAME_BYTES,
  MAX_VALIDATORS,
  RANDOMNESS_KEY_BYTES,
  VALIDATOR_KEY_BYTES,
  VRF_PROOF_BYTES,
} from './constants.ts'
import type { Admission, ChainParameters, Genesis, GenesisValidator, ProposerSelection } from './genesis.ts'
import type { Address } from './ids.ts'
import { container, list, mapped } from './ssz-composites.ts'
import { address, bytes, safeUint, text, uint8, uint32, uint64 } from './ssz-scalars.ts'

/** Part of the format: never reused. */
const SELECTIONS: readonly ProposerSelection[] = [
  'round-robin',
  'stake-weighted',
  'reputation-based',
  'hybrid',
]

const proposerSelection = mapped<ProposerSelection, number>(
  uint8,
  (selection) => SELECTIONS.indexOf(selection),
  (number) => SELECTIONS[number]!,
)

const ADMISSIONS: readonly Admission[] = ['stake', 'authority']

const admission = mapped<Admission, number>(
  uint8,
  (choice) => ADMISSIONS.indexOf(choice),
  (number) => ADMISSIONS[number]!,
)

export const parametersType = container<ChainParameters>({
  blockTimeMs: safeUint,
  emptyIntervalMs: safeUint,
  roundTimeoutMs: safeUint,
  roundTimeoutCapMs: safeUint,
  clockPrecisionMs: safeUint,
  messageDelayMs: safeUint,
  epochBlocks: safeUint,
  maxValidators: safeUint,
  minimumSelfStake: uint64,
  minimumDelegation: uint64,
  maximumDelegators: safeUint,
  admission,
  enteringPower: uint32,
  leavingPower: uint32,
  powerCap: uint32,
  powerCapFromValidators: safeUint,
  proposerSelection,
  maximumCommission: uint32,
  minimumCommission: uint32,
  unbondingMs: safeUint,
  annualReward: uint32,
  stakeOperationsPerWindow: safeUint,
  stakeWindowMs: safeUint,
  presenceWindowBlocks: safeUint,
  jailMs: safeUint,
  doubleSignSlash: uint32,
  invalidBlockSlash: uint32,
  unavailableSlash: uint32,
  slowSlash: uint32,
  unavailableOffences: safeUint,
  slowOffences: safeUint,
  reporterShare: uint32,
  blockGasLimit: safeUint,
  senderGasShare: uint32,
  genesisBaseFeePerGas: uint64,
  burnedFee: uint32,
  maximumTransactionBytes: safeUint,
  transferGas: safeUint,
  stakeOperationGas: safeUint,
  consensusOperationGas: safeUint,
  contractOperationGas: safeUint,
  contractByteGas: safeUint,
  batchSavingGas: safeUint,
  faucetDrip: uint64,
  faucetIntervalBlocks: safeUint,
})

const genesisType = container<Genesis>({
  chainId: text(MAX_CHAIN_ID_BYTES),
  timestampMs: safeUint,
  parameters: parametersType,
  accounts: list(container<Genesis['accounts'][number]>({ address, balance: uint64 }), MAX_GENESIS_ACCOUNTS),
  validators: list(
    container<GenesisValidator>({
      address,
      name: text(MAX_NAME_BYTES),
      validatorKey: bytes(VALIDATOR_KEY_BYTES),
      randomnessKey: bytes(RANDOMNESS_KEY_BYTES),
      validatorKeyProof: bytes(ED25519_SIGNATURE_BYTES),
      randomnessKeyProof: bytes(VRF_PROOF_BYTES),
      stake: uint64,
      commission: uint32,
    }),
    MAX_VALIDATORS,
  ),
})

/** Accounts and validators by address, whatever their order was. */
export function encodeGenesis(genesis: Genesis): Uint8Array {
  return genesisType.serialize({
    ...genesis,
    accounts: genesis.accounts.toSorted(byAddress),
    validators: genesis.validators.toSorted(byAddress),
  })
}

function byAddress(a: { readonly address: Address }, b: { readonly address: Address }): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0
}
