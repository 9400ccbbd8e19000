/** What a claim brings, and in how many transactions. Pure. */
import type { StakeRewardsView } from '../../../node-core/node/node-api.ts'
import type { ClaimRequest } from '../../../node-core/node/wallet-api.ts'
import { MAX_BATCH_PAYLOADS } from '../../../node-core/protocol/constants.ts'
import { capital, countWord } from '../../i18n/format.ts'

export type Claim = StakeRewardsView['claimable'][number]

/** What has rewards, `at` one validator or, where it is empty, at all: a claim of nothing would fail its whole batch. */
export function claimsOf(claimable: readonly Claim[], at: string): readonly Claim[] {
  return claimable.filter((one) => (at === '' || one.validator === at) && claimSum([one]) > 0n)
}

/** Base units, with the commission of the own validator. */
export function claimSum(claims: readonly Claim[]): bigint {
  return claims.reduce((sum, one) => sum + BigInt(one.amount) + BigInt(one.commission), 0n)
}

export function claimRequest({ validator }: Claim): ClaimRequest {
  return { type: 'stake.claimRewards', validator }
}

/** undefined: nothing that its figures do not tell. */
export function claimLead(claims: number, batches: number): string | undefined {
  if (claims < 2) return undefined
  const all = `${capital(countWord(claims))} claims`
  return batches === 1
    ? `${all} in one transaction: either all of them are done, or none.`
    : `${all} in ${countWord(batches)} transactions of at most ${MAX_BATCH_PAYLOADS}, signed one after the other: either all claims of one are done, or none.`
}

/** Above what the next one costs. */
export function costHeading(next: number, batches: number): string {
  return batches === 1 ? 'It costs' : `Transaction ${next} of ${batches} costs`
}
