import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { readConfig } from '../../../cli/environment.ts'
import { TestCluster } from '../../node/test-cluster.ts'
import { type RunningNode, startNodejsNode } from './start-node.ts'

let home: string
let running: RunningNode

afterEach(async () => {
  await running.stop()
  rmSync(home, { recursive: true, force: true })
})

it.each(['full', 'light', 'observer'] as const)(
  'a %s node says what it is, and signs nothing',
  async (mode) => {
    home = mkdtempSync(path.join(tmpdir(), 'aitbc-node-'))
    const { genesis } = await TestCluster.create({ validators: 1 })
    running = await startNodejsNode({
      home,
      genesis,
      config: readConfig('development'),
      listen: [],
      rpcPort: 0,
      allowedOrigins: [],
      relays: [],
      bootstrap: [],
      mode,
      readKeys: null,
    })
    expect(await running.node.call('node_status', {})).toMatchObject({ mode, validator: null })
  },
)
