/**
 * Transactions of accounts with a passkey, in the worker. The key can be asked in the page alone, so a transaction waits here
 * between the question and its answer; what comes back is put together, checked and submitted.
 */
import { fromHex, toHex } from '../../lib/bytes.ts'
import { submitSigned } from '../../node/account-signer.ts'
import type { TransactionDesk } from '../../node/transaction-desk.ts'
import type { PasskeyAnswer, PasskeyAssertion, PasskeyQuestion } from '../../node/wallet-api.ts'
import { CodedError } from '../../ports/coded-error.ts'
import type { Verifier } from '../../ports/crypto.ts'
import { SCHEME_PASSKEY } from '../../protocol/constants.ts'
import { transactionSigningBytes } from '../../protocol/hash.ts'
import type { Hash } from '../../protocol/ids.ts'
import {
  bytesSigned,
  encodePasskeySignature,
  fitsPasskeySignature,
  type PasskeySignature,
  passkeyChallenge,
  signedByPasskey,
} from '../../protocol/passkey-signature.ts'
import type { UnsignedTransaction } from '../../protocol/transaction.ts'
import { CREDENTIAL_ID_BYTES, PASSKEY_ATTEMPTS } from '../limits.ts'
import { compactSignature, compressedKey, keysThatSigned, p256Verifier } from '../p256.ts'
import type { StoredPasskey } from './key-records.ts'

interface Attempt {
  readonly unsigned: UnsignedTransaction
  readonly passkey: StoredPasskey
}

export class PasskeyDesk {
  readonly #desk: TransactionDesk
  readonly #attempts = new Map<string, Attempt>()
  readonly #verify: Verifier['verifyP256'] = p256Verifier(crypto.subtle)

  constructor(desk: TransactionDesk) {
    this.#desk = desk
  }

  begin(passkey: StoredPasskey, unsigned: UnsignedTransaction): PasskeyQuestion {
    const attempt = crypto.randomUUID()
    this.#attempts.set(attempt, { unsigned, passkey })
    const [oldest] = this.#attempts.keys()
    if (this.#attempts.size > PASSKEY_ATTEMPTS) this.#attempts.delete(oldest!)
    return {
      attempt,
      credentialId: toHex(passkey.credentialId),
      challenge: toHex(passkeyChallenge(transactionSigningBytes(unsigned))),
    }
  }

  /** Rejects with 'passkey-attempt-unknown', 'passkey-signature-wrong' or the node's refusal. An attempt is answered once. */
  async finish({ attempt, ...answer }: PasskeyAnswer): Promise<Hash> {
    const waiting = this.#attempts.get(attempt)
    if (!waiting) throw new CodedError('passkey-attempt-unknown')
    this.#attempts.delete(attempt)
    const { unsigned, passkey } = waiting
    const bytes = await this.#assembled(waiting, answer)
    if (!bytes) throw new CodedError('passkey-signature-wrong')
    const signature = { scheme: SCHEME_PASSKEY, publicKey: passkey.publicKey, bytes }
    return submitSigned(this.#desk, { ...unsigned, signature })
  }

  async #assembled(
    { unsigned, passkey }: Attempt,
    answer: Omit<PasskeyAnswer, 'attempt'>,
  ): Promise<Uint8Array | null> {
    const assembled = readAssertion(answer)
    if (!assembled || !fitsPasskeySignature(assembled)) return null
    const signed = signedByPasskey(assembled, transactionSigningBytes(unsigned))
    if (!signed || !(await this.#verify(passkey.publicKey, signed, assembled.signature))) return null
    return encodePasskeySignature(assembled)
  }
}

function readAssertion(answer: Omit<PasskeyAssertion, 'credentialId'>): PasskeySignature | null {
  const authenticatorData = fromHex(answer.authenticatorData)
  const clientDataJson = fromHex(answer.clientDataJson)
  const signature = compactSignature(fromHex(answer.signature) ?? new Uint8Array(0))
  return authenticatorData && clientDataJson && signature && { authenticatorData, clientDataJson, signature }
}

/** The one key that can have signed all of them; null: they do not say which, or are of several. */
export function recoverPasskey(assertions: readonly PasskeyAssertion[]): StoredPasskey | null {
  const [first] = assertions
  if (!first || assertions.some(({ credentialId }) => credentialId !== first.credentialId)) return null
  const keys = assertions.map((assertion) => {
    const read = readAssertion(assertion)
    return read ? keysThatSigned(bytesSigned(read), read.signature).map(toHex) : []
  })
  const common = keys.reduce((left, right) => left.filter((key) => right.includes(key)))
  const credentialId = fromHex(first.credentialId)
  const publicKey = common.length === 1 ? fromHex(common[0]!) : null
  return credentialId && publicKey && { credentialId, publicKey }
}

/** What the page told of a passkey that its browser made; null: it is no key of P-256. */
export function readPasskey(credentialId: string, publicKey: string): StoredPasskey | null {
  const id = fromHex(credentialId)
  const key = compressedKey(fromHex(publicKey) ?? new Uint8Array(0))
  if (!id || id.length === 0 || id.length > CREDENTIAL_ID_BYTES || !key) return null
  return { credentialId: id, publicKey: key }
}
