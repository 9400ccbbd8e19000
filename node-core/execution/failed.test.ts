/** What fails in its block: the state is as it would be without it, but for the nonce, the fee and the proposer's share. */
import { expect, it } from 'vitest'
import type { Address } from '../protocol/ids.ts'
import { multisigAddress, sortedMembers } from '../protocol/multisig-account.ts'
import type { Payload } from '../protocol/transaction.ts'
import { accountKey, type StateKey, SUPPLY_KEY } from '../state/keys.ts'
import { accountOf, supplyOf } from '../state/ledger.ts'
import { KINDS, type KindName } from '../state/record-kinds.ts'
import type { StateView } from '../state/store.ts'
import { doubleSign, invalidBlock, submit } from './evidence.test-kit.ts'
import { AIT, addressNumber, type BlockOptions, TestChain } from './test-chain.ts'

const [ANNA, BEN, STRANGER] = [5, 6, 7] as const
const PROPOSER = addressNumber(0)
const TIP = 10n

const chainOf = () => new TestChain({ funded: [0, 3, 4, ANNA, BEN, STRANGER] })
const recordsOf = (view: StateView) =>
  new Map<StateKey<unknown>, unknown>(
    (Object.keys(KINDS) as KindName[])
      .flatMap((kind) => view.keysOf(kind))
      .map((key) => [key, view.get(key)]),
  )

function done(chain: TestChain, n: number, payload: Payload): void {
  expect(chain.decide([chain.by(n, payload)]).outcome.receipts[0]!.code).toBe('ok')
}

/** The next block with it against the same block without it. */
function expectFailure(chain: TestChain, n: number, payload: Payload, code: string): void {
  const timestampMs = chain.parent.timestampMs + chain.state.parameters.emptyIntervalMs
  const options: BlockOptions = { proposer: PROPOSER, timestampMs }
  const { outcome } = chain.propose([chain.by(n, payload)], options)
  const without = chain.propose([], options).outcome.overlay
  const [receipt] = outcome.receipts
  expect(receipt).toMatchObject({ code })
  const { gasUsed, feePaid } = receipt!
  const [sender, tip] = [addressNumber(n), TIP * BigInt(gasUsed)]
  const [was, is] = [supplyOf(without), supplyOf(outcome.overlay)]
  const [burned, pooled] = [is.burned - was.burned, is.rewardPool - was.rewardPool]
  expect(burned + pooled + tip).toBe(feePaid)

  const expected = recordsOf(without)
  const account = accountOf(without, sender)
  const moved = { balance: account.balance - feePaid, nonce: account.nonce + 1 }
  expected.set(accountKey(sender), { ...account, ...moved })
  const proposer = accountOf(without, PROPOSER)
  expected.set(accountKey(PROPOSER), { ...proposer, balance: proposer.balance + tip })
  const supply = { balances: was.balances - burned - pooled, burned: is.burned, rewardPool: is.rewardPool }
  expected.set(SUPPLY_KEY, { ...was, ...supply })
  expect(recordsOf(outcome.overlay)).toEqual(expected)
}

it('a withdrawal that is too early', () => {
  const chain = chainOf()
  done(chain, ANNA, { type: 'stake.delegate', validator: addressNumber(1), amount: 9n * AIT })
  done(chain, ANNA, { type: 'stake.undelegate', validator: addressNumber(1), amount: 4n * AIT })
  expectFailure(chain, ANNA, { type: 'stake.withdraw', position: 0 }, 'still-unbonding')
})

it('moved stake that is to move on, while it can be lost for where it was', () => {
  const chain = chainOf()
  const amount = 9n * AIT
  const move = (from: number, to: number): Payload => ({
    type: 'stake.redelegate',
    from: addressNumber(from),
    to: addressNumber(to),
    amount,
  })
  done(chain, ANNA, { type: 'stake.delegate', validator: addressNumber(1), amount })
  done(chain, ANNA, move(1, 2))
  expectFailure(chain, ANNA, move(2, 3), 'redelegation-locked')
})

it.each<Payload>([
  { type: 'validator.ready' },
  { type: 'validator.resume' },
  { type: 'validator.unjail' },
  { type: 'validator.exit' },
])('$type of a validator in jail', (payload) => {
  const chain = chainOf()
  chain.decideUntil(2)
  expect(submit(chain, ANNA, invalidBlock(chain, 3, 1)).code).toBe('ok')
  expectFailure(chain, 3, payload, 'validator-jailed')
})

it('a message of a validator that was removed', () => {
  const chain = chainOf()
  chain.decideUntil(2)
  expect(submit(chain, ANNA, doubleSign(chain, 3, 1)).code).toBe('ok')
  expectFailure(chain, 3, { type: 'validator.ready' }, 'tombstoned')
})

/** Of Anna and Ben, with 9 AIT of which a proposal would pay 4; one approval is enough. */
function multisigOf(chain: TestChain): Address {
  const terms = { threshold: 1, members: sortedMembers([ANNA, BEN].map(addressNumber)) }
  const account = multisigAddress({ ...terms, creator: addressNumber(ANNA), nonce: 0, place: 0 })
  done(chain, ANNA, { type: 'multisig.create', ...terms })
  done(chain, BEN, { type: 'transfer', to: account, amount: 9n * AIT })
  const payload = { type: 'transfer', to: addressNumber(60), amount: 4n * AIT } as const
  done(chain, ANNA, { type: 'multisig.propose', account, payload, expiresAtHeight: 100 })
  return account
}

it('an approval by who is no member', () => {
  const chain = chainOf()
  const account = multisigOf(chain)
  // The next block ends no epoch: rewards are no matter here.
  expect(chain.height).toBe(3)
  expectFailure(chain, STRANGER, { type: 'multisig.approve', account, proposal: 0 }, 'not-a-member')
})

it('the second execution of a proposal', () => {
  const chain = chainOf()
  const account = multisigOf(chain)
  done(chain, BEN, { type: 'multisig.execute', account, proposal: 0 })
  chain.decideUntil(6)
  expectFailure(chain, BEN, { type: 'multisig.execute', account, proposal: 0 }, 'proposal-closed')
})
