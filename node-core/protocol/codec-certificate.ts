/** Canonical bytes of certificates. Whether one is complete is for certificate-builder.ts and a verifier to say. */
import type { Certificate } from './certificate.ts'
import { type Decoded, decodeWith } from './codec.ts'
import {
  CERTIFICATE_ED25519_LIST,
  ED25519_SIGNATURE_BYTES,
  MAX_BITMAP_BYTES,
  MAX_CERTIFICATE_BYTES,
  MAX_VALIDATORS,
} from './constants.ts'
import { container, list } from './ssz-composites.ts'
import { byteList, bytes, hash, onlyNumber, safeUint, uint32 } from './ssz-scalars.ts'

/** For containers of certificates. Another scheme will have another layout, so an unknown one is not read. */
export const certificateType = container<Certificate>({
  scheme: onlyNumber(CERTIFICATE_ED25519_LIST),
  height: safeUint,
  round: uint32,
  blockId: hash,
  validatorsHash: hash,
  bitmap: byteList(MAX_BITMAP_BYTES),
  signatures: list(bytes(ED25519_SIGNATURE_BYTES), MAX_VALIDATORS),
})

export function encodeCertificate(certificate: Certificate): Uint8Array {
  return certificateType.serialize(certificate)
}

export function decodeCertificate(bytes: Uint8Array): Decoded<Certificate> {
  return decodeWith(certificateType, bytes, MAX_CERTIFICATE_BYTES)
}
