import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { replaceRecord, restoreSigner } from '../../node/signer.ts'
import { TestCluster } from '../../node/test-cluster.ts'
import { createTelemetry } from '../telemetry.ts'
import { openFileJournal } from './file-journal.ts'
import { acquireLock } from './lock-file.ts'
import { beginSigningRecordIn, nodeHome } from './node-home.ts'
import {
  exportSigningOf,
  importSigningInto,
  openSigningJournal,
  resumeSigningOf,
  type SigningHome,
} from './signing-files.ts'
import { systemClock } from './system-clock.ts'
import { makeTestDirectory } from './test-directory.ts'

let directory: Awaited<ReturnType<typeof makeTestDirectory>>
let cluster: TestCluster

beforeEach(async () => {
  directory = await makeTestDirectory()
  cluster = await TestCluster.create({ validators: 2 })
})
afterEach(() => directory.remove())

const place = (name: string, validator = 0): SigningHome => ({
  home: path.join(directory.path, name),
  genesis: cluster.genesis,
  keys: cluster.validators[validator]!,
})

async function stand(name: string, height: number): Promise<void> {
  await beginSigningRecordIn(place(name).home)
  const journal = await openFileJournal(nodeHome(place(name).home).journal)
  const position = { height, round: 0, type: 'commit' } as const
  await replaceRecord(journal, { position, messages: [], lastCommit: null, prepared: null })
  await journal.close()
}

it('a record goes from one home to another, and back it changes nothing', async () => {
  await stand('old', 12)
  const text = await exportSigningOf(place('old'))
  expect(await importSigningInto(place('new'), text)).toMatchObject({ changed: true, signsFromHeight: 13 })
  expect(await importSigningInto(place('old'), text)).toMatchObject({ changed: false })
  expect(await exportSigningOf(place('new'))).toBe(text)
  expect(await resumeSigningOf(place('old'))).toBe(true)
  expect(await resumeSigningOf(place('old'))).toBe(false)
  expect(text).not.toMatch(/seed|private|secret/i)
})

it('the record of another key is refused, and so is any while a node runs there', async () => {
  await stand('old', 12)
  const text = await exportSigningOf(place('old'))
  await expect(importSigningInto(place('new', 1), text)).rejects.toMatchObject({
    code: 'signing-record-of-other-key',
  })
  const lock = await acquireLock(nodeHome(place('old').home).lock)
  await expect(exportSigningOf(place('old'))).rejects.toMatchObject({ code: 'key-in-use' })
  await expect(importSigningInto(place('old'), text)).rejects.toMatchObject({ code: 'key-in-use' })
  await expect(resumeSigningOf(place('old'))).rejects.toMatchObject({ code: 'key-in-use' })
  await lock.release()
})

it('a damaged journal is set aside and counts as lost; it is never guessed from', async () => {
  await stand('old', 12)
  await stand('old', 13)
  const { home } = place('old')
  const file = nodeHome(home).journal
  const bytes = await readFile(file)
  const broken = Buffer.from(bytes)
  broken[10]! ^= 0xff
  await writeFile(file, Buffer.concat([broken, bytes]))
  const telemetry = createTelemetry({ clock: systemClock })
  const journal = await openSigningJournal(file, telemetry)
  expect((await restoreSigner(journal)).lost).toBe(true)
  await journal.close()
  expect((await readdir(home)).some((name) => name.startsWith('signing.journal.damaged-'))).toBe(true)
  expect(telemetry.lines(1)[0]!.message).toContain('counts as lost')
})
