/** Finds signatures of one's own key that one's own record does not hold: somebody else signs with it. */
import type { GuardRecord } from '../consensus/replica-state.ts'
import { comparePositions } from '../consensus/signing-guard.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Statement } from '../protocol/evidence.ts'
import type { Address } from '../protocol/ids.ts'
import { sameSignedFields } from '../protocol/offence.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { hasSigned } from './signed-power.ts'

/**
 * Whether the owner of this record cannot have signed it. The record is durable before a signature leaves, so what is above
 * its position is another's; so is what says something else at a place that it still knows. Below, nothing can be told.
 */
export function isForeign(record: GuardRecord | null, statement: Statement): boolean {
  if (!record || comparePositions(statement, record.position) > 0) return true
  const known = record.lastCommit ? [...record.messages, record.lastCommit] : record.messages
  const stored = known.find((each) => comparePositions(each, statement) === 0)
  return stored !== undefined && !sameSignedFields(stored, statement)
}

/** The COMMIT of this member in a certificate whose signatures were checked; null: it is not in it. */
export function commitIn(certificate: Certificate, set: ValidatorSet, self: Address): Statement | null {
  const index = set.members.findIndex(({ address }) => address === self)
  if (index < 0 || !hasSigned(certificate, index)) return null
  const before = set.members.slice(0, index).filter((_, i) => hasSigned(certificate, i)).length
  const { height, round, blockId, signatures } = certificate
  return { type: 'commit', height, round, blockId, sender: self, signature: signatures[before]! }
}
