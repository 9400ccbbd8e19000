/** `aitbc economics …` against a real RPC server, behind which everything is as the interface's examples say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeApi, NodeMethod } from '../../node-core/node/node-api.ts'
import { formatAddress } from '../../node-core/protocol/address.ts'
import type { Address } from '../../node-core/protocol/ids.ts'
import { EXAMPLES } from '../../node-core/rpc/examples.ts'
import { type RpcServer, startRpc } from '../../node-core/rpc/server.ts'
import { runLine } from '../run.test-kit.ts'

const asked: [NodeMethod, unknown][] = []
let rpc: RpcServer

beforeAll(async () => {
  const node: NodeApi = {
    call: async (method, params) => {
      asked.push([method, params])
      return EXAMPLES[method].result as never
    },
    subscribe: () => () => {},
  }
  rpc = await startRpc({ node, host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 8 })
})

afterAll(() => rpc.stop())

const economics = (line: string) =>
  runLine(['economics', ...line.split(' '), '--rpc', `http://127.0.0.1:${rpc.port}`])

async function inJson(line: string): Promise<Record<string, unknown>> {
  return JSON.parse((await economics(`${line} --json`)).out) as Record<string, unknown>
}

describe('economics', () => {
  it('gas-price tells tips with their waits, AIT for one unit of gas', async () => {
    expect((await economics('gas-price')).out).toMatch(/slow tip +0 +in 2 blocks\n/)
    expect(await inJson('gas-price')).toMatchObject({ baseFeePerGas: '0.00000001', waits: { fast: 1 } })
  })

  it('forecast tells base fees to come, and how often such forecasts came true', async () => {
    const { code, out } = await economics('forecast')
    expect(code).toBe(0)
    expect(out).toContain('44      0.000000009  0.00000001  0.000000011')
    expect(out).toContain('came true  97.5 % of 160')
    expect((await inJson('forecast')).forecast).toContainEqual({
      height: 44,
      low: '0.000000009',
      expected: '0.00000001',
      high: '0.000000011',
    })
  })

  it('gas-report tells gas by operation and what batches would have saved, of as many blocks as asked', async () => {
    const { out } = await economics('gas-report --blocks 10')
    expect(asked.at(-1)).toEqual(['economy_gas', { blocks: 10 }])
    expect(out).toMatch(/transfer +120 +1 +2520000 +0\.02772/)
    expect(out).toContain('batches would have saved 105000 gas, 0.001155 AIT, on 8 transactions')
    expect(await inJson('gas-report')).toMatchObject({ batching: { feesSaved: '0.001155' } })
    const { code, err } = await economics('gas-report --blocks 1001')
    expect([code, err]).toEqual([2, expect.stringContaining('a whole number from 1 to 1000')])
  })

  it('stats tells where all money is, and how few could stop the chain', async () => {
    const { out } = await economics('stats --window 60')
    expect(asked.at(-1)).toEqual(['economy_stats', { windowMs: 60_000 }])
    expect(out).toMatch(/unbonding +2 AIT/)
    expect(out).toMatch(/entities to stop it +2/)
    expect(await inJson('stats')).toMatchObject({ supply: { total: '7000', rewards: '0.012' } })
  })

  it('rewards tells what can be claimed and what was earned', async () => {
    const address = formatAddress(`0x${'00'.repeat(20)}` as Address)
    const { out } = await economics(`rewards ${address}`)
    expect(asked.at(-1)).toEqual(['stake_rewards', { address }])
    expect(out).toMatch(/Tern +0\.012 +0/)
    expect(out).toContain('a year  4.8 %')
    expect((await inJson(`rewards ${address}`)).history).toMatchObject([{ earned: '0.012', stake: '95' }])
    expect((await economics('rewards nobody --home /nowhere')).code).toBe(1)
  })

  it('attacks tells what detectors measure, what one may do, and how evenly it is shared', async () => {
    const { out } = await economics('attacks')
    expect(out).toMatch(/stake-grinding +medium +12 +10 +cool-down/)
    expect(out).toContain('stake-grinding: nothing, unless it is your account: then let its stake rest')
    expect(out).toMatch(
      /as diverse as +5\.0 equal entities\n.*rewards, Gini +0\.014\nlargest reward +20\.4 %/,
    )
    expect(out).toMatch(/base fee strays by +3\.1 % in 20 blocks/)
    expect(await inJson('attacks')).toMatchObject({
      height: 42,
      concentration: { gini: 0 },
      distribution: { rewards: { epoch: 3 } },
    })
  })
})
