/** Who could stop the chain, and who could decide it. Weights are voting power in any one unit, never negative. */

/** Fewest members that together hold more than a third: they can keep every quorum from forming. */
export function membersToStop(powers: readonly number[]): number {
  return fewestAbove(powers, 1, 3)
}

/** Fewest members that together hold more than two thirds: a quorum of their own. */
export function membersToDecide(powers: readonly number[]): number {
  return fewestAbove(powers, 2, 3)
}

/** 3·w > 2·W in whole units, as the chain counts it. */
export function isQuorum(power: number, total: number): boolean {
  return 3 * power > 2 * total
}

function fewestAbove(powers: readonly number[], numerator: number, denominator: number): number {
  const total = powers.reduce((sum, power) => sum + power, 0)
  if (total <= 0) return 0
  const largestFirst = [...powers].sort((a, b) => b - a)
  let held = 0
  let members = 0
  while (denominator * held <= numerator * total && members < largestFirst.length) {
    held += largestFirst[members]!
    members++
  }
  return members
}

export interface Segment {
  readonly key: string
  readonly share: number
}

/** Widths of the bar's segments as parts of one, largest first; members without power have none. */
export function segments(
  members: readonly { readonly key: string; readonly power: number }[],
): readonly Segment[] {
  const total = members.reduce((sum, member) => sum + member.power, 0)
  if (total <= 0) return []
  return members
    .filter((member) => member.power > 0)
    .sort((a, b) => b.power - a.power)
    .map((member) => ({ key: member.key, share: member.power / total }))
}
