/** Checks a certificate: structure, quorum and every signature. */
import type { Verifier } from '../ports/crypto.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { certificateSigners } from '../protocol/certificate-builder.ts'
import { commitSigningBytes } from '../protocol/hash.ts'
import type { ChainId } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { HeightSet } from './message-verifier.ts'

export class CertificateVerifier {
  readonly #verifier: Verifier
  readonly #chainId: ChainId
  readonly #seen: (certificate: Certificate, set: ValidatorSet) => void

  /** `seen` hears of every certificate that holds. */
  constructor(
    verifier: Verifier,
    chainId: ChainId,
    seen: (certificate: Certificate, set: ValidatorSet) => void = () => undefined,
  ) {
    this.#verifier = verifier
    this.#chainId = chainId
    this.#seen = seen
  }

  async verify(certificate: Certificate, at: HeightSet): Promise<boolean> {
    if (certificate.validatorsHash !== at.hash) return false
    const signers = certificateSigners(at.set, certificate)
    if (!signers.ok) return false
    const bytes = commitSigningBytes(this.#chainId, certificate)
    const verdicts = await Promise.all(
      signers.members.map((member, i) =>
        this.#verifier.verifyEd25519(member.validatorKey, bytes, certificate.signatures[i]!),
      ),
    )
    const holds = verdicts.every((good) => good)
    if (holds) this.#seen(certificate, at.set)
    return holds
  }
}
