/** Whole nodes: one party behind two accounts, by its transactions in real blocks. Neither account alone would be noticed. */
import { afterEach, describe, expect, it } from 'vitest'
import { formatAddress } from '../protocol/address.ts'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Payload } from '../protocol/transaction.ts'
import { accountOf } from '../state/ledger.ts'
import type { AlertView } from './node-api.ts'
import { type Person, person, TestCluster, type TestNode, untilBlock } from './test-cluster.ts'

const TIMEOUT_MS = 90_000

let cluster: TestCluster
let first: TestNode
let funder: Person
let accounts: readonly Person[]
afterEach(() => cluster.stop())

/** Four validators, and two accounts whose money is of one funder. */
async function begin(parameters: Partial<ChainParameters>): Promise<void> {
  funder = await person('funder')
  accounts = await Promise.all(['left', 'right'].map(person))
  cluster = await TestCluster.create({ validators: 4, rich: [funder], parameters })
  for (const validator of cluster.validators) await cluster.start(validator)
  first = cluster.nodes[0]!
  const amount = 2_000n * UNITS_PER_AIT
  for (const [nonce, { address }] of accounts.entries())
    await submit(funder, { type: 'transfer', to: address, amount }, nonce)
  const isFunded = ({ address }: Person) => accountOf(first.node.chain.state, address).balance > 0n
  await untilBlock(first.node, () => accounts.every(isFunded))
}

async function submit(who: Person, payload: Payload, nonce: number): Promise<void> {
  expect(await first.node.submit(await cluster.sign(who, payload, nonce))).toMatchObject({ ok: true })
}

/** Resolves with the first alert of this kind that the topic tells. */
function alertOf(kind: AlertView['kind']): Promise<AlertView> {
  return new Promise((resolve) => {
    first.api.subscribe('alerts', (event) => {
      if ('alert' in event && event.alert.kind === kind && event.alert.active) resolve(event.alert)
    })
  })
}

const attackOf = async (kind: string) =>
  (await first.api.call('economy_attacks', {})).detectors.find(({ type }) => type === kind)

describe('an alert', () => {
  it(
    'tells of stake that two accounts of one party move in and out by turns',
    async () => {
      await begin({})
      const told = alertOf('stake-grinding')
      const validator = cluster.validators[0]!.address
      // What is on its way back cannot be put in again: three times it is less than they have.
      const amount = 600n * UNITS_PER_AIT
      for (let nonce = 0; nonce < 6; nonce++)
        for (const who of accounts) {
          const type = nonce % 2 === 0 ? 'stake.delegate' : 'stake.undelegate'
          await submit(who, { type, validator, amount }, nonce)
        }
      expect(await told).toMatchObject({ active: true })
      const found = await attackOf('stake-grinding')
      expect(found?.suspects.toSorted()).toEqual(accounts.map(({ address }) => formatAddress(address)).sort())
    },
    TIMEOUT_MS,
  )

  it(
    'tells of a base fee that two accounts of one party drive up',
    async () => {
      // A block holds five of the dearest operations, two of them of one sender.
      await begin({ blockGasLimit: 400_000 })
      const told = alertOf('gas-manipulation')
      for (let nonce = 0; nonce < 40; nonce++)
        for (const who of accounts) await submit(who, { type: 'validator.unjail' }, nonce)
      expect(await told).toMatchObject({ active: true })
      const { chain } = first.node
      expect(chain.headHeader!.baseFeePerGas).toBeGreaterThan(chain.parameters.genesisBaseFeePerGas)
      expect((await attackOf('gas-manipulation'))?.suspects).toEqual([formatAddress(funder.address)])
    },
    TIMEOUT_MS,
  )
})
