import { afterEach, describe, expect, it } from 'vitest'
import { utf8 } from '../lib/bytes.ts'
import { formatAddress } from '../protocol/address.ts'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import { encodeDecided } from '../protocol/codec-block.ts'
import { blockId } from '../protocol/hash.ts'
import type { Payload } from '../protocol/transaction.ts'
import { AWAITED_TRANSACTIONS, NONCE_HELD_BLOCKS } from './constants.ts'
import type { NodeMethod } from './node-api.ts'
import { OBSERVE_PROTOCOL } from './observe-protocol.ts'
import { beginSigningRecord } from './signer.ts'
import { HEADERS_PROTOCOL } from './sync-protocols.ts'
import {
  type Person,
  person,
  provedKeys,
  TestCluster,
  type TestNode,
  type TestObserver,
  untilBlock,
  untilObserved,
  untilTold,
} from './test-cluster.ts'
import { writeHistory } from './test-history.ts'
import { type Bend, type BentPeer, spoilt, startBentPeer } from './test-peers.ts'
import { deskOf } from './transaction-desk.ts'
import { ValidatorDuties } from './validator-duties.ts'
import { decodeStatus, encodeStatus, STATUS_PROTOCOL } from './wire-protocols.ts'

const DAY_MS = 86_400_000
const EPOCH_BLOCKS = 10
const BLOCKS = 57
/** Buckets of the store in which a node keeps bodies and state. */
const BODIES_AND_STATE = [2, 3]

let cluster: TestCluster
const bent: BentPeer[] = []
afterEach(async () => {
  await cluster.stop()
  for (const peer of bent.splice(0)) await peer.network.stop()
})

/** Validators that decide blocks. */
async function live(rich: readonly Person[] = []): Promise<void> {
  cluster = await TestCluster.create({ validators: 4, rich })
  for (const validator of cluster.validators) await cluster.start(validator)
}

/** A full node with a chain that stands still. */
async function still(): Promise<TestNode> {
  cluster = await TestCluster.create({
    validators: 4,
    ageMs: DAY_MS,
    parameters: { epochBlocks: EPOCH_BLOCKS },
  })
  return cluster.start(null, { disk: await writeHistory(cluster, { blocks: BLOCKS }) })
}

async function bend(honest: TestNode, rule: Bend): Promise<BentPeer> {
  const peer = await startBentPeer(cluster.hub, honest, rule)
  bent.push(peer)
  return peer
}

const dial = (from: TestObserver, address: string) => from.network.dial(address, { timeoutMs: 1_000 })
const reached = (observer: TestObserver, height: number) =>
  untilObserved(observer, () => observer.node.chain.height >= height)
const score = (observer: TestObserver, { network }: { network: { self: string } }) =>
  observer.node.peers.reputation(network.self).score

describe('an observer', () => {
  it('follows the head of a live network, and holds neither bodies nor a state', async () => {
    await live()
    const observer = await cluster.observe()
    await reached(observer, 6)
    const { head } = observer.node.chain
    const [{ node }] = cluster.nodes as [TestNode]
    await untilBlock(node, () => node.chain.height >= head!.header.height)
    expect((await node.chain.load(head!.header.height))?.certificate.blockId).toBe(head!.id)
    expect(await observer.api.call('node_status', {})).toMatchObject({
      mode: 'observer',
      phase: 'running',
      validator: null,
      stall: null,
    })
    for (const bucket of BODIES_AND_STATE)
      expect(await observer.disk.open().range(bucket, { limit: 1 })).toEqual([])
    const heard = (topic: 'consensus' | 'transactions' | 'decided') =>
      cluster.nodes[0]!.network.subscribers(topic).includes(observer.network.self)
    expect([heard('consensus'), heard('transactions'), heard('decided')]).toEqual([false, false, true])
  })

  it('goes on over epochs while a validator enters, whose registration it sent itself', async () => {
    const tab = await person('tab')
    await live()
    const observer = await cluster.observe()
    const joining = await cluster.start(null)
    await reached(observer, 1)
    await dial(observer, joining.network.addresses()[0]!)
    const submit = async (payload: Payload) => {
      const { nonce } = await observer.node.terms(tab.address)
      const result = await observer.node.submit(await cluster.sign(tab, payload, nonce))
      if (!result.ok) throw new Error(result.code)
      await untilBlock(joining.node, () => joining.node.history.find(result.id) !== undefined)
      await reached(observer, joining.node.chain.height)
      return observer.api.call('chain_transaction', { hash: result.id })
    }
    expect(await submit({ type: 'faucet.drip' })).toMatchObject({ status: 'succeeded' })
    const registered = await submit({
      type: 'validator.register',
      ...(await provedKeys(tab, cluster.genesis.chainId)),
      stake: 2_000n * UNITS_PER_AIT,
      commission: 50_000,
      name: 'Nightjar',
    })
    expect(registered).toMatchObject({ status: 'succeeded', payload: { type: 'validator.register' } })
    const journal = joining.journal.open()
    await beginSigningRecord(journal)
    await joining.node.setIdentity({ ...tab, journal })
    new ValidatorDuties(joining.node, async (payload) => {
      const { nonce } = await deskOf(joining.node).terms(tab.address, payload)
      await joining.node.submit(await cluster.sign(tab, payload, nonce))
    })
    const isMember = () =>
      observer.node.chain.head?.set.members.some(({ address }) => address === tab.address) ?? false
    await untilObserved(observer, isMember)
    await reached(observer, observer.node.chain.height + cluster.genesis.parameters.epochBlocks)
    expect(isMember()).toBe(true)
    const account = await observer.api.call('chain_account', { address: formatAddress(tab.address) })
    expect(account).toMatchObject({
      stake: String(2_000n * UNITS_PER_AIT),
      isValidator: true,
      unbonding: null,
      history: null,
    })
  })

  it('gives the nonce of a transaction that no peer took to the next one', async () => {
    const poor = await person('poor')
    await live()
    const observer = await cluster.observe()
    await reached(observer, 1)
    const unpayable = await cluster.sign(poor, { type: 'transfer', to: poor.address, amount: 1n }, 0)
    expect(await observer.node.submit(unpayable)).toMatchObject({ ok: true })
    const nonce = async () => (await observer.node.terms(poor.address)).nonce
    expect(await nonce()).toBe(1)
    await reached(observer, observer.node.chain.height + NONCE_HELD_BLOCKS + 1)
    expect(await nonce()).toBe(0)
  })

  it('waits for so many of its own transactions; the oldest beyond them is sent as the others are, and not remembered', async () => {
    const honest = await still()
    const observer = await cluster.observe()
    await reached(observer, BLOCKS)
    const [first, second] = cluster.validators as [Person, Person]
    const payload: Payload = { type: 'transfer', to: first.address, amount: 1n }
    const submit = async (who: Person, nonce: number) => {
      const result = await observer.node.submit(await cluster.sign(who, payload, nonce))
      if (!result.ok) throw new Error(result.code)
      return result.id
    }
    const oldest = await submit(second, 0)
    const others = []
    for (let nonce = 0; nonce < AWAITED_TRANSACTIONS; nonce++) {
      expect(observer.node.awaited(oldest)).toBeDefined()
      others.push(await submit(first, nonce))
    }
    expect(observer.node.awaited(oldest)).toBeUndefined()
    expect(others.every((id) => observer.node.awaited(id))).toBe(true)
    expect((await observer.node.terms(first.address)).nonce).toBe(AWAITED_TRANSACTIONS)
    await untilTold(honest, () => honest.node.pool.count === AWAITED_TRANSACTIONS + 1)
  })

  it('starts again from where it was, and follows on', async () => {
    await live()
    const before = await cluster.observe()
    await reached(before, 3)
    await before.stop()
    const { height } = before.node.chain
    const again = await cluster.observe({ disk: before.disk, apart: cluster.nodes })
    expect(again.node.chain.height).toBe(height)
    expect(await again.api.call('node_status', {})).toMatchObject({ phase: 'connecting' })
    await dial(again, cluster.nodes[0]!.network.addresses()[0]!)
    await reached(again, height + 2)
  })

  it('does not open the store of another chain', async () => {
    const { disk } = await still()
    const other = await TestCluster.create({ validators: 1 })
    await expect(other.observe({ disk })).rejects.toThrow('opens its store')
  })
})

describe('headers', () => {
  it('are fetched an epoch at a time, and who falsifies one is named and loses standing', async () => {
    const honest = await still()
    const liar = await bend(honest, async ({ protocol, answer }) =>
      protocol === HEADERS_PROTOCOL ? spoilt(await answer()) : answer(),
    )
    const observer = await cluster.observe({ apart: [honest] })
    await dial(observer, liar.address)
    await liar.wasAsked(HEADERS_PROTOCOL)
    await dial(observer, honest.network.addresses()[0]!)
    await reached(observer, BLOCKS)
    expect(score(observer, liar)).toBeLessThan(score(observer, honest))
    const blocks = await observer.api.call('chain_blocks', { limit: 3 })
    expect(blocks.map(({ height }) => height)).toEqual([57, 50, 40])
    const log = await observer.api.call('node_logs', { area: 'sync' })
    expect(log.map(({ message }) => message)).toContain(
      `${liar.network.self} gave something that does not hold`,
    )
  })

  it('are followed to where they are, whatever a peer claims beyond', async () => {
    const honest = await still()
    const boaster = await bend(honest, async ({ protocol, answer }) => {
      if (protocol !== STATUS_PROTOCOL) return answer()
      return encodeStatus({ ...decodeStatus(await answer())!, headHeight: 1_000_000 })
    })
    const observer = await cluster.observe({ apart: [honest] })
    await dial(observer, boaster.address)
    await boaster.wasAsked(HEADERS_PROTOCOL)
    await dial(observer, honest.network.addresses()[0]!)
    await reached(observer, BLOCKS)
    await untilObserved(observer, () => observer.node.sync === null)
    expect(await observer.api.call('node_status', {})).toMatchObject({
      phase: 'running',
      bestSeenHeight: BLOCKS,
    })
  })

  it('that no quorum signed are not taken from gossip, and who passes them on loses standing', async () => {
    await still()
    const observer = await cluster.observe()
    await reached(observer, BLOCKS)
    const villain = cluster.hub.createNetwork()
    await villain.start()
    await villain.dial(observer.network.addresses()[0]!, { timeoutMs: 1_000 })
    const { head } = observer.node.chain
    const header = {
      ...head!.header,
      height: BLOCKS + 1,
      parentId: head!.id,
      timestampMs: head!.header.timestampMs + 1,
    }
    // The signatures are of the head.
    const certificate = { ...head!.certificate, height: BLOCKS + 1, blockId: blockId(header) }
    const forged = { header, certificate, transactionIds: [], evidence: [], parentCertificate: null }
    await villain.publish('decided', encodeDecided(forged))
    await villain.publish('decided', utf8('nonsense'))
    await untilObserved(observer, () => Object.keys(observer.node.rejections()).length === 2)
    expect(await observer.api.call('network_health', {})).toMatchObject({
      rejected: { 'decided-malformed': 1, 'decided-bad': 1 },
    })
    expect(observer.node.chain.height).toBe(BLOCKS)
    expect(score(observer, { network: villain })).toBeLessThan(0.6)
    await villain.stop()
  })
})

describe('an account', () => {
  it('is checked against a verified header, and who lies about it is named, loses standing and is passed over', async () => {
    const honest = await still()
    const liar = await bend(honest, async ({ protocol, answer }) => {
      if (protocol !== OBSERVE_PROTOCOL) return answer()
      const { result } = JSON.parse(new TextDecoder().decode(await answer()))
      return utf8(JSON.stringify({ result: { ...result, value: `0xff${result.value.slice(4)}` } }))
    })
    const observer = await cluster.observe({ apart: [honest] })
    await dial(observer, liar.address)
    await reached(observer, BLOCKS)
    const address = formatAddress(cluster.validators[0]!.address)
    await expect(observer.api.call('chain_account', { address })).rejects.toMatchObject({
      code: 'no-source',
      data: { refused: [{ peer: liar.network.self, code: 'bad-proof' }] },
    })
    await dial(observer, honest.network.addresses()[0]!)
    expect(await observer.api.call('chain_account', { address })).toMatchObject({
      balance: String(10_000n * UNITS_PER_AIT),
      isValidator: true,
      height: BLOCKS,
    })
    expect(score(observer, liar)).toBeLessThan(score(observer, honest))
    const asked = liar.asked.filter(({ protocol }) => protocol === OBSERVE_PROTOCOL)
    expect(asked).toHaveLength(1)
    const nobody = formatAddress((await person('nobody')).address)
    expect(await observer.api.call('chain_account', { address: nobody })).toMatchObject({
      balance: '0',
      isValidator: false,
    })
  })
})

describe('what an observer does not have', () => {
  const REFUSED: readonly NodeMethod[] = [
    'chain_block',
    'tx_pool',
    'consensus_state',
    'consensus_rounds',
    'validator_list',
    'validator_get',
    'network_partition',
    'economy_stats',
    'alert_list',
  ]

  it('is refused with a code, and what it has is answered', async () => {
    const honest = await still()
    const observer = await cluster.observe()
    await reached(observer, BLOCKS)
    for (const method of REFUSED)
      await expect(observer.api.call(method, {} as never)).rejects.toMatchObject({
        code: 'not-in-this-mode',
        data: { mode: 'observer', method },
      })
    const head = await observer.api.call('chain_head', {})
    expect(head).toMatchObject({ height: BLOCKS, blockId: honest.node.chain.head!.id, transactionCount: 0 })
    const hash = `0x${'00'.repeat(32)}` as const
    await expect(observer.api.call('chain_transaction', { hash })).rejects.toMatchObject({
      code: 'unknown-transaction',
    })
    const { nextBaseFee } = observer.node
    expect(await observer.api.call('economy_fees', {})).toMatchObject({ baseFeePerGas: String(nextBaseFee) })
    expect((await observer.api.call('chain_certificate', { height: BLOCKS })).missing).toEqual([])
  })

  it('is not sought there by other nodes, whose standing of it stays', async () => {
    const honest = await still()
    const observer = await cluster.observe()
    await reached(observer, BLOCKS)
    const joining = await cluster.start(null, { apart: [honest] })
    await joining.network.dial(observer.network.addresses()[0]!, { timeoutMs: 1_000 })
    await untilTold(joining, () => joining.node.peers.record(observer.network.self).status !== null)
    expect(joining.node.syncing).toBe(false)
    expect(joining.node.caughtUp).toBe(false)
    await joining.network.dial(honest.network.addresses()[0]!, { timeoutMs: 1_000 })
    await untilBlock(joining.node, () => joining.node.chain.height >= BLOCKS)
    expect(joining.node.peers.reputation(observer.network.self).score).toBe(0.6)
  })
})
