import { expect, test } from 'vitest'
import type { NodeApi } from '../../../node-core/node/node-api.ts'
import { writeReport } from './report.ts'

test('a report holds the facts, the parts that failed as errors, and no secret', async () => {
  const node = {
    call: async (method: string) => {
      if (method === 'network_health') throw { code: 'timeout', data: {} }
      if (method === 'node_config') return { environment: 'staging', rpcPassword: 'hunter2' }
      return { method }
    },
    subscribe: () => () => undefined,
  } as unknown as NodeApi
  const text = await writeReport(node, 'Chromium', 0)
  const report = JSON.parse(text)
  expect(report.status).toEqual({ method: 'node_status' })
  expect(report.health).toEqual({ error: { code: 'timeout', data: {} } })
  expect(report.config.environment).toBe('staging')
  expect(text).not.toContain('hunter2')
})
