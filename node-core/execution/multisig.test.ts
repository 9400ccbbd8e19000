import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { MAX_MEMBER_PROPOSALS } from '../protocol/constants.ts'
import type { Address } from '../protocol/ids.ts'
import { type MultisigOrigin, multisigAddress, sortedMembers } from '../protocol/multisig-account.ts'
import type { MultisigPayload, Payload, ProposablePayload } from '../protocol/transaction.ts'
import { delegationKey, multisigKey, multisigProposalKey, validatorKey } from '../state/keys.ts'
import { accountOf } from '../state/ledger.ts'
import { checkTransaction } from './check-transaction.ts'
import { outsideProofsOf } from './outside-proofs.ts'
import { AIT, addressNumber, registration, TestChain, transactionBy } from './test-chain.ts'

const [ANNA, BEN, CARL, DORA] = [1, 2, 3, 4] as const
const MEMBERS = sortedMembers([ANNA, BEN, CARL].map(addressNumber))
const SHOP = 60
const LATER = 1_000
const send = (amount: bigint): ProposablePayload => ({ type: 'transfer', to: addressNumber(SHOP), amount })

let chain: TestChain
let account: Address

/** One transaction in a block of its own: the code of its receipt, with its data. */
function does(n: number, payload: Payload): string {
  const [receipt] = chain.decide([chain.by(n, payload)]).outcome.receipts
  return receipt!.code
}

function receiptOf(n: number, payload: Payload) {
  const { code, data } = chain.decide([chain.by(n, payload)]).outcome.receipts[0]!
  return { code, data }
}

const propose = (payload: ProposablePayload, expiresAtHeight = LATER): MultisigPayload => ({
  type: 'multisig.propose',
  account,
  payload,
  expiresAtHeight,
})
const act = (verb: 'approve' | 'revoke' | 'execute', proposal = 0): MultisigPayload => ({
  type: `multisig.${verb}`,
  account,
  proposal,
})
const balance = (of: Address) => accountOf(chain.state, of).balance
const proposal = (number = 0) => chain.state.get(multisigProposalKey(account, number))

/** A 2-of-3 account with 10 AIT. */
beforeEach(() => {
  chain = new TestChain()
  const terms = { threshold: 2, members: MEMBERS }
  account = multisigAddress({ ...terms, creator: addressNumber(ANNA), nonce: 0, place: 0 })
  expect(does(ANNA, { type: 'multisig.create', ...terms })).toBe('ok')
  expect(does(DORA, { type: 'transfer', to: account, amount: 10n * AIT })).toBe('ok')
})

describe('two of three', () => {
  it('pay once both have said so, and only once', () => {
    expect(does(ANNA, propose(send(4n * AIT)))).toBe('ok')
    expect(receiptOf(ANNA, act('execute'))).toEqual({
      code: 'not-enough-approvals',
      data: { approvals: '1', threshold: '2' },
    })
    expect(does(BEN, act('approve'))).toBe('ok')
    expect(balance(account)).toBe(10n * AIT)
    expect(does(CARL, act('execute'))).toBe('ok')
    expect(balance(account)).toBe(6n * AIT)
    expect(balance(addressNumber(SHOP))).toBe(4n * AIT)
    expect(proposal()).toBeNull()
    expect(receiptOf(ANNA, act('execute'))).toEqual({ code: 'proposal-closed', data: { proposal: '0' } })
    expect(balance(account)).toBe(6n * AIT)
  })

  it('say everything in one transaction each, and the account has no fee to pay', () => {
    does(ANNA, propose(send(10n * AIT)))
    expect(does(BEN, { type: 'batch', payloads: [act('approve'), act('execute')] })).toBe('ok')
    expect(balance(account)).toBe(0n)
    expect(balance(addressNumber(SHOP))).toBe(10n * AIT)
  })

  it('approve once each; who is no member can do nothing', () => {
    does(ANNA, propose(send(AIT)))
    expect(receiptOf(ANNA, act('approve'))).toEqual({
      code: 'already-approved',
      data: { address: addressNumber(ANNA) },
    })
    const stranger = { code: 'not-a-member', data: { address: addressNumber(DORA) } }
    for (const verb of ['approve', 'revoke', 'execute'] as const)
      expect(receiptOf(DORA, act(verb))).toEqual(stranger)
    expect(receiptOf(DORA, propose(send(AIT)))).toEqual(stranger)
  })

  it('take an approval back; the proposer’s ends the proposal', () => {
    does(ANNA, propose(send(AIT)))
    expect(receiptOf(BEN, act('revoke'))).toEqual({
      code: 'not-approved',
      data: { address: addressNumber(BEN) },
    })
    does(BEN, act('approve'))
    expect(does(BEN, act('revoke'))).toBe('ok')
    expect(proposal()).toMatchObject({ approvals: [addressNumber(ANNA)] })
    expect(does(CARL, act('execute'))).toBe('not-enough-approvals')
    expect(does(BEN, act('approve'))).toBe('ok')
    expect(does(ANNA, act('revoke'))).toBe('ok')
    expect(does(BEN, act('execute'))).toBe('proposal-closed')
    expect(balance(account)).toBe(10n * AIT)
  })

  it('have until the last height; after it nothing is approved or executed', () => {
    const last = chain.height + 4
    does(ANNA, propose(send(AIT), last))
    does(ANNA, propose(send(2n * AIT), last))
    does(BEN, act('approve', 0))
    expect(does(BEN, act('execute', 0))).toBe('ok')
    const late = { code: 'proposal-expired', data: { expiresAtHeight: String(last) } }
    expect(receiptOf(BEN, act('approve', 1))).toEqual(late)
    expect(receiptOf(BEN, act('execute', 1))).toEqual(late)
    expect(receiptOf(BEN, propose(send(AIT), chain.height))).toMatchObject({ code: 'proposal-expired' })
    expect(chain.state.get(multisigKey(account))).toMatchObject({ nextProposal: 2, open: [1] })
    expect(does(CARL, propose(send(AIT)))).toBe('ok')
    expect(chain.state.get(multisigKey(account))).toMatchObject({ nextProposal: 3, open: [2] })
    expect(does(ANNA, act('revoke', 1))).toBe('proposal-closed')
  })

  it('keep a proposal whose payload fails, until it works', () => {
    does(ANNA, propose(send(12n * AIT)))
    does(BEN, act('approve'))
    expect(receiptOf(BEN, act('execute'))).toEqual({
      code: 'insufficient-balance',
      data: { balance: String(10n * AIT), needed: String(12n * AIT) },
    })
    expect(proposal()).toMatchObject({ approvals: sortedMembers([ANNA, BEN].map(addressNumber)) })
    does(DORA, { type: 'transfer', to: account, amount: 2n * AIT })
    expect(does(BEN, act('execute'))).toBe('ok')
    expect(balance(account)).toBe(0n)
  })
})

describe('a member', () => {
  it('has so many proposals open, which does not keep the others from proposing', () => {
    for (let i = 0; i < MAX_MEMBER_PROPOSALS; i++) expect(does(ANNA, propose(send(1n)))).toBe('ok')
    expect(receiptOf(ANNA, propose(send(1n)))).toEqual({
      code: 'too-many-proposals',
      data: { limit: String(MAX_MEMBER_PROPOSALS) },
    })
    expect(does(BEN, propose(send(1n)))).toBe('ok')
    does(ANNA, act('revoke', 3))
    expect(does(ANNA, propose(send(1n)))).toBe('ok')
  })

  it('pays ahead for what is executed, and for each byte that the state keeps of it', () => {
    const gas = (payload: Payload) => chain.decide([chain.by(ANNA, payload)]).outcome.receipts[0]!.gasUsed
    expect(gas(act('approve'))).toBe(31_500)
    expect(gas(propose(send(1n)))).toBe(31_500 + 21_000 + 29 * 24)
  })
})

describe('an account of several', () => {
  it('is made by its terms, its creator and its nonce: no two are the same', () => {
    const terms = { threshold: 1, members: MEMBERS }
    const create = { type: 'multisig.create', ...terms } as const
    const at = (creator: number, nonce: number, place: number) =>
      chain.state.get(
        multisigKey(multisigAddress({ ...terms, creator: addressNumber(creator), nonce, place })),
      )
    expect(does(ANNA, { type: 'batch', payloads: [create, create] })).toBe('ok')
    expect(does(BEN, create)).toBe('ok')
    expect([at(ANNA, 1, 0), at(ANNA, 1, 1), at(BEN, 0, 0)]).toEqual(
      Array(3).fill({ ...terms, nextProposal: 0, open: [] }),
    )
    expect(at(ANNA, 1, 2)).toBeNull()
  })

  it('has another address when anything in its origin differs', () => {
    const origin: MultisigOrigin = {
      threshold: 2,
      members: MEMBERS,
      creator: addressNumber(ANNA),
      nonce: 7,
      place: 0,
    }
    const changes: Partial<MultisigOrigin>[] = [
      {},
      { threshold: 3 },
      { members: MEMBERS.slice(1) },
      { creator: addressNumber(BEN) },
      { nonce: 8 },
      { place: 1 },
    ]
    expect(new Set(changes.map((change) => multisigAddress({ ...origin, ...change }))).size).toBe(6)
  })

  it.each<[string, number, readonly Address[]]>([
    ['nobody', 1, []],
    ['more than 16', 1, sortedMembers(Array.from({ length: 17 }, (_, i) => addressNumber(i)))],
    ['a threshold of nothing', 0, MEMBERS],
    ['a threshold above their number', 4, MEMBERS],
    ['one twice', 2, [MEMBERS[0]!, MEMBERS[0]!, MEMBERS[1]!]],
    ['members in another order', 2, [...MEMBERS].reverse()],
  ])('cannot be of %s', (_, threshold, members) => {
    const create: Payload = { type: 'multisig.create', threshold, members: members.slice(0, 16) }
    const { transaction, bytes } = transactionBy(ANNA, create, { nonce: chain.nonceOf(ANNA) })
    const judged = { ...transaction, payload: { ...create, members } }
    const terms = { height: chain.height + 1, baseFeePerGas: 1_000n, bytes: bytes.length }
    expect(checkTransaction(chain.state, chain.state.parameters, judged, terms)).toEqual({
      code: 'multisig-invalid',
      data: { limit: '16' },
    })
  })

  it('that does not exist, and a proposal that was never made, are named', () => {
    expect(receiptOf(ANNA, { ...act('approve'), account: addressNumber(9) } as Payload)).toEqual({
      code: 'unknown-multisig',
      data: { address: addressNumber(9) },
    })
    expect(receiptOf(ANNA, act('execute', 5))).toEqual({ code: 'unknown-proposal', data: { proposal: '5' } })
  })

  it('becomes a validator by keys that prove themselves for it, not for who proposes', () => {
    does(DORA, { type: 'transfer', to: account, amount: 2_000n * AIT })
    const register = registration(9, 1_500n * AIT)
    const { transaction } = transactionBy(ANNA, { type: 'batch', payloads: [propose(register)] })
    const own = { ...transaction, sender: account, payload: register }
    expect(outsideProofsOf(transaction)).toEqual(outsideProofsOf(own))
    expect(outsideProofsOf(transaction)).not.toEqual(outsideProofsOf({ ...transaction, payload: register }))
    does(ANNA, propose(register))
    does(BEN, act('approve'))
    expect(does(CARL, act('execute'))).toBe('ok')
    expect(chain.state.get(validatorKey(account))).toMatchObject({ address: account, delegators: 1 })
    expect(chain.state.get(delegationKey(account, account))).toMatchObject({ principal: 1_500n * AIT })
  })

  it('refuses a payload in a proposal for the reasons for which it refuses it alone', () => {
    const { transaction, bytes } = transactionBy(ANNA, propose(registration(9, 5n)), {
      nonce: chain.nonceOf(ANNA),
    })
    const terms = { height: chain.height + 1, baseFeePerGas: 1_000n, bytes: bytes.length }
    const rejection = checkTransaction(chain.state, chain.state.parameters, transaction, terms)
    expect(rejection?.code).toBe('below-minimum-stake')
  })
})

it('pays only what the threshold approved, whatever members and strangers try', () => {
  const steps = fc.record({
    who: fc.constantFrom(ANNA, BEN, CARL, DORA),
    verb: fc.constantFrom('propose' as const, 'approve' as const, 'revoke' as const, 'execute' as const),
    number: fc.nat(2),
  })
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 12 }), (script) => {
      const before = balance(addressNumber(SHOP))
      const first = chain.state.get(multisigKey(account))!.nextProposal
      const approvals = new Map<number, Set<number>>()
      const proposers = new Map<number, number>()
      let paid = 0n
      for (const { who, verb, number } of script) {
        const target = first + number
        const payload = verb === 'propose' ? propose(send(1n)) : act(verb, target)
        const next = chain.state.get(multisigKey(account))!.nextProposal
        if (does(who, payload) !== 'ok') continue
        if (verb === 'propose') {
          approvals.set(next, new Set([who]))
          proposers.set(next, who)
        }
        if (verb === 'approve') approvals.get(target)!.add(who)
        if (verb === 'revoke') {
          approvals.get(target)!.delete(who)
          if (proposers.get(target) === who) approvals.delete(target)
        }
        if (verb !== 'execute') continue
        expect(approvals.get(target)?.size).toBeGreaterThanOrEqual(2)
        expect(approvals.get(target)?.has(DORA)).toBe(false)
        approvals.delete(target)
        paid += 1n
      }
      expect(balance(addressNumber(SHOP)) - before).toBe(paid)
      for (const open of chain.state.get(multisigKey(account))!.open)
        does(
          [ANNA, BEN, CARL].find((n) => addressNumber(n) === proposal(open)!.proposer)!,
          act('revoke', open),
        )
    }),
    { numRuns: 40 },
  )
})
