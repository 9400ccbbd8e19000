/** From bytes to a verified transaction: shape, size, chain, key, signature, proofs of possession. Each is verified once. */
import { type PossessionProof, possessionProofsOf } from '../execution/check-transaction.ts'
import type { Verifier } from '../ports/crypto.ts'
import { addressOf } from '../protocol/address.ts'
import { decodeTransaction, encodeTransaction } from '../protocol/codec-transaction.ts'
import { transactionId, transactionSigningBytes } from '../protocol/hash.ts'
import type { ChainId, Hash } from '../protocol/ids.ts'
import { markVerified, type Transaction, type VerifiedTransaction } from '../protocol/transaction.ts'
import type { Refusal } from './transaction-pool.ts'

export type TransactionVerdict =
  | { readonly ok: true; readonly verified: VerifiedTransaction }
  | ({ readonly ok: false } & Refusal)

/** Verified transactions remembered: what gossip brought is not verified again inside a block. */
const REMEMBERED = 50_000
const ED25519 = 0

export class TransactionVerifier {
  readonly #verifier: Verifier
  readonly #chainId: ChainId
  readonly #maximumBytes: number
  readonly #known = new Map<Hash, VerifiedTransaction>()

  constructor(verifier: Verifier, chainId: ChainId, maximumBytes: number) {
    this.#verifier = verifier
    this.#chainId = chainId
    this.#maximumBytes = maximumBytes
  }

  known(id: Hash): VerifiedTransaction | undefined {
    return this.#known.get(id)
  }

  async verifyBytes(bytes: Uint8Array): Promise<TransactionVerdict> {
    if (bytes.length > this.#maximumBytes) {
      return refuse('too-large', { bytes: String(bytes.length), limit: String(this.#maximumBytes) })
    }
    const decoded = decodeTransaction(bytes)
    if (!decoded.ok) return refuse('malformed', { detail: decoded.detail })
    return this.#verify(decoded.value, bytes)
  }

  /** For transactions that came decoded inside a block. */
  async verify(transaction: Transaction): Promise<TransactionVerdict> {
    const known = this.#known.get(transactionId(transaction))
    if (known) return { ok: true, verified: known }
    return this.#verify(transaction, encodeTransaction(transaction))
  }

  async #verify(transaction: Transaction, bytes: Uint8Array): Promise<TransactionVerdict> {
    const id = transactionId(transaction)
    const known = this.#known.get(id)
    if (known) return { ok: true, verified: known }
    if (transaction.chainId !== this.#chainId) {
      return refuse('wrong-chain', { expected: this.#chainId, actual: transaction.chainId })
    }
    const { scheme, publicKey, bytes: signature } = transaction.signature
    if (scheme !== ED25519) return refuse('unknown-scheme', { scheme: String(scheme) })
    if (addressOf(scheme, publicKey) !== transaction.sender) return refuse('address-mismatch', {})
    const signed = await this.#verifier.verifyEd25519(
      publicKey,
      transactionSigningBytes(transaction),
      signature,
    )
    if (!signed) return refuse('bad-signature', {})
    for (const proof of possessionProofsOf(transaction)) {
      if (!(await this.#possesses(proof))) return refuse('bad-possession-proof', {})
    }
    const verified = markVerified(id, transaction, bytes)
    this.#remember(verified)
    return { ok: true, verified }
  }

  async #possesses(proof: PossessionProof): Promise<boolean> {
    return (
      (await this.#verifier.verifyEd25519(proof.validatorKey, proof.message, proof.validatorKeyProof)) &&
      (await this.#verifier.verifyVrf(proof.randomnessKey, proof.message, proof.randomnessKeyProof)) !== null
    )
  }

  #remember(verified: VerifiedTransaction): void {
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(verified.id, verified)
  }
}

function refuse(code: string, data: Record<string, string>): TransactionVerdict {
  return { ok: false, code, data }
}
