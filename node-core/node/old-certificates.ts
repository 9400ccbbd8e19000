/**
 * Certificates of heights that are long decided, for other blocks: they change nothing here, but good signatures under one say
 * that keys of the past are at work.
 */
import type { RefusedCertificate } from '../economy/detectors/observation.ts'
import type { Clock } from '../ports/clock.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import { validatorsHash } from '../protocol/hash.ts'
import type { Millionths } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { CertificateVerifier } from './certificate-verifier.ts'
import type { Chain } from './chain.ts'
import { hasSigned } from './signed-power.ts'

/** Signatures of one are checked at most this often, ms: nobody can make a node work for the past. */
const CHECK_EVERY_MS = 10_000

export interface OldCertificatesParts {
  readonly chain: Chain
  readonly certificates: CertificateVerifier
  readonly clock: Clock
  readonly refused: (certificate: RefusedCertificate) => void
}

export class OldCertificates {
  readonly #parts: OldCertificatesParts
  #nextCheckMs = 0

  constructor(parts: OldCertificatesParts) {
    this.#parts = parts
  }

  async received(certificate: Certificate): Promise<void> {
    const { chain, certificates, clock, refused } = this.#parts
    const { height, blockId } = certificate
    if (clock.monotonicMs() < this.#nextCheckMs) return
    const own = await chain.loadHeader(height)
    const set = await chain.loadSetAt(height)
    if (!own || !set || own.certificate.blockId === blockId) return
    const hash = validatorsHash(set)
    if (certificate.validatorsHash !== hash || clock.monotonicMs() < this.#nextCheckMs) return
    this.#nextCheckMs = clock.monotonicMs() + CHECK_EVERY_MS
    if (!(await certificates.verify(certificate, { set, hash }))) return
    refused({
      height,
      atMs: chain.parent.timestampMs,
      ageMs: chain.parent.timestampMs - own.header.timestampMs,
      retiredPower: retiredPower(certificate, set, chain.nextSet.set),
    })
  }
}

/** Of the signers' power, that of keys which are not in the set of now. */
function retiredPower(certificate: Certificate, set: ValidatorSet, now: ValidatorSet): Millionths {
  const keys = new Set(now.members.map(({ validatorKey }) => String(validatorKey)))
  let [signed, retired] = [0n, 0n]
  for (const [i, { validatorKey, power }] of set.members.entries()) {
    if (!hasSigned(certificate, i)) continue
    signed += power
    if (!keys.has(String(validatorKey))) retired += power
  }
  return signed === 0n ? 0 : Number((retired * BigInt(ONE_MILLION)) / signed)
}
