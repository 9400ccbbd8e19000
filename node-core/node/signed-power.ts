/** Who signed a certificate, and with how much power. */
import type { Certificate } from '../protocol/certificate.ts'
import type { Millionths } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'

/** Member `index` of the certificate's set is in its bitmap. */
export function hasSigned(certificate: Certificate, index: number): boolean {
  return ((certificate.bitmap[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
}

/** Share of the set's power, rounded down. */
export function signedPower(set: ValidatorSet, certificate: Certificate): Millionths {
  const power = set.members.reduce(
    (sum, member, i) => sum + (hasSigned(certificate, i) ? member.power : 0n),
    0n,
  )
  return Number((power * 1_000_000n) / set.totalPower)
}
