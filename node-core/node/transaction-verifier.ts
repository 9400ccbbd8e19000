/** From bytes to a verified transaction: shape, size, chain, key, signature, proofs of possession, evidence. Each is verified once. */
import { isOfItsKey } from '../execution/check-transaction.ts'
import { type OutsideProof, outsideProofsOf } from '../execution/outside-proofs.ts'
import { equalBytes, toHex } from '../lib/bytes.ts'
import type { Verifier } from '../ports/crypto.ts'
import { decodeTransaction, encodeTransaction, rememberEncoding } from '../protocol/codec-transaction.ts'
import { SCHEME_ED25519, SCHEME_PASSKEY } from '../protocol/constants.ts'
import { hashEncoded, transactionId } from '../protocol/hash.ts'
import type { ChainId, Hash } from '../protocol/ids.ts'
import { decodePasskeySignature, signedByPasskey } from '../protocol/passkey-signature.ts'
import { markVerified, type Transaction, type VerifiedTransaction } from '../protocol/transaction.ts'
import { REMEMBERED_TRANSACTION_BYTES, REMEMBERED_TRANSACTIONS } from './constants.ts'
import type { Refusal } from './transaction-pool.ts'

export type TransactionVerdict =
  | { readonly ok: true; readonly verified: VerifiedTransaction }
  | ({ readonly ok: false } & Refusal)

interface Decoded {
  readonly id: Hash
  readonly transaction: Transaction
  /** Canonical. */
  readonly bytes: Uint8Array
  readonly signingBytes: Uint8Array
}

type VerifySignature = Verifier['verifyEd25519']

export class TransactionVerifier {
  readonly #verifier: Verifier
  /** Accounts of several have none: what is not here cannot send. */
  readonly #schemes: ReadonlyMap<number, VerifySignature>
  readonly #chainId: ChainId
  readonly #maximumBytes: number
  /** What gossip brought is not verified again inside a block. The oldest is forgotten first. */
  readonly #known = new Map<Hash, VerifiedTransaction>()
  readonly #pooled: (id: Hash) => VerifiedTransaction | undefined
  #bytes = 0

  /** `pooled`: what waits in the pool is known, however long it waits. */
  constructor(
    verifier: Verifier,
    chainId: ChainId,
    maximumBytes: number,
    pooled: (id: Hash) => VerifiedTransaction | undefined = () => undefined,
  ) {
    this.#verifier = verifier
    this.#schemes = new Map<number, VerifySignature>([
      [SCHEME_ED25519, (...signed) => verifier.verifyEd25519(...signed)],
      [SCHEME_PASSKEY, (...signed) => verifyPasskey(verifier, ...signed)],
    ])
    this.#chainId = chainId
    this.#maximumBytes = maximumBytes
    this.#pooled = pooled
  }

  known(id: Hash): VerifiedTransaction | undefined {
    return this.#known.get(id) ?? this.#pooled(id)
  }

  /** Remembers it: for one's own store, where nobody can put what nobody asked for. */
  async verifyBytes(bytes: Uint8Array): Promise<TransactionVerdict> {
    const verdict = await this.judgeBytes(bytes)
    if (verdict.ok) this.remember(verdict.verified)
    return verdict
  }

  /**
   * Remembers nothing: whoever sends ever new transactions, well signed and worthless, must not make this node forget those
   * that blocks are made of. With `wanted` any other is refused before its signature is looked at.
   */
  async judgeBytes(bytes: Uint8Array, wanted?: ReadonlySet<Hash>): Promise<TransactionVerdict> {
    if (bytes.length > this.#maximumBytes) {
      return refuse('too-large', { bytes: String(bytes.length), limit: String(this.#maximumBytes) })
    }
    const decoded = decodeTransaction(bytes)
    if (!decoded.ok) return refuse('malformed', { detail: decoded.detail })
    const { id, signingBytes } = hashEncoded(decoded.value, bytes)
    if (wanted && !wanted.has(id)) return refuse('not-asked-for', {})
    const known = this.known(id)
    // The id does not cover the signature: the same transaction with a spoilt one is not known.
    if (known && equalBytes(known.bytes, bytes)) return { ok: true, verified: known }
    const verdict = await this.#verify({ id, transaction: decoded.value, bytes, signingBytes })
    return verdict.ok && known ? { ok: true, verified: known } : verdict
  }

  /** For transactions that came decoded inside a block that a quorum signed. */
  async verify(transaction: Transaction): Promise<TransactionVerdict> {
    const id = transactionId(transaction)
    const known = this.known(id)
    if (known) return { ok: true, verified: known }
    const bytes = encodeTransaction(transaction)
    const verdict = await this.#verify({ transaction, bytes, ...hashEncoded(transaction, bytes) })
    if (verdict.ok) this.remember(verdict.verified)
    return verdict
  }

  remember(verified: VerifiedTransaction): void {
    if (this.#known.has(verified.id)) return
    this.#known.set(verified.id, verified)
    this.#bytes += verified.bytes.length
    while (this.#known.size > REMEMBERED_TRANSACTIONS || this.#bytes > REMEMBERED_TRANSACTION_BYTES) {
      const [id, oldest] = this.#known.entries().next().value!
      this.#known.delete(id)
      this.#bytes -= oldest.bytes.length
    }
  }

  async #verify({ id, transaction, bytes, signingBytes }: Decoded): Promise<TransactionVerdict> {
    if (transaction.chainId !== this.#chainId) {
      return refuse('wrong-chain', { expected: this.#chainId, actual: transaction.chainId })
    }
    const { scheme, publicKey, bytes: signature } = transaction.signature
    const verify = this.#schemes.get(scheme)
    if (!verify) return refuse('unknown-scheme', { scheme: String(scheme) })
    if (!isOfItsKey(transaction)) return refuse('address-mismatch', {})
    if (!(await verify(publicKey, signingBytes, signature))) return refuse('bad-signature', {})
    for (const proof of outsideProofsOf(transaction)) {
      if (!(await this.#holds(proof))) return refuse(proof.refusal, { key: toHex(proof.publicKey) })
    }
    rememberEncoding(transaction, bytes)
    return { ok: true, verified: markVerified(id, transaction, bytes) }
  }

  async #holds({ kind, publicKey, message, proof }: OutsideProof): Promise<boolean> {
    return kind === 'vrf'
      ? (await this.#verifier.verifyVrf(publicKey, message, proof)) !== null
      : this.#verifier.verifyEd25519(publicKey, message, proof)
  }
}

async function verifyPasskey(
  verifier: Verifier,
  publicKey: Uint8Array,
  signingBytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const decoded = decodePasskeySignature(signature)
  const signed = decoded.ok ? signedByPasskey(decoded.value, signingBytes) : null
  return decoded.ok && signed !== null && verifier.verifyP256(publicKey, signed, decoded.value.signature)
}

function refuse(code: string, data: Record<string, string>): TransactionVerdict {
  return { ok: false, code, data }
}
