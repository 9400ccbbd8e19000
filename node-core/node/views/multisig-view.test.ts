import { beforeEach, expect, it } from 'vitest'
import { AIT, addressNumber, TestChain } from '../../execution/test-chain.ts'
import { formatAddress } from '../../protocol/address.ts'
import type { Address } from '../../protocol/ids.ts'
import { multisigAddress, sortedMembers } from '../../protocol/multisig-account.ts'
import type { Payload } from '../../protocol/transaction.ts'
import { multisigList, multisigView } from './multisig-view.ts'

const MEMBERS = sortedMembers([1, 2, 3].map(addressNumber))
const shown = (n: number) => formatAddress(addressNumber(n))

let chain: TestChain
let account: Address
const does = (n: number, payload: Payload) => chain.decide([chain.by(n, payload)])
const pay = (expiresAtHeight: number): Payload => ({
  type: 'multisig.propose',
  account,
  payload: { type: 'transfer', to: addressNumber(9), amount: AIT },
  expiresAtHeight,
})

beforeEach(() => {
  chain = new TestChain()
  const terms = { threshold: 2, members: MEMBERS }
  account = multisigAddress({ ...terms, creator: addressNumber(1), nonce: 0, place: 0 })
  does(1, { type: 'multisig.create', ...terms })
  does(4, { type: 'transfer', to: account, amount: 3n * AIT })
})

it('shows an account of several to its members, with what is open and how far it is', () => {
  does(1, pay(100))
  does(2, { type: 'multisig.approve', account, proposal: 0 })
  does(2, pay(chain.height + 2))
  does(3, pay(200))
  does(3, { type: 'multisig.revoke', account, proposal: 2 })
  const view = multisigView({ chain }, account)
  expect(view).toEqual({
    account: formatAddress(account),
    threshold: 2,
    members: MEMBERS.map(formatAddress),
    balance: String(3n * AIT),
    proposals: [
      {
        proposal: 0,
        proposer: shown(1),
        payload: { type: 'transfer', to: shown(9), amount: String(AIT) },
        approvals: sortedMembers([1, 2].map(addressNumber)).map(formatAddress),
        expiresAtHeight: 100,
        state: 'ready',
      },
      expect.objectContaining({ proposal: 1, approvals: [shown(2)], state: 'expired' }),
    ],
  })
  const before = multisigView({ chain: { state: chain.state, height: chain.height - 2 } }, account)
  expect(before!.proposals.map(({ state }) => state)).toEqual(['ready', 'waiting'])
  expect(multisigList({ chain }, addressNumber(3))).toEqual([view])
})

it('shows nothing of it to others, and nothing where there is none', () => {
  expect(multisigList({ chain }, addressNumber(4))).toEqual([])
  expect(multisigView({ chain }, addressNumber(1))).toBeNull()
})
