/**
 * A light client over a JSON-RPC that nobody has to trust: follows certified headers from a genesis or a checkpoint, and
 * checks accounts, validators and transactions under them. The rules are in node-core/light; this file asks for what they
 * need and verifies signatures with the platform's WebCrypto.
 *
 *   const client = createLightClient({ call, start: { genesis }, nowMs: Date.now })
 *   const account = await client.verifyAccount('ait1…')
 *   if (account.ok) console.log(account.value.record?.balance, account.value.at.trusted.height)
 *   else console.log(account.fault.code, account.fault.data)
 *
 * `call` is NodeApi's: (method, params) → result, over HTTP for instance. What it answers is believed in nothing. Its
 * rejections pass through; a lie is a value with a code.
 */
import { fromHex } from '../lib/bytes.ts'
import { accept, type LightResult, refuse } from '../light/fault.ts'
import { type ProvedTransaction, verifyInclusion } from '../light/inclusion.ts'
import { type LightBlock, readLightBlock } from '../light/light-block.ts'
import {
  headerReceived,
  type LightSync,
  type SyncStrategy,
  signaturesChecked,
  startSync,
  syncNeed,
} from '../light/light-sync.ts'
import { type ProvedRecord, verifyRecord } from '../light/state-proof.ts'
import {
  allowedDriftMs,
  type TrustedState,
  trustCheckpoint,
  trustGenesis,
  trustingPeriodMs,
} from '../light/trusted-state.ts'
import type { SignatureCheck, VerificationPolicy, VerifiedHeader } from '../light/verify-header.ts'
import type { NodeApi, ProofView } from '../node/node-api.ts'
import type { Verifier } from '../ports/crypto.ts'
import { parseAddress } from '../protocol/address.ts'
import type { ChainParameters, Genesis } from '../protocol/genesis.ts'
import type { Address, ChainId, Hash, Height } from '../protocol/ids.ts'
import { accountKey, type StateKey, validatorKey } from '../state/keys.ts'
import type { Account, ValidatorRecord } from '../state/records.ts'
import { createVerifier } from './verifier.ts'

/** The parameters that say how old and how new a header may be. From the user's own files, never from the RPC. */
export type TrustParameters = Pick<ChainParameters, 'unbondingMs' | 'clockPrecisionMs' | 'messageDelayMs'>

/** A height and the id of its block, `0x…` in hex, from somebody whom the user believes. */
export interface NamedBlock {
  readonly height: Height
  readonly blockId: string
}

export type LightStart =
  | { readonly genesis: Genesis }
  | { readonly checkpoint: NamedBlock; readonly chainId: ChainId; readonly parameters: TrustParameters }

export interface LightClientOptions {
  readonly call: NodeApi['call']
  readonly start: LightStart
  /** ms since the Unix epoch, by a clock that the user believes. */
  readonly nowMs: () => number
  /** Default: `epochs`, one header an epoch. */
  readonly strategy?: SyncStrategy
  /** Every header that was verified on the way, in order. */
  readonly onVerified?: (verified: VerifiedHeader) => void
  readonly verifier?: Pick<Verifier, 'verifyEd25519'>
}

export interface VerifiedRecord<T> extends ProvedRecord<T> {
  readonly at: VerifiedHeader
}

export interface VerifiedTransaction extends ProvedTransaction {
  readonly at: VerifiedHeader
}

/** Calls of one client run one after another; what was verified once is kept. */
export interface LightClient {
  /** `head`: the highest that the source says it has. Faults as in light/fault.ts. */
  verifyBlock(height: Height | 'head'): Promise<LightResult<VerifiedHeader>>
  /** At the source's head: states of the past are not kept. `record` null: proved that there is none. */
  verifyAccount(address: string): Promise<LightResult<VerifiedRecord<Account>>>
  verifyValidator(address: string): Promise<LightResult<VerifiedRecord<ValidatorRecord>>>
  /** In its block, with its receipt. */
  verifyTransaction(hash: string): Promise<LightResult<VerifiedTransaction>>
}

export function createLightClient(options: LightClientOptions): LightClient {
  return new Client(options)
}

/** Verified headers kept to start from; when there are more, every other one is forgotten. */
const KEPT_HEADERS = 512

class Client implements LightClient {
  readonly #options: LightClientOptions
  readonly #verifier: Pick<Verifier, 'verifyEd25519'>
  /** By height, ascending; the first is where trust began. */
  #kept: VerifiedHeader[] = []
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: LightClientOptions) {
    this.#options = options
    this.#verifier = options.verifier ?? createVerifier()
  }

  verifyBlock(height: Height | 'head'): Promise<LightResult<VerifiedHeader>> {
    return this.#inTurn(async () => {
      if (height !== 'head') return this.#follow(height)
      const view: unknown = await this.#options.call('chain_head', {})
      const head = isObject(view) ? (view as { readonly height?: unknown }).height : null
      return isHeight(head) ? this.#follow(head) : refuse('malformed', { what: 'head' })
    })
  }

  verifyAccount(address: string): Promise<LightResult<VerifiedRecord<Account>>> {
    return this.#verifyRecord(address, 'account', accountKey)
  }

  verifyValidator(address: string): Promise<LightResult<VerifiedRecord<ValidatorRecord>>> {
    return this.#verifyRecord(address, 'validator', validatorKey)
  }

  verifyTransaction(hash: string): Promise<LightResult<VerifiedTransaction>> {
    return this.#inTurn(async () => {
      const view: unknown = await this.#options.call('chain_transaction', { hash, inclusion: true })
      if (!isObject(view)) return refuse('malformed', { what: 'transaction' })
      const { inclusion, height } = view as { readonly inclusion?: object; readonly height?: unknown }
      if (!isObject(inclusion) || !isHeight(height)) return refuse('unavailable', { what: 'inclusion' })
      const at = await this.#follow(height)
      if (!at.ok) return at
      const { header } = at.value.trusted
      if (!header) return refuse('unavailable', { what: 'header' })
      const proved = verifyInclusion(header, hash.toLowerCase() as Hash, inclusion as never)
      return proved.ok ? accept({ ...proved.value, at: at.value }) : proved
    })
  }

  #verifyRecord<T>(
    text: string,
    record: 'account' | 'validator',
    keyOf: (address: Address) => StateKey<T>,
  ): Promise<LightResult<VerifiedRecord<T>>> {
    return this.#inTurn(async () => {
      const address = parseAddress(text)
      if (!address) return refuse('malformed', { what: 'address' })
      const proof: unknown = await this.#options.call('chain_proof', { address: text, record })
      if (!isObject(proof)) return refuse('malformed', { what: 'proof' })
      const { height, key, value, leaf, siblings } = proof as Partial<ProofView>
      if (!isHeight(height)) return refuse('malformed', { what: 'proof' })
      const at = await this.#follow(height)
      if (!at.ok) return at
      const { header } = at.value.trusted
      if (!header) return refuse('unavailable', { what: 'header' })
      const proved = verifyRecord(header.stateRoot, keyOf(address), { key, value, leaf, siblings })
      return proved.ok ? accept({ ...proved.value, at: at.value }) : proved
    })
  }

  /** From the nearest header that is believed already. */
  async #follow(height: Height): Promise<LightResult<VerifiedHeader>> {
    const began = await this.#begin()
    if (!began.ok) return began
    const from = this.#kept.findLast((each) => each.trusted.height <= height)
    if (!from) return refuse('height-not-above', { trusted: began.value.height, found: height })
    let last = from
    let sync = startSync(from.trusted, height, this.#options.strategy)
    for (;;) {
      const policy = this.#policy()
      const need = syncNeed(sync, policy)
      if (need.kind === 'nothing') return accept(last)
      if (need.kind === 'header') {
        const received = await this.#header(sync, need.height, policy)
        if (!received.ok) return received
        sync = received.value
      } else {
        const checked = signaturesChecked(sync, await this.#verdicts(need.checks), policy)
        if (!checked.ok) return checked
        sync = checked.value.sync
        last = checked.value.verified
        this.#keep(last)
      }
    }
  }

  async #header(
    sync: LightSync,
    height: Height,
    policy: VerificationPolicy,
  ): Promise<LightResult<LightSync>> {
    const block = await this.#fetch(height)
    return block.ok ? headerReceived(sync, block.value, policy) : block
  }

  #verdicts(checks: readonly SignatureCheck[]): Promise<boolean[]> {
    return Promise.all(
      checks.map(({ key, bytes, signature }) => this.#verifier.verifyEd25519(key, bytes, signature)),
    )
  }

  /** The trusted state to begin with, once. A checkpoint's header is fetched, and has to hash to the checkpoint's id. */
  async #begin(): Promise<LightResult<TrustedState>> {
    const first = this.#kept[0]
    if (first) return accept(first.trusted)
    const trusted = await this.#firstTrust()
    if (trusted.ok) this.#kept = [{ rule: 'given', trusted: trusted.value, signers: [], signedPower: 0n }]
    return trusted
  }

  async #firstTrust(): Promise<LightResult<TrustedState>> {
    const { start } = this.#options
    if ('genesis' in start) return accept(trustGenesis(start.genesis))
    const { height, blockId } = start.checkpoint
    const block = await this.#fetch(height)
    const checkpoint = { height, blockId: blockId.toLowerCase() as Hash }
    return block.ok ? trustCheckpoint(checkpoint, start.chainId, block.value) : block
  }

  async #fetch(height: Height): Promise<LightResult<LightBlock>> {
    const view: unknown = await this.#options.call('chain_certificate', { height, canonical: true })
    const canonical: unknown = isObject(view) ? (view as { canonical?: unknown }).canonical : undefined
    if (!isObject(canonical)) return refuse('unavailable', { what: 'certificate', height })
    const { header, certificate, validators } = canonical as Readonly<Record<string, unknown>>
    const parts = {
      header: bytesOf(header),
      certificate: bytesOf(certificate),
      validators: bytesOf(validators),
    }
    return readLightBlock(parts)
  }

  #policy(): VerificationPolicy {
    const { start, nowMs } = this.#options
    const parameters = 'genesis' in start ? start.genesis.parameters : start.parameters
    return {
      nowMs: nowMs(),
      allowedDriftMs: allowedDriftMs(parameters),
      trustingPeriodMs: trustingPeriodMs(parameters),
    }
  }

  #keep(verified: VerifiedHeader): void {
    const { height } = verified.trusted
    const at = this.#kept.findLastIndex((each) => each.trusted.height < height) + 1
    this.#kept.splice(at, 0, verified)
    if (this.#kept.length > KEPT_HEADERS)
      this.#kept = this.#kept.filter((_, i) => i % 2 === 0 || i === this.#kept.length - 1)
    this.#options.onVerified?.(verified)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#running.then(work)
    this.#running = result.catch(() => undefined)
    return result
  }
}

function isHeight(value: unknown): value is Height {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Nothing decodes from no bytes, so that what is not hex is refused as malformed. */
function bytesOf(hex: unknown): Uint8Array {
  return (typeof hex === 'string' ? fromHex(hex) : null) ?? new Uint8Array(0)
}
