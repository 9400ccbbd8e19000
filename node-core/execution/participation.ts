/** Who signed: counted from the parent certificates of a block's body, folded into the performance score at an epoch's end. */
import { nextPerformance } from '../economy/performance.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import { PARTICIPATION_KEY, validatorKey } from '../state/keys.ts'
import type { ParticipationCount } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'

/** A member with a declared pause, or on its way out, may be absent; its signature still counts. */
export function countParticipation(
  draft: Draft,
  certificate: Certificate,
  parameters: ChainParameters,
): void {
  const set = validatorSetOf(draft, epochOf(certificate.height, parameters))
  const counts = new Map((draft.get(PARTICIPATION_KEY) ?? []).map((count) => [count.address, count]))
  for (const [index, { address }] of set.members.entries()) {
    const hasSigned = ((certificate.bitmap[index >> 3] ?? 0) >> (index & 7)) & 1
    const record = draft.get(validatorKey(address))
    if (!hasSigned && (!record || record.paused || record.exiting)) continue
    const count = counts.get(address) ?? { address, signed: 0, expected: 0, proposed: 0 }
    counts.set(address, { ...count, signed: count.signed + hasSigned, expected: count.expected + 1 })
  }
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

function byAddress(a: ParticipationCount, b: ParticipationCount): number {
  return a.address < b.address ? -1 : 1
}
