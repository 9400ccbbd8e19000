/** A validator's signing record from one home to another, as an operator does it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { acquireLock } from '../../node-core/adapters/nodejs/lock-file.ts'
import { nodeHome } from '../../node-core/adapters/nodejs/node-home.ts'
import { makeGenesis } from '../dev/genesis-file.ts'
import { layoutOf } from '../dev/layout.ts'
import { readConfig } from '../environment.ts'
import { runLine } from '../run.test-kit.ts'

let data: string
beforeEach(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'aitbc-signing-'))
  await makeGenesis(layoutOf({ data, port: 20_000, validators: 2 }), readConfig('development'), null)
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

const layout = () => layoutOf({ data, port: 20_000, validators: 2 })

const YES = ['--yes']

async function signing(verb: string, words: readonly string[], home: string, validator = 0) {
  const { genesisFile, validators } = layout()
  const { keysFile } = validators[validator]!
  const args = [
    'validator',
    verb,
    ...words,
    '--genesis',
    genesisFile,
    '--keys',
    keysFile,
    '--home',
    home,
    '--json',
  ]
  const { code, out } = await runLine(args)
  return {
    code,
    json: JSON.parse(out) as Record<string, unknown> & { error?: { code: string; message: string } },
  }
}

it('what one home exports another takes over; the file is for its owner alone and holds no key', async () => {
  const { home } = layout().validators[0]!
  const file = path.join(data, 'record.json')
  expect(await signing('signing-export', [file, ...YES], home)).toEqual({ code: 0, json: { file } })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const keys = JSON.parse(readFileSync(layout().validators[0]!.keysFile, 'utf8')) as Record<string, string>
  const text = readFileSync(file, 'utf8')
  for (const [name, value] of Object.entries(keys))
    if (name.endsWith('Seed')) expect(text).not.toContain(value.slice(2))

  const row = { height: '41', round: '0', type: 'commit' }
  const further = JSON.parse(text) as { data: { signed_messages: unknown[] }[] }
  further.data[0]!.signed_messages.push(row)
  writeFileSync(file, JSON.stringify(further))
  const imported = { position: { height: 41, round: 0, type: 'commit' }, signsFromHeight: 42 }
  const elsewhere = path.join(data, 'elsewhere')
  expect(await signing('signing-import', [file], elsewhere)).toMatchObject({
    code: 0,
    json: { ...imported, changed: true },
  })
  expect((await signing('signing-import', [file], elsewhere)).json).toMatchObject({
    ...imported,
    changed: false,
  })
})

it('refuses the record of another key, a file that is none, a home in use, and to overwrite', async () => {
  const [first, second] = layout().validators
  const file = path.join(data, 'record.json')
  await signing('signing-export', [file, ...YES], first!.home)
  const refusal = async (...args: Parameters<typeof signing>) => {
    const { code, json } = await signing(...args)
    return [code, json.error?.code]
  }
  expect(await refusal('signing-import', [file], second!.home, 1)).toEqual([1, 'signing-record-of-other-key'])
  expect(await refusal('signing-import', [first!.keysFile], first!.home)).toEqual([1, 'not-a-signing-record'])
  expect(await refusal('signing-import', [path.join(data, 'none')], first!.home)).toEqual([1, 'file-missing'])
  expect(await refusal('signing-export', [file, ...YES], first!.home)).toEqual([1, 'file-exists'])
  const lock = await acquireLock(nodeHome(first!.home).lock)
  expect(await refusal('signing-export', [path.join(data, 'b.json'), ...YES], first!.home)).toEqual([
    1,
    'key-in-use',
  ])
  await lock.release()
})

it('exporting, and signing again afterwards, are each done only when confirmed, and said in words before', async () => {
  const { home } = layout().validators[0]!
  const file = path.join(data, 'record.json')
  const refused = await signing('signing-export', [file], home)
  expect([refused.code, refused.json.error?.message]).toEqual([
    2,
    expect.stringContaining('sign nothing more'),
  ])
  expect((await signing('signing-resume', YES, home)).json).toEqual({ resumed: false })
  expect(existsSync(file)).toBe(false)
  await signing('signing-export', [file, ...YES], home)
  expect((await signing('signing-resume', [], home)).code).toBe(2)
  expect(await signing('signing-resume', YES, home)).toEqual({ code: 0, json: { resumed: true } })
})
