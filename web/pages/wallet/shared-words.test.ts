import { describe, expect, test } from 'vitest'
import { addressOf, formatAddress } from '../../../node-core/protocol/address.ts'
import {
  actsOn,
  approvalWords,
  blocksProblem,
  expiryWords,
  membersProblem,
  openForWords,
  proposalActWords,
  readMembers,
  thresholdProblem,
  thresholdWords,
} from './shared-words.ts'

const nameOf = (address: string) => address.toUpperCase()
const two = { threshold: 2, members: ['anna', 'ben', 'cleo'] }
const address = (of: number) => formatAddress(addressOf(0, new Uint8Array(32).fill(of)))

describe('a proposal', () => {
  test('says who has approved, who could make it enough, and when it is', () => {
    expect(approvalWords({ approvals: ['anna'] }, two, nameOf)).toBe(
      'Approved by ANNA; one of BEN and CLEO is missing.',
    )
    expect(approvalWords({ approvals: ['anna'] }, { ...two, threshold: 3 }, nameOf)).toBe(
      'Approved by ANNA; BEN and CLEO are missing.',
    )
    expect(approvalWords({ approvals: ['anna', 'cleo'] }, two, nameOf)).toBe(
      'Approved by ANNA and CLEO: that is enough.',
    )
    expect(approvalWords({ approvals: [] }, two, nameOf)).toContain('Approved by nobody; two of')
  })

  test('counts to its end in blocks and time, and says when that is past', () => {
    const open = { state: 'waiting', expiresAtHeight: 1_400 } as const
    expect(expiryWords(open, 1_000, 2_000)).toBe('Open until height 1,400: 400 blocks left, about 13 min.')
    expect(expiryWords({ ...open, state: 'expired' }, 1_000, 2_000)).toContain('cannot be executed any more')
    expect(expiryWords(open, 1_400, 2_000)).toContain('Expired')
  })

  test('offers each member what it can do', () => {
    const waiting = { state: 'waiting', approvals: ['anna'], proposer: 'anna' } as const
    expect(actsOn(waiting, 'ben')).toEqual(['approve'])
    expect(actsOn(waiting, 'anna')).toEqual(['revoke'])
    expect(actsOn({ ...waiting, state: 'ready' }, 'ben')).toEqual(['execute', 'approve'])
    expect(actsOn({ ...waiting, state: 'expired' }, 'ben')).toEqual([])
    expect(actsOn({ ...waiting, state: 'expired' }, 'anna')).toEqual(['revoke'])
  })

  test('says before signing what becomes of it', () => {
    const facts = { enough: true, ends: false }
    expect(proposalActWords('approve', facts).effects[0]).toContain('there are enough')
    expect(proposalActWords('revoke', { ...facts, ends: true }).title).toBe('Take a proposal back')
    expect(proposalActWords('execute', facts).effects.join(' ')).toContain('executes it again is refused')
  })
})

test('how many must agree is said in words', () => {
  expect(thresholdWords(two)).toBe('Two of three must agree.')
  expect(thresholdWords({ ...two, threshold: 3 })).toBe('All three must agree.')
  expect(thresholdWords({ threshold: 2, members: ['anna', 'ben'] })).toBe('Both must agree.')
})

test('members are addresses, each once, and more than one', () => {
  const [anna, ben] = [address(1), address(2)]
  expect(readMembers(` ${anna.toUpperCase()},\n${ben} `)).toEqual([anna, ben])
  expect(membersProblem(`${anna}\n${ben}`)).toBeNull()
  expect(membersProblem(`${anna}\n${anna}`)).toContain('twice')
  expect(membersProblem(`${anna}\nait1wrong`)).toBe('Not an address: ait1wrong')
  expect(membersProblem(anna)).toContain('add another')
  const many = Array.from({ length: 17 }, (_, index) => address(index + 1)).join('\n')
  expect(membersProblem(many)).toContain('At most 16')
})

test('the threshold and the time to agree are whole numbers within reach', () => {
  expect(thresholdProblem('2', 3)).toBeNull()
  expect(thresholdProblem('4', 3)).toBe('There are only 3 members')
  expect(thresholdProblem('0', 3)).toContain('from 1 on')
  expect(blocksProblem('1000')).toBeNull()
  expect(blocksProblem('1.5')).toContain('whole number')
  expect(openForWords('300', 2_000)).toBe('About 10 min from now, for the others to agree.')
})
