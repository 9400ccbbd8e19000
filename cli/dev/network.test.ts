/** What the development network refuses before it starts anything, and the keys and genesis that it makes. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVerifier } from '../../node-core/adapters/verifier.ts'
import { genesisHash, possessionMessage } from '../../node-core/protocol/hash.ts'
import { readConfig } from '../environment.ts'
import { runLine } from '../run.test-kit.ts'
import { makeGenesis, readGenesis } from './genesis-file.ts'
import { layoutOf } from './layout.ts'

let data: string

beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'aitbc-network-'))
})

afterEach(() => {
  rmSync(data, { recursive: true, force: true })
})

const layout = (validators: number) => layoutOf({ data, port: 20_000, validators })

async function dev(...args: string[]) {
  const { code, out } = await runLine(['dev', '--json', '--no-open', '--data', data, ...args])
  return {
    code,
    error: (JSON.parse(out.split('\n').at(-1)!) as { error: { code: string; data: unknown } }).error,
  }
}

describe('genesis', () => {
  it('is made once, with keys that prove themselves and that others cannot read', async () => {
    const made = await makeGenesis(layout(3), readConfig('development'), null)
    expect(made.validators.map(({ name }) => name)).toEqual(['Lodestone', 'Kestrel', 'Marram'])
    expect(genesisHash(readGenesis(layout(3).genesisFile)!)).toBe(genesisHash(made))
    const verifier = createVerifier()
    for (const [index, validator] of made.validators.entries()) {
      const message = possessionMessage(made.chainId, validator.address)
      expect(await verifier.verifyEd25519(validator.validatorKey, message, validator.validatorKeyProof)).toBe(
        true,
      )
      const { randomnessKey, randomnessKeyProof } = validator
      expect(await verifier.verifyVrf(randomnessKey, message, randomnessKeyProof)).not.toBeNull()
      expect(statSync(layout(3).validators[index]!.keysFile).mode & 0o777).toBe(0o600)
    }
  })

  it('leaves room for two tabs with a drip each to hold more than a third', async () => {
    const { validators, parameters } = await makeGenesis(layout(5), readConfig('development'), null)
    const genesisStake = validators.reduce((sum, { stake }) => sum + stake, 0n)
    const tabs = 2n * (parameters.faucetDrip - parameters.faucetDrip / 5n)
    expect(3n * tabs > genesisStake + tabs).toBe(true)
  })

  it('takes parameters from a file, and refuses impossible ones', async () => {
    const file = path.join(data, 'parameters.json')
    writeFileSync(file, '{"epochBlocks": 4}')
    const made = await makeGenesis(layout(1), readConfig('development'), file)
    expect(made.parameters).toEqual({ ...readConfig('development').parameters, epochBlocks: 4 })
    writeFileSync(file, '{"epochBlocks": 0}')
    const refused = makeGenesis(
      layoutOf({ data: path.join(data, 'other'), port: 20_000, validators: 1 }),
      readConfig('development'),
      file,
    )
    await expect(refused).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('epochBlocks'),
    })
  })
})

describe('a start', () => {
  it('names a port that is taken and leaves nothing behind', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const { code, error } = await dev('--port', String(port))
    await new Promise((resolve) => server.close(resolve))
    expect([code, error]).toMatchObject([1, { code: 'port-in-use', data: { port } }])
    expect(existsSync(layout(0).genesisFile)).toBe(false)
  })

  it.each([
    ['another number of validators', ['--validators', '4']],
    ['another environment', ['--env', 'staging']],
    ['other parameters', ['--parameters', 'any.json']],
  ])('on a chain that is there refuses %s', async (_what, args) => {
    await makeGenesis(layout(3), readConfig('development'), null)
    expect(await dev(...args)).toMatchObject({ code: 1, error: { code: 'chain-exists' } })
  })
})
