/** What a light client reads of one height: header, certificate and the set that signed. From bytes, as nobody is believed. */
import type { Header } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Decoded } from '../protocol/codec.ts'
import { decodeHeader } from '../protocol/codec-block.ts'
import { decodeCertificate } from '../protocol/codec-certificate.ts'
import { decodeValidatorSet } from '../protocol/codec-validator-set.ts'
import { blockId } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { accept, type LightResult, refuse } from './fault.ts'

export interface LightBlock {
  /** Computed here from the header. */
  readonly id: Hash
  readonly header: Header
  readonly certificate: Certificate
  readonly set: ValidatorSet
}

/** Canonical bytes. */
export interface EncodedLightBlock {
  readonly header: Uint8Array
  readonly certificate: Uint8Array
  readonly validators: Uint8Array
}

/** Decoded, and nothing more: whether the parts fit each other is for verify-header.ts. Total: refuses with `malformed`. */
export function readLightBlock(encoded: EncodedLightBlock): LightResult<LightBlock> {
  const header = decodeHeader(encoded.header)
  if (!header.ok) return malformed('header', header)
  const certificate = decodeCertificate(encoded.certificate)
  if (!certificate.ok) return malformed('certificate', certificate)
  const set = decodeValidatorSet(encoded.validators)
  if (!set.ok) return malformed('validators', set)
  return accept({
    id: blockId(header.value),
    header: header.value,
    certificate: certificate.value,
    set: set.value,
  })
}

function malformed(what: string, { code, detail }: Extract<Decoded<unknown>, { readonly ok: false }>) {
  return refuse('malformed', { what, reason: code, detail })
}
