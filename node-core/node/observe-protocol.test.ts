import { afterEach, expect, it } from 'vitest'
import { utf8 } from '../lib/bytes.ts'
import { OBSERVE_PROTOCOL } from './observe-protocol.ts'
import { TestCluster } from './test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

it('lets nothing be asked but what is proved', async () => {
  cluster = await TestCluster.create({ validators: 4 })
  const honest = await cluster.start(null)
  const network = cluster.hub.createNetwork()
  await network.start()
  await network.dial(honest.network.addresses()[0]!, { timeoutMs: 1_000 })
  const question = utf8(JSON.stringify({ method: 'node_logs', params: {} }))
  const answer = await network.request(honest.network.self, OBSERVE_PROTOCOL, question, {
    timeoutMs: 1_000,
  })
  expect(JSON.parse(new TextDecoder().decode(answer))).toEqual({ code: 'malformed' })
  await network.stop()
})
