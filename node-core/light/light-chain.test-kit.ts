/** Certified headers without a chain behind them: sets as a test wants them, real keys, real signatures. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { createVerifier } from '../adapters/verifier.ts'
import { addressOf } from '../protocol/address.ts'
import type { Header } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { CERTIFICATE_ED25519_LIST, RANDOMNESS_KEY_BYTES, VRF_PROOF_BYTES } from '../protocol/constants.ts'
import { blockId, commitSigningBytes, sha256, validatorsHash, ZERO_HASH } from '../protocol/hash.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import type { Validator, ValidatorSet } from '../protocol/validator-set.ts'
import type { LightResult } from './fault.ts'
import type { LightBlock } from './light-block.ts'
import { headerReceived, type SyncStrategy, signaturesChecked, startSync, syncNeed } from './light-sync.ts'
import type { TrustedState } from './trusted-state.ts'
import type { VerificationPolicy, VerifiedHeader } from './verify-header.ts'

export const CHAIN_ID = 'aitbc-light-test'
export const GENESIS_MS = 1_790_000_000_000
export const BLOCK_MS = 1_000
const GENESIS_HASH = `0x${'9e'.repeat(32)}` as Hash

/** Key number and power. */
export type Member = readonly [key: number, power: bigint]

const publicKeys = new Map<number, Uint8Array>()
const seedOf = (key: number) => sha256(Uint8Array.of(0x11, key))

export function publicKeyOf(key: number): Uint8Array {
  const known = publicKeys.get(key) ?? ed25519.getPublicKey(seedOf(key))
  publicKeys.set(key, known)
  return known
}

export function signWith(key: number, bytes: Uint8Array): Uint8Array {
  return ed25519.sign(bytes, seedOf(key))
}

export function setOf(epoch: number, members: readonly Member[], epochBlocks: number): ValidatorSet {
  const validators = members.map(
    ([key, power]): Validator => ({
      address: addressOf(0, publicKeyOf(key)),
      validatorKey: publicKeyOf(key),
      randomnessKey: new Uint8Array(RANDOMNESS_KEY_BYTES),
      power,
      weight: 1n,
      priority: 0n,
    }),
  )
  return {
    epoch,
    firstHeight: epoch * epochBlocks + 1,
    lastHeight: (epoch + 1) * epochBlocks,
    members: validators.sort((a, b) => (a.address < b.address ? -1 : 1)),
    totalPower: members.reduce((sum, [, power]) => sum + power, 0n),
  }
}

/** Signed by the given keys of the set, whether they are a quorum or not. */
export function certify(header: Header, set: ValidatorSet, keys: readonly number[]): Certificate {
  const bare: Certificate = {
    scheme: CERTIFICATE_ED25519_LIST,
    height: header.height,
    round: 0,
    blockId: blockId(header),
    validatorsHash: validatorsHash(set),
    bitmap: new Uint8Array(Math.ceil(set.members.length / 8)),
    signatures: [],
  }
  const bytes = commitSigningBytes(header.chainId, bare)
  const keyByAddress = new Map(keys.map((key) => [addressOf(0, publicKeyOf(key)), key]))
  const signatures: Uint8Array[] = []
  for (const [i, member] of set.members.entries()) {
    const key = keyByAddress.get(member.address)
    if (key === undefined) continue
    bare.bitmap[i >> 3]! |= 1 << (i & 7)
    signatures.push(signWith(key, bytes))
  }
  return { ...bare, signatures }
}

export interface LightChainOptions {
  /** Sets of epochs 0, 1, …; the last one's successor is itself again. */
  readonly epochs: readonly (readonly Member[])[]
  readonly epochBlocks?: number
  /** Fields that a test wants in the header of a height. */
  readonly fields?: (height: Height) => Partial<Header>
}

export class LightChain {
  readonly epochBlocks: number
  readonly #options: LightChainOptions
  readonly #blocks = new Map<Height, LightBlock>()
  readonly #headers: Header[] = []

  constructor(options: LightChainOptions) {
    this.#options = options
    this.epochBlocks = options.epochBlocks ?? 3
  }

  get lastHeight(): Height {
    return this.#options.epochs.length * this.epochBlocks
  }

  /** The time of the last block and a little. */
  get endMs(): number {
    return GENESIS_MS + (this.lastHeight + 1) * BLOCK_MS
  }

  get genesis(): TrustedState {
    return {
      origin: 'genesis',
      chainId: CHAIN_ID,
      height: 0,
      blockId: GENESIS_HASH,
      timestampMs: GENESIS_MS,
      header: null,
      set: this.set(0),
      nextValidatorsHash: validatorsHash(this.set(1)),
    }
  }

  members(epoch: number): readonly Member[] {
    return this.#options.epochs[Math.min(epoch, this.#options.epochs.length - 1)]!
  }

  set(epoch: number): ValidatorSet {
    return setOf(epoch, this.members(epoch), this.epochBlocks)
  }

  epochOf(height: Height): number {
    return Math.floor((height - 1) / this.epochBlocks)
  }

  header(height: Height): Header {
    while (this.#headers.length < height) this.#headers.push(this.#make(this.#headers.length + 1))
    return this.#headers[height - 1]!
  }

  /** Signed by all of its set. */
  block(height: Height): LightBlock {
    const known = this.#blocks.get(height)
    if (known) return known
    const header = this.header(height)
    const epoch = this.epochOf(height)
    const set = this.set(epoch)
    const keys = this.members(epoch).map(([key]) => key)
    const block = { id: blockId(header), header, certificate: certify(header, set, keys), set }
    this.#blocks.set(height, block)
    return block
  }

  #make(height: Height): Header {
    const epoch = this.epochOf(height)
    const set = this.set(epoch)
    return {
      version: 1,
      chainId: CHAIN_ID,
      height,
      parentId: height === 1 ? GENESIS_HASH : blockId(this.#headers[height - 2]!),
      timestampMs: GENESIS_MS + height * BLOCK_MS,
      proposer: set.members[0]!.address,
      validatorsHash: validatorsHash(set),
      nextValidatorsHash: validatorsHash(this.set(epoch + 1)),
      transactionsRoot: ZERO_HASH,
      receiptsRoot: ZERO_HASH,
      stateRoot: ZERO_HASH,
      evidenceRoot: ZERO_HASH,
      lastCertificateHash: ZERO_HASH,
      gasUsed: 0,
      gasLimit: 30_000_000,
      baseFeePerGas: 100n,
      randomnessReveal: new Uint8Array(VRF_PROOF_BYTES),
      randomness: ZERO_HASH,
      ...this.#options.fields?.(height),
    }
  }
}

/** Everything is in time. */
export function policyAt(nowMs: number, over: Partial<VerificationPolicy> = {}): VerificationPolicy {
  return { nowMs, allowedDriftMs: 500, trustingPeriodMs: 1_000_000_000, ...over }
}

const verifier = createVerifier()

/** Carries out what the sync asks for; `source` may lie. */
export async function follow(options: {
  readonly from: TrustedState
  readonly to: Height
  readonly source: (height: Height) => LightBlock
  readonly policy: VerificationPolicy
  readonly strategy?: SyncStrategy
}): Promise<
  LightResult<{ readonly asked: readonly Height[]; readonly verified: readonly VerifiedHeader[] }>
> {
  const { policy } = options
  const asked: Height[] = []
  const verified: VerifiedHeader[] = []
  let sync = startSync(options.from, options.to, options.strategy)
  for (;;) {
    const need = syncNeed(sync, policy)
    if (need.kind === 'nothing') return { ok: true, value: { asked, verified } }
    if (need.kind === 'header') {
      asked.push(need.height)
      const received = headerReceived(sync, options.source(need.height), policy)
      if (!received.ok) return received
      sync = received.value
    } else {
      const verdicts = await Promise.all(
        need.checks.map(({ key, bytes, signature }) => verifier.verifyEd25519(key, bytes, signature)),
      )
      const checked = signaturesChecked(sync, verdicts, policy)
      if (!checked.ok) return checked
      sync = checked.value.sync
      verified.push(checked.value.verified)
    }
  }
}
