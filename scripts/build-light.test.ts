/** The light client as somebody has it who takes the archive: unpacked under node_modules, in a plain Node, without the project. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex } from '../node-core/lib/bytes.ts'
import { CHAIN_ID, LightChain } from '../node-core/light/light-chain.test-kit.ts'
import { encodeHeader } from '../node-core/protocol/codec-block.ts'
import { encodeCertificate } from '../node-core/protocol/codec-certificate.ts'
import { encodeValidatorSet } from '../node-core/protocol/codec-validator-set.ts'

const BUILD_TIMEOUT_MS = 120_000
const ROOT = path.resolve(import.meta.dirname, '..')
const WANTED = 5

let directory: string
const inside = (...names: string[]) => path.join(directory, ...names)

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0)
  return stdout
}

/** A chain whose validators all change from one epoch to the next, as answers of `chain_certificate` and a checkpoint. */
function certified() {
  const chain = new LightChain({ epochs: [[[1, 1n]], [[2, 1n]], [[3, 1n]]] })
  const answers = Array.from({ length: chain.lastHeight }, (_, i) => {
    const { header, certificate, set } = chain.block(i + 1)
    return {
      header: toHex(encodeHeader(header)),
      certificate: toHex(encodeCertificate(certificate)),
      validators: toHex(encodeValidatorSet(set)),
    }
  })
  return { answers, endMs: chain.endMs, first: chain.block(1).id, wanted: chain.block(WANTED).id }
}

const USE = `
import { createLightClient, type LightClientOptions } from 'aitbc-mesh/light'
import { readFileSync } from 'node:fs'

const given = JSON.parse(readFileSync('given.json', 'utf8'))
const options: LightClientOptions = {
  call: async (_method, params) => ({ canonical: given.answers[(params as { height: number }).height - 1] }) as never,
  start: {
    checkpoint: { height: 1, blockId: given.first as string },
    chainId: '${CHAIN_ID}',
    parameters: { unbondingMs: 1_000_000, clockPrecisionMs: 100, messageDelayMs: 100 },
  },
  nowMs: () => given.endMs,
}
const result = await createLightClient(options).verifyBlock(${WANTED})
const height: number | undefined = result.ok ? result.value.trusted.height : undefined
console.log(JSON.stringify(result.ok ? { height, blockId: result.value.trusted.blockId } : { code: result.fault.code }))
`

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'aitbc-light-'))
  run(process.execPath, [path.join(ROOT, 'scripts/build-light.ts'), inside('built')], ROOT)
  const archive = run('npm', ['pack', '--silent', '--pack-destination', directory], inside('built')).trim()
  mkdirSync(inside('node_modules/aitbc-mesh'), { recursive: true })
  run('tar', ['xzf', archive, '--strip-components=1', '-C', 'node_modules/aitbc-mesh'], directory)
  writeFileSync(inside('package.json'), '{ "type": "module" }')
  writeFileSync(inside('use.ts'), USE)
}, BUILD_TIMEOUT_MS)

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the package of the light client', () => {
  const used = (given: object): unknown => {
    writeFileSync(inside('given.json'), JSON.stringify(given))
    return JSON.parse(run(process.execPath, ['use.ts'], directory))
  }

  it('verifies a certified header, by name', () => {
    const given = certified()
    expect(used(given)).toEqual({ height: WANTED, blockId: given.wanted })
    expect(used({ ...given, first: given.first.toUpperCase().replace('0X', '0x') })).toMatchObject({
      height: WANTED,
    })
  })

  it('believes no header that its validators did not sign', () => {
    const given = certified()
    const { answers } = given
    const other = { ...answers[WANTED - 1]!, certificate: answers[WANTED]!.certificate }
    expect(used({ ...given, answers: answers.with(WANTED - 1, other) })).toEqual({
      code: 'certificate-mismatch',
    })
  })

  it('has types that compile by themselves, in the strict mode', () => {
    const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc')
    const node = ['--types', 'node', '--typeRoots', path.join(ROOT, 'node_modules/@types')]
    const strict = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'ES2024', '--module', 'NodeNext']
    run(process.execPath, [compiler, ...strict, ...node, 'use.ts'], directory)
  })
})
