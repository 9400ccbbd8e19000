/** One validator key in two processes, as after a copied directory: the one that starts later finds the first and stays silent. */
import { cpSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodeHome } from '../../node-core/adapters/nodejs/node-home.ts'
import type { ValidatorLayout } from './layout.ts'
import {
  evidenceAt,
  untilHeight,
  untilStatus,
  untilVote,
  type ValidatorProcess,
  ValidatorProcesses,
  votesOf,
} from './validator-processes.test-kit.ts'

const PARAMETERS = { blockTimeMs: 400, emptyIntervalMs: 700 }
const TIMEOUT_MS = 120_000
const BLOCKS = 8

let network: ValidatorProcesses
beforeEach(async () => {
  network = await ValidatorProcesses.create(4, PARAMETERS)
})
afterEach(() => network.remove())

/** Its keys and its signing record as they are now, at the next ports. */
function copyOf(original: ValidatorLayout): ValidatorLayout {
  const home = path.join(network.layout.data, 'copy')
  const keysFile = path.join(home, 'keys.json')
  mkdirSync(home)
  cpSync(original.keysFile, keysFile)
  cpSync(nodeHome(original.home).journal, nodeHome(home).journal)
  const { rpcPort, meshPort } = original
  return { name: 'Copy', home, keysFile, rpcPort: rpcPort + 1, meshPort: meshPort + 1 }
}

it(
  'a second process with the same key finds the first, signs nothing and says why; the first goes on, and nobody is accused',
  async () => {
    const all = await network.startAll()
    const [other] = all as [ValidatorProcess]
    const original = all[3]!
    const { account } = await original.rpc.call('node_status', {})
    const address = account!
    await untilVote(address, other, 2)

    const second = await network.start(copyOf(original.validator))
    const { validator } = await untilStatus(
      second,
      (status) => status.validator?.silentBecause?.code === 'key-used-elsewhere',
    )
    expect(validator).toMatchObject({ address, signing: false })

    const from = (await other.rpc.call('chain_head', {})).height + 1
    await untilHeight(other, from + BLOCKS)
    expect(await votesOf(address, other, from, from + BLOCKS)).not.toContain(false)
    const { validator: still } = await second.rpc.call('node_status', {})
    expect(still).toMatchObject({ signing: false, silentBecause: { code: 'key-used-elsewhere' } })
    const { validator: first } = await original.rpc.call('node_status', {})
    expect(first).toMatchObject({ signing: true, silentBecause: null })
    expect(await evidenceAt([...all, second])).toEqual([])
  },
  TIMEOUT_MS,
)
