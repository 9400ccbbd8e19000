import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress } from '../../protocol/address.ts'
import { transactions } from '../../protocol/arbitraries.ts'
import type { Address } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/transaction.ts'
import type { PayloadView } from '../node-api.ts'
import { payloadView, readForEstimate, readPayload, readProposable } from './payload-view.ts'

const WHO = formatAddress(`0x${'11'.repeat(20)}` as Address)
const payloads = transactions.map(({ payload }) => payload)

/** As it comes out of a wire. */
const overJson = (view: PayloadView): PayloadView => JSON.parse(JSON.stringify(view))

const JUNK = fc.oneof(
  fc.constantFrom(null, true, -1, 0.5, 2 ** 53, '', '01', '-1', '0x', '18446744073709551616', [], {}),
  fc.string(),
)

describe('a payload of any type', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        expect(readPayload(overJson(payloadView(payload)))).toEqual(payload)
      }),
    )
  })

  it('is refused with a field too little, a field too much, or one that is of another kind', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), JUNK, (payload, pick, junk) => {
        const view = overJson(payloadView(payload))
        expect(readPayload({ ...view, more: 1 })).toBeNull()
        const names = Object.keys(view)
        const field = names[pick % names.length]!
        const { [field]: taken, ...less } = view
        expect(readPayload(less)).toBeNull()
        const other = readPayload({ ...view, [field]: junk })
        if (other !== null) expect(payloadView(other)).toEqual({ ...view, [field]: junk })
      }),
    )
  })
})

describe('what is read', () => {
  it.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['no known type', { type: 'stake.steal' }],
    ['a type of every object', { type: 'constructor' }],
    ['an amount above all money', { type: 'transfer', to: WHO, amount: '18446744073709551616' }],
    ['an amount as a number', { type: 'transfer', to: WHO, amount: 5 }],
    ['a batch in a batch', { type: 'batch', payloads: [{ type: 'batch', payloads: [] }] }],
    ['65 in a batch', { type: 'batch', payloads: Array(65).fill({ type: 'validator.exit' }) }],
    ['17 members', { type: 'multisig.create', threshold: 1, members: Array(17).fill(WHO) }],
    [
      'a proposal of a proposal',
      {
        type: 'multisig.propose',
        account: WHO,
        payload: { type: 'multisig.approve', account: WHO, proposal: 0 },
        expiresAtHeight: 9,
      },
    ],
    [
      'a drip asked of members',
      { type: 'multisig.propose', account: WHO, payload: { type: 'faucet.drip' }, expiresAtHeight: 9 },
    ],
    ['a name of 33 bytes', { type: 'validator.update', name: 'n'.repeat(33), commission: 1 }],
    ['half a character', { type: 'validator.update', name: '\ud800', commission: 1 }],
    ['a commission above one whole', { type: 'validator.update', name: 'n', commission: 1_000_001 }],
  ])('is not %s', (_, json) => {
    expect(readPayload(json)).toBeNull()
    expect(readForEstimate(json)).toBeNull()
  })

  it('is for members only what a member may propose', () => {
    const pay = { type: 'transfer', to: WHO, amount: '5' }
    expect(readProposable(pay)).toMatchObject({ amount: 5n })
    expect(readProposable({ type: 'faucet.drip' })).toBeNull()
    expect(readProposable({ type: 'multisig.approve', account: WHO, proposal: 0 })).toBeNull()
  })
})

it('leaves keys and names out where only the cost is asked, inside a batch and a proposal too', () => {
  const register = { type: 'validator.register', stake: '7', commission: 20_000 }
  const rotate = { type: 'validator.rotateKey' }
  const propose = { type: 'multisig.propose', account: WHO, payload: register, expiresAtHeight: 9 }
  for (const view of [register, rotate, propose]) {
    expect(readPayload(view)).toBeNull()
    expect(readForEstimate({ type: 'batch', payloads: [view] })).not.toBeNull()
  }
  const read = readForEstimate(register) as Extract<Payload, { type: 'validator.register' }>
  expect([read.stake, read.validatorKey.length, read.randomnessKeyProof.length]).toEqual([7n, 32, 80])
  expect(readForEstimate({ ...register, validatorKey: '0x00' })).toBeNull()
  expect(readForEstimate({ ...register, stake: undefined })).toBeNull()
})
