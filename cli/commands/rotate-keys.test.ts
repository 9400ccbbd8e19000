/** A change of keys with real processes: two validators, neither of which gets anywhere without the other's votes. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createVerifier } from '../../node-core/adapters/verifier.ts'
import { fromHex } from '../../node-core/lib/bytes.ts'
import { commitSigningBytes } from '../../node-core/protocol/hash.ts'
import {
  untilHeight,
  type ValidatorProcess,
  ValidatorProcesses,
} from '../dev/validator-processes.test-kit.ts'
import { runLine } from '../run.test-kit.ts'

const EPOCH_BLOCKS = 4

let network: ValidatorProcesses
beforeEach(async () => {
  network = await ValidatorProcesses.create(2, { epochBlocks: EPOCH_BLOCKS, emptyIntervalMs: 1_000 })
})
afterEach(() => network.remove())

it('is one command: the running node goes over by itself, and its votes count under the new key', async () => {
  const validators = await network.startAll()
  const [first, second] = validators as [ValidatorProcess, ValidatorProcess]
  const pids = validators.map(({ process }) => process.pid)
  const { rpc } = second
  await untilHeight(second, 1)
  const command = async (...words: string[]) => {
    const where = ['--home', first.validator.home, '--rpc', first.rpc.url, '--json']
    const { code, out } = await runLine([...words, ...where])
    expect(code, out).toBe(0)
    return JSON.parse(out)
  }
  const { account } = await first.rpc.call('node_status', {})
  const address = account!
  const { validatorKey: old } = await rpc.call('validator_get', { address })
  const { height } = await command('validator', 'rotate-keys', '--keys', first.validator.keysFile, '--wait')
  const from = (Math.floor((height - 1) / EPOCH_BLOCKS) + 2) * EPOCH_BLOCKS + 1
  await untilHeight(second, from + EPOCH_BLOCKS)
  const { validatorKey: fresh } = await rpc.call('validator_get', { address })
  const verifier = createVerifier()
  const keysOf = async (at: number) => {
    const certificate = await rpc.call('chain_certificate', { height: at })
    const { signature } = certificate.signers.find((each) => each.address === address)!
    const bytes = commitSigningBytes(network.config.chainId, certificate as never)
    const isBy = (key: string) => verifier.verifyEd25519(fromHex(key)!, bytes, fromHex(signature)!)
    return [await isBy(old), await isBy(fresh)]
  }
  for (let at = height; at < from + EPOCH_BLOCKS; at++)
    expect([at, ...(await keysOf(at))]).toEqual([at, at < from, at >= from])
  expect(validators.map(({ process }) => process.pid)).toEqual(pids)
  expect(await command('node', 'status')).toMatchObject({ validator: { signing: true, silentBecause: null } })
})
