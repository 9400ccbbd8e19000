import { expect, test } from 'vitest'
import { claimLead, claimSum, claimsOf, costHeading } from './claim-words.ts'

const claim = (validator: string, amount: string, commission = '0') => ({
  validator,
  validatorName: validator,
  amount,
  commission,
})
const TERN = claim('tern', '3400000000')
const OWN = claim('own', '0', '1100000000')
const COMPOUNDS = claim('skua', '0')

test('what pays is claimed, the own commission with it; a claim of nothing would fail the whole batch', () => {
  const all = claimsOf([TERN, OWN, COMPOUNDS], '')
  expect(all).toEqual([TERN, OWN])
  expect(claimSum(all)).toBe(4_500_000_000n)
  expect(claimsOf([TERN, OWN, COMPOUNDS], 'tern')).toEqual([TERN])
  expect(claimsOf([TERN, OWN, COMPOUNDS], 'skua')).toEqual([])
})

test('the dialog says how many transactions it takes, and that each is done whole or not at all', () => {
  expect(claimLead(1, 1)).toBeUndefined()
  expect(claimLead(2, 1)).toBe('Two claims in one transaction: either all of them are done, or none.')
  expect(claimLead(130, 3)).toMatch(
    /^130 claims in three transactions of at most 64, .* either all claims of one are done, or none\.$/,
  )
  expect([costHeading(1, 1), costHeading(2, 3)]).toEqual(['It costs', 'Transaction 2 of 3 costs'])
})
