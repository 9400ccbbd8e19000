/** Who signed and who proposed: counted with each block, folded into the performance score at an epoch's end. */
import { nextPerformance } from '../economy/performance.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Address } from '../protocol/ids.ts'
import { PARTICIPATION_KEY, validatorKey } from '../state/keys.ts'
import type { ParticipationCount } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'

/**
 * Of a block: its proposer, and the signers of its parent's certificate (null at height 1). A member with a declared pause,
 * or on its way out, may be absent; its signature still counts.
 */
export function countParticipation(
  draft: Draft,
  certificate: Certificate | null,
  { proposer, parameters }: BlockContext,
): void {
  const counts = new Map((draft.get(PARTICIPATION_KEY) ?? []).map((count) => [count.address, count]))
  const members = certificate ? validatorSetOf(draft, epochOf(certificate.height, parameters)).members : []
  for (const [index, { address }] of members.entries()) {
    const hasSigned = ((certificate?.bitmap[index >> 3] ?? 0) >> (index & 7)) & 1
    const record = draft.get(validatorKey(address))
    if (!hasSigned && (!record || record.paused || record.exiting)) continue
    const count = counts.get(address) ?? nothing(address)
    counts.set(address, { ...count, signed: count.signed + hasSigned, expected: count.expected + 1 })
  }
  const count = counts.get(proposer) ?? nothing(proposer)
  counts.set(proposer, { ...count, proposed: count.proposed + 1 })
  draft.set(PARTICIPATION_KEY, [...counts.values()].sort(byAddress))
}

/** At the end of an epoch: scores change and the window begins again. */
export function foldParticipation(draft: Draft): void {
  for (const count of draft.get(PARTICIPATION_KEY) ?? []) {
    const record = draft.get(validatorKey(count.address))
    if (!record) continue
    const performance = nextPerformance(record.performance, count)
    if (performance !== record.performance) draft.set(validatorKey(count.address), { ...record, performance })
  }
  draft.set(PARTICIPATION_KEY, [])
}

function nothing(address: Address): ParticipationCount {
  return { address, signed: 0, expected: 0, proposed: 0 }
}

function byAddress(a: ParticipationCount, b: ParticipationCount): number {
  return a.address < b.address ? -1 : 1
}
