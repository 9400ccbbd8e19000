/** A peer's standing, 0 to 1, from what it did. Below the ban line it is refused for a time that grows. */

export type Conduct = 'served' | 'unserved' | 'bad-message' | 'bad-block' | 'wrong-chain'

export interface Reputation {
  readonly score: number
  readonly bans: number
  readonly rejected: number
}

export const NEW_PEER: Reputation = { score: 0.6, bans: 0, rejected: 0 }

/** Under this a peer is banned. */
export const BAN_BELOW = 0.1
const FIRST_BAN_MS = 60_000
const LONGEST_BAN_MS = 24 * 60 * 60 * 1_000

const WEIGHT: Readonly<Record<Conduct, number>> = {
  served: 0.02,
  unserved: -0.02,
  'bad-message': -0.1,
  'bad-block': -0.3,
  'wrong-chain': -1,
}

export function afterConduct(reputation: Reputation, conduct: Conduct): Reputation {
  const score = Math.min(1, Math.max(0, reputation.score + WEIGHT[conduct]))
  const rejected = reputation.rejected + (conduct === 'bad-message' || conduct === 'bad-block' ? 1 : 0)
  return { ...reputation, score, rejected }
}

/** How long the peer is refused now, ms; null: it is not. The next time is twice as long. */
export function banFor(reputation: Reputation): number | null {
  if (reputation.score >= BAN_BELOW) return null
  return Math.min(LONGEST_BAN_MS, FIRST_BAN_MS * 2 ** reputation.bans)
}

/** After a ban a peer begins again, a little below a stranger. */
export function afterBan(reputation: Reputation): Reputation {
  return { ...reputation, score: 0.4, bans: reputation.bans + 1 }
}
