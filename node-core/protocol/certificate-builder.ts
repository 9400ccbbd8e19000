/** Certificates from votes, and who is in one. Signatures are checked elsewhere: commitSigningBytes of hash.ts says over what. */
import { assert } from '../lib/assert.ts'
import type { Certificate } from './certificate.ts'
import { CERTIFICATE_ED25519_LIST } from './constants.ts'
import { validatorsHash } from './hash.ts'
import type { Address } from './ids.ts'
import type { Commit } from './messages.ts'
import type { Validator, ValidatorSet } from './validator-set.ts'

/**
 * COMMITs of one block in one round, by members of the set, verified; any order, a sender's second one is left out. The
 * power need not be a quorum: the caller asks for it when it is.
 */
export function certificateFromCommits(set: ValidatorSet, commits: readonly Commit[]): Certificate {
  const first = commits[0]
  assert(first, 'a certificate has a COMMIT')
  const bySender = new Map(commits.map((commit) => [commit.sender, commit]))
  const bitmap = bitmapOf(set, new Set(bySender.keys()))
  const signatures: Uint8Array[] = []
  for (const member of set.members) {
    const commit = bySender.get(member.address)
    if (!commit) continue
    assert(
      commit.height === first.height && commit.round === first.round && commit.blockId === first.blockId,
      'COMMITs of one block in one round',
    )
    signatures.push(commit.signature)
    bySender.delete(member.address)
  }
  assert(bySender.size === 0, 'COMMITs of members alone')
  return {
    scheme: CERTIFICATE_ED25519_LIST,
    height: first.height,
    round: first.round,
    blockId: first.blockId,
    validatorsHash: validatorsHash(set),
    bitmap,
    signatures,
  }
}

export type CertificateFault =
  | 'unknown-scheme'
  | 'wrong-height'
  | 'wrong-bitmap'
  | 'wrong-signature-count'
  | 'no-quorum'

export type CertificateSigners =
  /** Member i signed signature i. */
  | { readonly ok: true; readonly members: readonly Validator[]; readonly power: bigint }
  | { readonly ok: false; readonly code: CertificateFault }

/**
 * Who is in the certificate, if its shape is right for this set and they are a quorum (3·w > 2·W). The caller has checked
 * that `certificate.validatorsHash` is this set's, and still has to check the signatures.
 */
export function certificateSigners(set: ValidatorSet, certificate: Certificate): CertificateSigners {
  if (certificate.scheme !== CERTIFICATE_ED25519_LIST) return { ok: false, code: 'unknown-scheme' }
  if (certificate.height < set.firstHeight || certificate.height > set.lastHeight)
    return { ok: false, code: 'wrong-height' }
  const members = membersIn(set, certificate.bitmap)
  if (!members) return { ok: false, code: 'wrong-bitmap' }
  if (members.length !== certificate.signatures.length) return { ok: false, code: 'wrong-signature-count' }
  const power = members.reduce((sum, member) => sum + member.power, 0n)
  if (3n * power <= 2n * set.totalPower) return { ok: false, code: 'no-quorum' }
  return { ok: true, members, power }
}

/** The bitmap of these members of the set. */
export function bitmapOf(set: ValidatorSet, members: ReadonlySet<Address>): Uint8Array {
  const bitmap = new Uint8Array(bitmapBytes(set))
  for (const [i, { address }] of set.members.entries())
    if (members.has(address)) bitmap[i >> 3]! |= 1 << (i & 7)
  return bitmap
}

/** Those whose bits are set, in the order of the set; null: it is no bitmap over the set. */
export function membersIn(set: ValidatorSet, bitmap: Uint8Array): readonly Validator[] | null {
  if (bitmap.length !== bitmapBytes(set)) return null
  const members = set.members.filter((_, i) => isSet(bitmap, i))
  return members.length === countBits(bitmap) ? members : null
}

function bitmapBytes(set: ValidatorSet): number {
  return Math.ceil(set.members.length / 8)
}

function isSet(bitmap: Uint8Array, i: number): boolean {
  return ((bitmap[i >> 3]! >> (i & 7)) & 1) === 1
}

function countBits(bitmap: Uint8Array): number {
  let count = 0
  for (const byte of bitmap) for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1
  return count
}
