/** Who was there: signatures in the certificates of a window of blocks, and what follows for those who were not. */
import { type Absence, punishAbsence } from '../economy/punishment.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { PRESENCE_KEY, validatorKey } from '../state/keys.ts'
import type { PresenceCount, ValidatorRecord } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'

/**
 * Of a block: its proposer is awake, and the certificate of its parent (null at height 1) says who signed. Windows end at the
 * multiples of their length and are judged by the certificate of their last height. Members of that height's set alone are
 * counted: who has left has nothing to sign, and who has come back begins anew.
 */
export function countPresence(draft: Draft, certificate: Certificate | null, context: BlockContext): void {
  const before = new Map((draft.get(PRESENCE_KEY) ?? []).map((count) => [count.address, count]))
  let counts = certificate ? withCertificate(draft, before, certificate, context) : before
  if (certificate && certificate.height % context.parameters.presenceWindowBlocks === 0) {
    judgeWindow(draft, [...counts.values()], certificate.height, context)
    counts = new Map()
  }
  const { proposer } = context
  counts.set(proposer, { ...(counts.get(proposer) ?? nothing(proposer)), heard: true })
  draft.set(PRESENCE_KEY, [...counts.values()].sort(byAddress))
}

function withCertificate(
  draft: Draft,
  before: ReadonlyMap<string, PresenceCount>,
  { height, bitmap }: Certificate,
  { parameters }: BlockContext,
): Map<string, PresenceCount> {
  const { members } = validatorSetOf(draft, epochOf(height, parameters))
  return new Map(
    members.map(({ address }, index) => {
      const count = before.get(address) ?? nothing(address)
      const record = draft.get(validatorKey(address))
      if (!record || record.paused || !isAtLiberty(record)) return [address, count]
      const signed = ((bitmap[index >> 3] ?? 0) >> (index & 7)) & 1
      return [address, { ...count, signed: count.signed + signed, expected: count.expected + 1 }]
    }),
  )
}

/** More than half of the window's blocks without it: it was away, or awake and slow. */
function judgeWindow(
  draft: Draft,
  counts: readonly PresenceCount[],
  height: number,
  context: BlockContext,
): void {
  for (const { address: validator, signed, expected, heard } of counts) {
    if (2 * (expected - signed) <= context.parameters.presenceWindowBlocks) continue
    const record = draft.get(validatorKey(validator))
    if (!record || !isAtLiberty(record)) continue
    const offence: Absence['offence'] = heard ? 'slow' : 'unavailable'
    punishAbsence(draft, { validator, offence, height, signed, expected }, context)
  }
}

/** Neither on its way out nor out already. */
function isAtLiberty({ exiting, jail, tombstoned }: ValidatorRecord): boolean {
  return !exiting && !jail && !tombstoned
}

function nothing(address: PresenceCount['address']): PresenceCount {
  return { address, expected: 0, signed: 0, heard: false }
}

function byAddress(a: PresenceCount, b: PresenceCount): number {
  return a.address < b.address ? -1 : 1
}
