/** A change of keys with real processes: two validators, neither of which gets anywhere without the other's votes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createVerifier } from '../../node-core/adapters/verifier.ts'
import { fromHex } from '../../node-core/lib/bytes.ts'
import { commitSigningBytes } from '../../node-core/protocol/hash.ts'
import { requireFreePorts } from '../dev/free-ports.ts'
import { makeGenesis } from '../dev/genesis-file.ts'
import { type Layout, layoutOf, portsOf, type ValidatorLayout } from '../dev/layout.ts'
import { SupervisedProcess } from '../dev/supervised-process.ts'
import { validatorArgs } from '../dev/validator-args.ts'
import { readConfig } from '../environment.ts'
import { RpcClient } from '../rpc-client.ts'
import { runLine } from '../run.test-kit.ts'

const EPOCH_BLOCKS = 4
const CONFIG = readConfig('development')

let layout: Layout
let processes: SupervisedProcess[]

beforeEach(async () => {
  const data = mkdtempSync(path.join(tmpdir(), 'aitbc-rotation-'))
  layout = await freeLayout(data)
  const parameters = path.join(data, 'parameters.json')
  writeFileSync(parameters, JSON.stringify({ epochBlocks: EPOCH_BLOCKS, emptyIntervalMs: 1_000 }))
  await makeGenesis(layout, CONFIG, parameters)
  processes = layout.validators.map((validator) => {
    const args = validatorArgs({ layout, validator, environment: 'development' })
    const logFile = path.join(layout.logs, `${validator.name}.log`)
    return new SupervisedProcess({ name: validator.name, args, logFile, background: false }, () => {})
  })
  for (const each of processes) await each.start()
})

afterEach(async () => {
  await Promise.all(processes.map((each) => each.stop()))
  rmSync(layout.data, { recursive: true, force: true })
})

async function freeLayout(data: string): Promise<Layout> {
  for (let port = 21_000; ; port += 100) {
    const tried = layoutOf({ data, port, validators: 2 })
    const taken = await requireFreePorts(portsOf(tried)).catch(() => 'taken')
    if (!taken) return tried
  }
}

const urlOf = ({ rpcPort }: ValidatorLayout) => `http://127.0.0.1:${rpcPort}`

async function untilHeight(rpc: RpcClient, height: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stream = await rpc.subscribe('heads', (head) => head.height >= height && resolve())
  await promise
  stream.close()
}

it('is one command: the running node goes over by itself, and its votes count under the new key', async () => {
  const [first, second] = layout.validators
  const pids = processes.map(({ pid }) => pid)
  const rpc = new RpcClient(urlOf(second!))
  await untilHeight(rpc, 1)
  const command = async (...words: string[]) => {
    const where = ['--home', first!.home, '--rpc', urlOf(first!), '--json']
    const { code, out } = await runLine([...words, ...where])
    expect(code, out).toBe(0)
    return JSON.parse(out)
  }
  const { account } = await new RpcClient(urlOf(first!)).call('node_status', {})
  const address = account!
  const { validatorKey: old } = await rpc.call('validator_get', { address })
  const { height } = await command('validator', 'rotate-keys', '--keys', first!.keysFile, '--wait')
  const from = (Math.floor((height - 1) / EPOCH_BLOCKS) + 2) * EPOCH_BLOCKS + 1
  await untilHeight(rpc, from + EPOCH_BLOCKS)
  const { validatorKey: fresh } = await rpc.call('validator_get', { address })
  const verifier = createVerifier()
  const keysOf = async (at: number) => {
    const certificate = await rpc.call('chain_certificate', { height: at })
    const { signature } = certificate.signers.find((each) => each.address === address)!
    const bytes = commitSigningBytes(CONFIG.chainId, certificate as never)
    const isBy = (key: string) => verifier.verifyEd25519(fromHex(key)!, bytes, fromHex(signature)!)
    return [await isBy(old), await isBy(fresh)]
  }
  for (let at = height; at < from + EPOCH_BLOCKS; at++)
    expect([at, ...(await keysOf(at))]).toEqual([at, at < from, at >= from])
  expect(processes.map(({ pid }) => pid)).toEqual(pids)
  expect(await command('node', 'status')).toMatchObject({ validator: { signing: true, silentBecause: null } })
})
