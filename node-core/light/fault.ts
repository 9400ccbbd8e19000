/** Why a light client does not believe something. Values, never throws: everything it reads comes from somebody unknown. */

export type LightFaultCode =
  /** Not the canonical bytes of such a thing, or larger than any. */
  | 'malformed'
  /** The source does not have it, or does not serve it to light clients. */
  | 'unavailable'
  /** Another chain's name, or another genesis below block 1. */
  | 'wrong-chain'
  /** Not the height that was asked for. */
  | 'wrong-height'
  /** The block at the checkpoint's height is another one. */
  | 'wrong-checkpoint'
  /** At or below the trusted height. */
  | 'height-not-above'
  | 'time-not-above'
  /** Its time is later than now and the allowed drift. */
  | 'from-the-future'
  /** The trusted header is older than the trusting period. */
  | 'trust-expired'
  /** The next block of the trusted one names another parent. */
  | 'wrong-parent'
  /** The header names another set than the trusted header does for this epoch. */
  | 'wrong-validators'
  /** Within an epoch the announced set never changes. */
  | 'next-set-changed'
  /** The set that came along is not the one that the header names, or does not cover the height. */
  | 'set-mismatch'
  /** The certificate is of another block, height or set. */
  | 'certificate-mismatch'
  /** Its scheme, bitmap or number of signatures is wrong. */
  | 'bad-certificate'
  /** Not more than two thirds of the power of its own set. */
  | 'no-quorum'
  | 'bad-signature'
  /** Skipping: not more than one third of the power of the trusted set. */
  | 'too-little-trust'
  /** The record, or its absence, does not lead to the state root. */
  | 'bad-proof'
  /** The proof is of another record or transaction than the one that was asked for. */
  | 'wrong-proof'
  /** Proved, but no such record. */
  | 'bad-record'
  /** The transaction or receipt does not lead to the header's root. */
  | 'bad-inclusion'

export interface LightFault {
  readonly code: LightFaultCode
  /** Figures and names behind the code: what was expected, what was found. Power in base units as decimal strings. */
  readonly data: Readonly<Record<string, string | number>>
}

export type LightResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: LightFault }

export function refuse(
  code: LightFaultCode,
  data: LightFault['data'] = {},
): { readonly ok: false; readonly fault: LightFault } {
  return { ok: false, fault: { code, data } }
}

export function accept<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}
