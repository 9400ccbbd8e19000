import { describe, expect, it } from 'vitest'
import { utf8 } from '../../lib/bytes.ts'
import { describeContract } from '../../ports/describe-contract.ts'
import { journalCases } from '../../ports/journal-cases.ts'
import { FRAME_OVERHEAD_BYTES } from '../journal-frames.ts'
import { JOURNAL_BYTES, JOURNAL_RECORD_BYTES } from '../limits.ts'
import { MemoryJournalFile } from './memory-journal.ts'

describeContract('memory journal keeps the journal contract', journalCases, async () => {
  const file = new MemoryJournalFile()
  return {
    open: async () => file.open(),
    crash: async () => file.crash(),
    file: {
      read: async () => file.bytes.slice(),
      write: async (bytes) => {
        file.bytes = bytes.slice()
      },
    },
    dispose: async () => undefined,
  }
})

describe('a memory journal file', () => {
  it('that is full refuses another record, keeps what it has, and takes a replacement', async () => {
    const file = new MemoryJournalFile()
    const journal = file.open()
    const large = new Uint8Array(JOURNAL_RECORD_BYTES)
    for (let left = JOURNAL_BYTES; left > 0; left = JOURNAL_BYTES - file.bytes.length)
      await journal.append(large.subarray(0, Math.min(large.length, left - FRAME_OVERHEAD_BYTES)))
    expect(file.bytes.length).toBe(JOURNAL_BYTES)
    await expect(journal.append(new Uint8Array(0))).rejects.toMatchObject({
      code: 'storage-full',
      data: { limitBytes: JOURNAL_BYTES },
    })
    expect(file.bytes.length).toBe(JOURNAL_BYTES)
    await journal.replace(utf8('short'))
    await journal.append(utf8('next'))
    expect(await file.open().read()).toEqual([utf8('short'), utf8('next')])
  })

  it('loses at a crash the record that was not acknowledged', async () => {
    const held = Promise.withResolvers<void>()
    const file = new MemoryJournalFile({ settle: () => held.promise })
    const journal = file.open()
    const lost = journal.append(utf8('vote'))
    file.crash()
    held.resolve()
    await expect(lost).rejects.toMatchObject({ code: 'storage-lost' })
    expect(await file.open().read()).toEqual([])
  })
})
