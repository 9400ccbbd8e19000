import { describe, expect, it } from 'vitest'
import { utf8 } from '../../lib/bytes.ts'
import { describeContract } from '../../ports/describe-contract.ts'
import { journalCases } from '../../ports/journal-cases.ts'
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
