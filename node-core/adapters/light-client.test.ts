/** The light client over a real node, and over a long chain of headers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex } from '../lib/bytes.ts'
import { LightChain } from '../light/light-chain.test-kit.ts'
import type { NodeApi, NodeMethod, TransactionView } from '../node/node-api.ts'
import { type Person, person, TestCluster, untilBlock } from '../node/test-cluster.ts'
import { formatAddress } from '../protocol/address.ts'
import { encodeHeader } from '../protocol/codec-block.ts'
import { encodeCertificate } from '../protocol/codec-certificate.ts'
import { encodeValidatorSet } from '../protocol/codec-validator-set.ts'
import type { Hash } from '../protocol/ids.ts'
import { createLightClient } from './light-client.ts'

describe('over a real node', () => {
  let cluster: TestCluster
  let alice: Person
  let call: NodeApi['call']
  /** Of a transfer, and the height that it is in. */
  let sent: { readonly hash: string; readonly height: number }

  beforeAll(async () => {
    alice = await person('alice')
    cluster = await TestCluster.create({ validators: 1, rich: [alice], parameters: { unbondingMs: 60_000 } })
    const { node, api } = await cluster.start(cluster.validators[0]!)
    call = (method, params) => api.call(method, params)
    const to = cluster.validators[0]!.address
    const bytes = await Promise.all(
      [0, 1, 2].map((nonce) => cluster.sign(alice, { type: 'transfer', to, amount: 5n }, nonce)),
    )
    const hashes = await Promise.all(bytes.map((each) => api.call('tx_submit', { transaction: toHex(each) })))
    await untilBlock(
      node,
      () => hashes.every(({ hash }) => node.history.find(hash as Hash)) && node.chain.height >= 5,
    )
    const view = await api.call('chain_transaction', { hash: hashes[1]!.hash })
    sent = { hash: view.hash, height: view.height! }
  }, 60_000)

  afterAll(() => cluster.stop())

  const client = (over: NodeApi['call'] = call) =>
    createLightClient({ call: over, start: { genesis: cluster.genesis }, nowMs: Date.now })

  /** Lies in the answers of one method. */
  const lying = (about: NodeMethod, change: (result: never) => unknown): NodeApi['call'] =>
    (async (method: NodeMethod, params: never) => {
      const result = await call(method, params)
      return method === about ? change(result as never) : result
    }) as NodeApi['call']

  it('proves a transaction with its receipt in its block', async () => {
    const result = await client().verifyTransaction(sent.hash)
    expect(result).toMatchObject({
      ok: true,
      value: {
        receipt: { code: 'ok' },
        transaction: { nonce: 1, sender: alice.address },
        at: { trusted: { height: sent.height } },
      },
    })
  })

  it('proves a validator record', async () => {
    const { address, name } = cluster.validators[0]!
    const result = await client().verifyValidator(formatAddress(address))
    expect(result).toMatchObject({ ok: true, value: { record: { address, name } } })
    const none = await client().verifyValidator(formatAddress(alice.address))
    expect(none).toMatchObject({ ok: true, value: { record: null } })
  })

  it('asks for nothing twice', async () => {
    let certificates = 0
    const counting: NodeApi['call'] = (method, params) => {
      if (method === 'chain_certificate') certificates++
      return call(method, params)
    }
    const one = client(counting)
    const both = await Promise.all([one.verifyBlock(5), one.verifyBlock(5)])
    expect(both.map((result) => result.ok && result.value.trusted.height)).toEqual([5, 5])
    expect(certificates).toBe(2)
  })

  it.each<[string, string, (view: TransactionView) => unknown]>([
    [
      'a receipt of its own making',
      'malformed',
      (view) => ({ ...view, inclusion: { ...view.inclusion, receipt: '0x00' } }),
    ],
    ['another place', 'bad-inclusion', (view) => ({ ...view, inclusion: { ...view.inclusion, count: 9 } })],
    ['another block', 'bad-inclusion', (view) => ({ ...view, height: view.height! + 1 })],
    ['nothing', 'malformed', () => null],
    ['no proof', 'unavailable', ({ inclusion: _, ...view }) => view],
  ])('does not believe %s: %s', async (_, code, change) => {
    const result = await client(lying('chain_transaction', change as never)).verifyTransaction(sent.hash)
    expect(result).toMatchObject({ ok: false, fault: { code } })
  })

  it('passes on what the node refuses', async () => {
    await expect(client().verifyTransaction(`0x${'12'.repeat(32)}`)).rejects.toMatchObject({
      code: 'unknown-transaction',
    })
    expect(await client().verifyAccount('ait1')).toMatchObject({ ok: false, fault: { code: 'malformed' } })
  })
})

describe('over many epochs', () => {
  it('keeps some of the headers on the way, to start from', async () => {
    const chain = new LightChain({
      epochs: Array.from({ length: 700 }, () => [[0, 1n]] as const),
      epochBlocks: 1,
    })
    const asked: number[] = []
    const call = (async (_method: NodeMethod, { height }: { height: number }) => {
      asked.push(height)
      const { header, certificate, set } = chain.block(height)
      return {
        canonical: {
          header: toHex(encodeHeader(header)),
          certificate: toHex(encodeCertificate(certificate)),
          validators: toHex(encodeValidatorSet(set)),
        },
      }
    }) as NodeApi['call']
    const first = chain.block(1)
    const client = createLightClient({
      call,
      start: {
        checkpoint: { height: 1, blockId: first.id },
        chainId: first.header.chainId,
        parameters: { unbondingMs: 10_000_000, clockPrecisionMs: 100, messageDelayMs: 100 },
      },
      nowMs: () => chain.endMs,
    })
    expect(await client.verifyBlock(700)).toMatchObject({ ok: true, value: { trusted: { height: 700 } } })
    expect(asked.length).toBe(700)
    for (const height of [2, 333, 512, 699]) {
      asked.length = 0
      expect(await client.verifyBlock(height)).toMatchObject({ ok: true, value: { trusted: { height } } })
      expect(asked.length).toBeLessThanOrEqual(2)
    }
  })
})
