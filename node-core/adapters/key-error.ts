/** Why a keystore refused. Data never holds a password, a seed or a part of one. */
import { CodedError } from '../ports/coded-error.ts'

export type KeyErrorCode =
  /** The browser has no Ed25519 in WebCrypto, or the page is not a secure context. */
  | 'ed25519-missing'
  | 'password-too-short'
  | 'password-too-long'
  | 'password-wrong'
  /** The file is not whole, not one of ours, or of a version this program does not read. */
  | 'backup-damaged'
  | 'account-missing'
  | 'account-exists'
  /** The seed was deleted: the key can be used here and cannot be copied any more. */
  | 'account-sealed'
  /** Its private key is in an authenticator, which gives it to nobody. */
  | 'account-is-passkey'
  /** Not a key of P-256. */
  | 'passkey-unusable'
  | 'too-many-accounts'
  | 'name-invalid'
  | 'choice-unknown'
  | 'offer-too-large'
  | 'wallet-exists'
  | 'wallet-missing'
  | 'keys-exist'
  | 'keys-missing'
  /** Other users of the machine can read the file. */
  | 'keys-exposed'

export class KeyError extends CodedError<KeyErrorCode> {
  override readonly name = 'KeyError'
}
