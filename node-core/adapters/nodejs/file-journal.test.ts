import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../lib/bytes.ts'
import { describeContract } from '../../ports/describe-contract.ts'
import { journalCases } from '../../ports/journal-cases.ts'
import { encodeFrame, FRAME_OVERHEAD_BYTES } from '../journal-frames.ts'
import { JOURNAL_BYTES, JOURNAL_RECORD_BYTES } from '../limits.ts'
import { openFileJournal, setJournalAside } from './file-journal.ts'
import { startVictim } from './test-child.ts'
import { makeTestDirectory } from './test-directory.ts'

describeContract('file journal keeps the journal contract', journalCases, async () => {
  const directory = await makeTestDirectory()
  const place = path.join(directory.path, 'votes', 'journal')
  return {
    open: () => openFileJournal(place),
    crash: (journal) => journal.close(),
    file: {
      read: async () => new Uint8Array(await readFile(place)),
      write: (bytes) => writeFile(place, bytes),
    },
    dispose: directory.remove,
  }
})

describe('a file journal', () => {
  it('keeps every acknowledged record of a process that was killed between appends and replaces', async () => {
    const directory = await makeTestDirectory()
    const place = path.join(directory.path, 'journal')
    for (let round = 0; round < 3; round++) {
      const victim = startVictim('journal', place)
      await victim.acknowledged(40)
      const last = await victim.kill()
      const journal = await openFileJournal(place)
      const numbers = (await journal.read()).map((record) => Number(new TextDecoder().decode(record)))
      expect(numbers.at(-1)).toBeGreaterThanOrEqual(last)
      expect(numbers.at(-1)).toBeLessThanOrEqual(last + 1)
      expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i))
      await journal.replace(utf8('0'))
      await journal.close()
    }
    await directory.remove()
  })

  it('goes on after a disk was full, whichever way it was written to', async () => {
    const directory = await makeTestDirectory()
    const place = path.join(directory.path, 'journal')
    const victim = startVictim('full-journal', place)
    await victim.acknowledged(20)
    const last = await victim.kill()
    const journal = await openFileJournal(place)
    const newest = (await journal.read()).at(-1)!
    expect(Number(new TextDecoder().decode(newest))).toBeGreaterThanOrEqual(last)
    await journal.close()
    await directory.remove()
  })

  it('an unfinished replacement left beside it changes nothing', async () => {
    const directory = await makeTestDirectory()
    const place = path.join(directory.path, 'journal')
    const journal = await openFileJournal(place)
    await journal.append(utf8('one'))
    await writeFile(`${place}.tmp`, 'half of a replacement')
    await journal.close()
    const again = await openFileJournal(place)
    expect(await again.read()).toEqual([utf8('one')])
    await again.replace(utf8('two'))
    expect(await again.read()).toEqual([utf8('two')])
    await again.close()
    await directory.remove()
  })

  it('that is full refuses another record, keeps what it has, and takes a replacement', async () => {
    const directory = await makeTestDirectory()
    const place = path.join(directory.path, 'journal')
    await writeFullJournal(place)
    const journal = await openFileJournal(place)
    await expect(journal.append(new Uint8Array(0))).rejects.toMatchObject({
      code: 'storage-full',
      data: { path: place, limitBytes: JOURNAL_BYTES },
    })
    expect((await stat(place)).size).toBe(JOURNAL_BYTES)
    expect((await journal.read()).length).toBe(Math.ceil(JOURNAL_BYTES / JOURNAL_RECORD_BYTES))
    await journal.replace(utf8('short'))
    await journal.append(utf8('next'))
    expect(await journal.read()).toEqual([utf8('short'), utf8('next')])
    await journal.close()
    await directory.remove()
  })

  it('larger than it can have been made is not read, and left alone', async () => {
    const directory = await makeTestDirectory()
    const place = path.join(directory.path, 'journal')
    await writeFile(place, '')
    await truncate(place, JOURNAL_BYTES + 1)
    await expect(openFileJournal(place)).rejects.toMatchObject({
      code: 'storage-lost',
      data: { path: place, reason: 'too large', bytes: JOURNAL_BYTES + 1 },
    })
    expect((await stat(place)).size).toBe(JOURNAL_BYTES + 1)
    await directory.remove()
  })

  it('is readable by its owner alone, and a damaged one can be set aside', async () => {
    const directory = await makeTestDirectory()
    const place = path.join(directory.path, 'journal')
    await (await openFileJournal(place)).close()
    expect((await stat(place)).mode & 0o777).toBe(0o600)
    await writeFile(place, 'not a journal')
    await expect(openFileJournal(place)).rejects.toMatchObject({
      code: 'storage-lost',
      data: { reason: 'damaged' },
    })
    const aside = await setJournalAside(place)
    expect(await readFile(aside, 'utf8')).toBe('not a journal')
    const fresh = await openFileJournal(place)
    expect(await fresh.read()).toEqual([])
    await fresh.close()
    await directory.remove()
  })
})

/** Records of zeros, of which only the beginnings are written: the file is as long as a journal may be, and takes no room. */
async function writeFullJournal(place: string): Promise<void> {
  const file = await open(place, 'w')
  for (let offset = 0; offset < JOURNAL_BYTES; ) {
    const bytes = Math.min(JOURNAL_RECORD_BYTES, JOURNAL_BYTES - offset - FRAME_OVERHEAD_BYTES)
    await file.write(encodeFrame(new Uint8Array(bytes)), 0, FRAME_OVERHEAD_BYTES, offset)
    offset += FRAME_OVERHEAD_BYTES + bytes
  }
  await file.truncate(JOURNAL_BYTES)
  await file.close()
}
