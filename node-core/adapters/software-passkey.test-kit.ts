/** For tests: a passkey without a person, which signs what a browser and an authenticator would make of a challenge. */
import { p256 } from '@noble/curves/nist.js'
import { base64urlnopad } from '@scure/base'
import { concatBytes, utf8 } from '../lib/bytes.ts'
import { addressOf } from '../protocol/address.ts'
import { SCHEME_PASSKEY } from '../protocol/constants.ts'
import { sha256, transactionSigningBytes } from '../protocol/hash.ts'
import {
  encodePasskeySignature,
  type PasskeySignature,
  passkeyChallenge,
} from '../protocol/passkey-signature.ts'
import type { Transaction, UnsignedTransaction } from '../protocol/transaction.ts'

const SITE = 'localhost'

export interface AssertionOptions {
  readonly type?: string
  readonly flags?: number
  /** Instead of the JSON of type, challenge, origin. */
  readonly clientData?: (challenge: string) => string
}

export class SoftwarePasskey {
  readonly #secret: Uint8Array
  readonly publicKey: Uint8Array

  constructor(seed: number) {
    this.#secret = sha256(Uint8Array.of(0x9a, seed))
    this.publicKey = p256.getPublicKey(this.#secret, true)
  }

  get address() {
    return addressOf(SCHEME_PASSKEY, this.publicKey)
  }

  assert(signingBytes: Uint8Array, options: AssertionOptions = {}): PasskeySignature {
    const { type = 'webauthn.get', flags = 0x05, clientData } = options
    const challenge = base64urlnopad.encode(passkeyChallenge(signingBytes))
    const data = { type, challenge, origin: `https://${SITE}`, crossOrigin: false }
    const clientDataJson = utf8(clientData?.(challenge) ?? JSON.stringify(data))
    const authenticatorData = concatBytes(sha256(utf8(SITE)), Uint8Array.of(flags, 0, 0, 0, 1))
    return {
      authenticatorData,
      clientDataJson,
      signature: this.sign(concatBytes(authenticatorData, sha256(clientDataJson))),
    }
  }

  sign(message: Uint8Array): Uint8Array {
    return p256.sign(message, this.#secret, { lowS: false, prehash: true, format: 'compact' })
  }

  transaction(unsigned: Omit<UnsignedTransaction, 'sender'>, options?: AssertionOptions): Transaction {
    const transaction = { ...unsigned, sender: this.address }
    const bytes = encodePasskeySignature(this.assert(transactionSigningBytes(transaction), options))
    return { ...transaction, signature: { scheme: SCHEME_PASSKEY, publicKey: this.publicKey, bytes } }
  }
}
