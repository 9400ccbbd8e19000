/** For tests: a chain without consensus. Keys and signatures are stand-ins, as execution takes them for verified. */
import { addressOf } from '../protocol/address.ts'
import type { Header } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { encodeTransaction } from '../protocol/codec-transaction.ts'
import type { ChainParameters, Genesis, GenesisValidator } from '../protocol/genesis.ts'
import { blockId, randomnessOf, sha256, transactionId } from '../protocol/hash.ts'
import type { Address, Amount, Height } from '../protocol/ids.ts'
import { VECTOR_PARAMETERS } from '../protocol/parameters.test-kit.ts'
import {
  markVerified,
  type Payload,
  type Transaction,
  type VerifiedTransaction,
} from '../protocol/transaction.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { accountOf } from '../state/ledger.ts'
import type { StatePage } from '../state/pages.ts'
import type { ChainState } from '../state/store.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'
import { type BlockCheck, type CandidateBlock, checkBlock, type ParentInfo } from './apply-block.ts'
import { createGenesis } from './genesis.ts'
import { type Proposal, proposeBlock } from './propose-block.ts'

export const AIT = 1_000_000_000n

export const PARAMETERS: ChainParameters = {
  ...VECTOR_PARAMETERS,
  emptyIntervalMs: 10_000,
  roundTimeoutMs: 1_000,
  roundTimeoutCapMs: 120_000,
  clockPrecisionMs: 500,
  epochBlocks: 5,
  genesisBaseFeePerGas: 1_000n,
  maximumTransactionBytes: 16_384,
  batchSavingGas: 10_000,
  faucetDrip: 10n * AIT,
  faucetIntervalBlocks: 20,
}

/** Of person or validator n. */
export function publicKey(n: number): Uint8Array {
  return sha256(Uint8Array.of(0xac, n))
}

export function addressNumber(n: number): Address {
  return addressOf(0, publicKey(n))
}

export function consensusKey(n: number): Uint8Array {
  return sha256(Uint8Array.of(0xc0, n))
}

export function genesisValidator(n: number, stake = 10_000n * AIT): GenesisValidator {
  return {
    address: addressNumber(n),
    name: `validator ${n}`,
    validatorKey: consensusKey(n),
    randomnessKey: new Uint8Array(32).fill(n),
    validatorKeyProof: new Uint8Array(64),
    randomnessKeyProof: new Uint8Array(80),
    stake,
    commission: 50_000,
  }
}

export interface ChainOptions {
  readonly parameters?: Partial<ChainParameters>
  /** Validators are numbers 0 … n − 1. */
  readonly validators?: number
  readonly validatorStakes?: readonly Amount[]
  /** Numbers funded with 100,000 AIT each. */
  readonly funded?: readonly number[]
}

export function testGenesis(options: ChainOptions = {}): Genesis {
  const stakes = options.validatorStakes ?? Array<Amount>(options.validators ?? 4).fill(10_000n * AIT)
  return {
    chainId: 'aitbc-test',
    timestampMs: 1_000_000,
    parameters: { ...PARAMETERS, ...options.parameters },
    accounts: (options.funded ?? [0, 1, 2, 3, 4]).map((n) => ({
      address: addressNumber(n),
      balance: 100_000n * AIT,
    })),
    validators: stakes.map((stake, n) => genesisValidator(n, stake)),
  }
}

export interface TransactionOptions {
  readonly nonce?: number
  readonly gasLimit?: number
  readonly maxFeePerGas?: Amount
  readonly tip?: Amount
  readonly validUntilHeight?: Height
  readonly chainId?: string
}

export function transactionBy(
  n: number,
  payload: Payload,
  options: TransactionOptions = {},
): VerifiedTransaction {
  const transaction: Transaction = {
    chainId: options.chainId ?? 'aitbc-test',
    sender: addressNumber(n),
    nonce: options.nonce ?? 0,
    gasLimit: options.gasLimit ?? 5_000_000,
    maxFeePerGas: options.maxFeePerGas ?? 2_000n,
    maxPriorityFeePerGas: options.tip ?? 10n,
    validUntilHeight: options.validUntilHeight ?? 1_000_000,
    payload,
    signature: { scheme: 0, publicKey: publicKey(n), bytes: new Uint8Array(64) },
  }
  return markVerified(transactionId(transaction), transaction, encodeTransaction(transaction))
}

export function registration(
  n: number,
  stake = 10_000n * AIT,
): Extract<Payload, { type: 'validator.register' }> {
  const { validatorKey, randomnessKey, validatorKeyProof, randomnessKeyProof, name, commission } =
    genesisValidator(n)
  return {
    type: 'validator.register',
    validatorKey,
    randomnessKey,
    validatorKeyProof,
    randomnessKeyProof,
    stake,
    commission,
    name,
  }
}

export interface BlockOptions {
  readonly timestampMs?: number
  readonly proposer?: Address
  /** Members whose COMMIT is not in the parent's certificate. */
  readonly absent?: readonly Address[]
}

export const VERIFIED_OUTSIDE = { randomnessValid: true, parentCertificateValid: true }

export class TestChain {
  readonly genesis: Genesis
  readonly state: ChainState
  readonly stored = new Map<string, Uint8Array>()
  parent: ParentInfo

  constructor(options: ChainOptions = {}) {
    this.genesis = testGenesis(options)
    const { state, parent, pages } = createGenesis(this.genesis)
    this.state = state
    this.parent = parent
    this.#store(pages)
  }

  get height(): Height {
    return this.parent.header?.height ?? 0
  }

  /** Of the next block. */
  get set(): ValidatorSet {
    return validatorSetOf(this.state, epochOf(this.height + 1, this.state.parameters))
  }

  /** Of the next transaction of person n. */
  nonceOf(n: number): number {
    return accountOf(this.state, addressNumber(n)).nonce
  }

  /** With the sender's next nonce. */
  by(n: number, payload: Payload, options: TransactionOptions = {}): VerifiedTransaction {
    return transactionBy(n, payload, { nonce: this.nonceOf(n), ...options })
  }

  propose(
    candidates: readonly VerifiedTransaction[] = [],
    options: BlockOptions = {},
  ): Proposal & CandidateBlock {
    const parentCertificate = this.certificate(options.absent)
    const proposal = proposeBlock(this.state, this.parent, {
      proposer: options.proposer ?? this.set.members[0]!.address,
      timestampMs: options.timestampMs ?? 0,
      randomnessReveal: new Uint8Array(80).fill(this.height),
      randomness: randomnessOf(new Uint8Array(64).fill(this.height)),
      candidates,
      evidence: [],
      parentCertificate,
      maxBytes: 1_000_000,
    })
    return { ...proposal, evidence: [], parentCertificate }
  }

  check(block: CandidateBlock): BlockCheck {
    return checkBlock(this.state, this.parent, block, VERIFIED_OUTSIDE)
  }

  /** Proposes, checks, adopts. */
  decide(candidates: readonly VerifiedTransaction[] = [], options: BlockOptions = {}): Proposal {
    const proposal = this.propose(candidates, options)
    const checked = this.check(proposal)
    if (!checked.ok) throw new Error(`a proposed block is refused: ${checked.code}`)
    this.#store(checked.outcome.overlay.adopt())
    this.follow(proposal.header)
    return proposal
  }

  decideUntil(height: Height): void {
    while (this.height < height) this.decide()
  }

  follow(header: Header): void {
    this.parent = { ...header, header, id: blockId(header) }
  }

  certificate(absent: readonly Address[] = []): Certificate | null {
    const { header, id } = this.parent
    if (!header) return null
    const { members } = validatorSetOf(this.state, epochOf(header.height, this.state.parameters))
    const bitmap = new Uint8Array(Math.ceil(members.length / 8))
    const signers = members
      .map((member, i) => [member.address, i] as const)
      .filter(([address]) => !absent.includes(address))
    for (const [, i] of signers) bitmap[i >> 3]! |= 1 << (i & 7)
    const signatures = signers.map(() => new Uint8Array(64))
    return {
      scheme: 0,
      height: header.height,
      round: 0,
      blockId: id,
      validatorsHash: header.validatorsHash,
      bitmap,
      signatures,
    }
  }

  #store(pages: readonly StatePage[]): void {
    for (const { key, bytes } of pages) this.stored.set(key.join(), bytes)
  }
}
