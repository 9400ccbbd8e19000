/** Proofs that travel beside signed messages: of what a ROUND-CHANGE claims, and of what a PRE-PREPARE may propose. */
import type { Hash, Height, Round } from '../protocol/ids.ts'
import type { PrePrepare, Prepare, RoundChange } from '../protocol/messages.ts'
import { type Committee, distinctPower, isQuorum } from './quorum.ts'

/** A quorum of distinct PREPAREs for this block in this round. */
function provesPrepared(
  committee: Committee,
  certificate: readonly Prepare[],
  value: { readonly height: Height; readonly round: Round; readonly blockId: Hash },
): boolean {
  for (const prepare of certificate)
    if (
      prepare.type !== 'prepare' ||
      prepare.height !== value.height ||
      prepare.round !== value.round ||
      prepare.blockId !== value.blockId
    )
      return false
  const power = distinctPower(committee, certificate)
  return power !== null && isQuorum(committee, power)
}

/** What it claims lies below its round and is proved. The proof is not signed: a bad one blames the relaying peer alone. */
export function isProvedRoundChange(committee: Committee, message: RoundChange): boolean {
  const { prepared, preparedCertificate, height, round } = message
  if (prepared === null) return preparedCertificate.length === 0
  return prepared.round < round && provesPrepared(committee, preparedCertificate, { height, ...prepared })
}

export type Justified = 'fresh' | 're-proposed' | 'unjustified'

/**
 * Rule 2: round 0 is always fresh. A later round shows a quorum of ROUND-CHANGEs for it. When none of them is prepared the
 * block is fresh; else it is that of one with the highest prepared round, and that one alone needs its proof.
 */
export function judgeJustification(committee: Committee, proposal: PrePrepare): Justified {
  if (proposal.round === 0) return proposal.justification.length === 0 ? 'fresh' : 'unjustified'
  const power = distinctPower(committee, proposal.justification)
  if (power === null || !isQuorum(committee, power)) return 'unjustified'
  for (const each of proposal.justification) if (!belongs(each, proposal)) return 'unjustified'
  const highest = highestPreparedRound(proposal.justification)
  if (highest === null) return 'fresh'
  const { height, blockId } = proposal
  const proved = proposal.justification.some(
    (each) =>
      each.prepared?.round === highest &&
      each.prepared.blockId === blockId &&
      provesPrepared(committee, each.preparedCertificate, { height, round: highest, blockId }),
  )
  return proved ? 're-proposed' : 'unjustified'
}

function belongs(roundChange: RoundChange, proposal: PrePrepare): boolean {
  return (
    roundChange.type === 'round-change' &&
    roundChange.height === proposal.height &&
    roundChange.round === proposal.round &&
    (roundChange.prepared === null || roundChange.prepared.round < proposal.round)
  )
}

export function highestPreparedRound(roundChanges: readonly RoundChange[]): Round | null {
  let highest: Round | null = null
  for (const { prepared } of roundChanges)
    if (prepared && (highest === null || prepared.round > highest)) highest = prepared.round
  return highest
}

/** Leaves out the proofs that rule 2 does not ask for; they are most of the bytes of a proposal. */
export function leanJustification(
  roundChanges: readonly RoundChange[],
  proof: RoundChange | null,
): RoundChange[] {
  return roundChanges.map((each) => (each === proof ? each : { ...each, preparedCertificate: [] }))
}
