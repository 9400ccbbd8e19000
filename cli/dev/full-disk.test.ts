/** A disk without room, for real: a running validator may write no file any further, which the system tells it as it tells a full disk. */
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
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
const FULL_BLOCKS = 5
/** Linux ends a process at the limit of its files that does not listen; a full disk ends nobody. */
const LISTENING = ['--import', "data:text/javascript,process.on('SIGXFSZ',()=>{})"]

let network: ValidatorProcesses
beforeEach(async () => {
  network = await ValidatorProcesses.create(4, PARAMETERS)
})
afterEach(() => network.remove())

/** Of every file of the process. */
function limitFiles({ process }: ValidatorProcess, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
}

it(
  'a validator whose disk is full says so, signs nothing, is accused of nothing, and votes again when there is room',
  async () => {
    const others: ValidatorProcess[] = []
    for (const each of network.layout.validators.slice(0, 3)) others.push(await network.start(each))
    const full = await network.start(network.layout.validators[3]!, LISTENING)
    const [other] = others as [ValidatorProcess]
    const { account } = await full.rpc.call('node_status', {})
    const address = account!
    await untilVote(address, other, 2)

    limitFiles(full, 1)
    const { validator, haltedBecause } = await untilStatus(full, ({ storage, validator }) =>
      [storage.trouble?.code, validator?.silentBecause?.code].every((code) => code === 'storage-full'),
    )
    expect([validator?.signing, haltedBecause]).toEqual([false, null])
    // A vote may have been under way.
    const from = (await other.rpc.call('chain_head', {})).height + 2
    await untilHeight(other, from + FULL_BLOCKS)
    expect(await votesOf(address, other, from, from + FULL_BLOCKS)).not.toContain(true)
    expect((await full.rpc.call('chain_block', { height: 1 })).height).toBe(1)
    const { height } = await full.rpc.call('chain_head', {})
    expect(height).toBeLessThan(from)

    limitFiles(full, 'unlimited')
    await untilStatus(full, (status) => status.storage.trouble === null)
    const voted = await untilVote(address, other, from + FULL_BLOCKS)
    await untilHeight(full, voted)
    await untilStatus(full, (status) => status.validator?.silentBecause === null)
    expect(await evidenceAt([...others, full])).toEqual([])

    await full.process.stop()
    const again = await network.start(full.validator)
    expect((await again.rpc.call('chain_head', {})).height).toBeGreaterThanOrEqual(voted)
    await untilVote(address, other, (await other.rpc.call('chain_head', {})).height)
    expect(await evidenceAt([...others, again])).toEqual([])
  },
  TIMEOUT_MS,
)
