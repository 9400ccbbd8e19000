/** What every Journal must do. */
import { concatBytes, utf8 } from '../lib/bytes.ts'
import { type ContractCase, expectBytes, expectCode, expectList } from './contract-case.ts'
import type { Journal } from './storage.ts'

export interface JournalHarness {
  open(): Promise<Journal>
  /** Ends the journal without a close where the platform allows. */
  crash(journal: Journal): Promise<void>
  /**
   * The raw bytes of the file that holds the records, for an unopened journal; null where the platform keeps records in a
   * database of its own, which cannot be torn in the middle of one.
   */
  readonly file: RawFile | null
}

export interface RawFile {
  read(): Promise<Uint8Array>
  write(bytes: Uint8Array): Promise<void>
}

async function journalOf(harness: JournalHarness, records: readonly string[]): Promise<void> {
  const journal = await harness.open()
  for (const record of records) await journal.append(utf8(record))
  await journal.close()
}

async function expectRecords(
  harness: JournalHarness,
  expected: readonly string[],
  what: string,
): Promise<void> {
  const journal = await harness.open()
  expectList(await journal.read(), expected.map(utf8), what)
  await journal.close()
}

export const journalCases: readonly ContractCase<JournalHarness>[] = [
  {
    name: 'a new journal is empty',
    run: (harness) => expectRecords(harness, [], 'new'),
  },
  {
    name: 'records come back in order, empty and large ones too',
    async run(harness) {
      const large = new Uint8Array(300_000).map((_, i) => i % 251)
      const journal = await harness.open()
      await journal.append(utf8('first'))
      await journal.append(new Uint8Array(0))
      await journal.append(large)
      expectList(await journal.read(), [utf8('first'), new Uint8Array(0), large], 'before the close')
      await journal.close()
      const again = await harness.open()
      expectList(await again.read(), [utf8('first'), new Uint8Array(0), large], 'after the close')
      await again.close()
    },
  },
  {
    name: 'appends that overlap in time keep the order of the calls',
    async run(harness) {
      const journal = await harness.open()
      const expected = Array.from({ length: 50 }, (_, i) => `record ${i}`)
      await Promise.all(expected.map((record) => journal.append(utf8(record))))
      await journal.close()
      await expectRecords(harness, expected, 'order')
    },
  },
  {
    name: 'an acknowledged record survives a crash, and appending goes on behind it',
    async run(harness) {
      const journal = await harness.open()
      await journal.append(utf8('one'))
      await harness.crash(journal)
      await journalOf(harness, ['two'])
      await expectRecords(harness, ['one', 'two'], 'after the crash')
    },
  },
  {
    name: 'replace leaves one record, durable, with appends going on behind it',
    async run(harness) {
      const journal = await harness.open()
      await journal.append(utf8('one'))
      await journal.append(utf8('two'))
      await journal.replace(utf8('summary'))
      expectList(await journal.read(), [utf8('summary')], 'at once')
      await journal.append(utf8('three'))
      await harness.crash(journal)
      await expectRecords(harness, ['summary', 'three'], 'after a crash')
    },
  },
  {
    name: 'replace can be repeated, and is in order with appends called around it',
    async run(harness) {
      const journal = await harness.open()
      await Promise.all([
        journal.append(utf8('gone')),
        journal.replace(utf8('first summary')),
        journal.append(utf8('gone too')),
        journal.replace(utf8('second summary')),
        journal.append(utf8('kept')),
      ])
      await journal.close()
      await expectRecords(harness, ['second summary', 'kept'], 'order')
    },
  },
  {
    name: 'bytes given and returned belong to the caller afterwards',
    async run(harness) {
      const journal = await harness.open()
      const given = utf8('abc')
      const appended = journal.append(given)
      await appended
      given.fill(0)
      const [returned] = await journal.read()
      expectBytes(returned, utf8('abc'), 'after the given bytes changed')
      returned!.fill(0)
      expectList(await journal.read(), [utf8('abc')], 'after the returned bytes changed')
      await journal.close()
    },
  },
  {
    name: 'after close every operation is refused by code',
    async run(harness) {
      const journal = await harness.open()
      await journal.close()
      await journal.close()
      await expectCode(journal.append(utf8('late')), 'storage-lost', 'append')
      await expectCode(journal.replace(utf8('late')), 'storage-lost', 'replace')
      await expectCode(journal.read(), 'storage-lost', 'read')
      await expectRecords(harness, [], 'nothing was written')
    },
  },
  {
    name: 'a record above the limit is refused and the journal goes on',
    async run(harness) {
      const journal = await harness.open()
      await expectCode(journal.append(new Uint8Array(33 * 1024 * 1024)), 'record-too-large', 'append')
      await journal.append(utf8('small'))
      await journal.close()
      await expectRecords(harness, ['small'], 'the small one')
    },
  },
  {
    name: 'a torn last record is left out, wherever it was torn, and what follows is appended cleanly',
    async run(harness) {
      if (!harness.file) return
      await journalOf(harness, ['one', 'two'])
      const kept = (await harness.file.read()).length
      await journalOf(harness, ['the torn one'])
      const whole = await harness.file.read()
      for (let length = kept + 1; length < whole.length; length++) {
        await harness.file.write(whole.subarray(0, length))
        await expectRecords(harness, ['one', 'two'], `cut to ${length} of ${whole.length} bytes`)
      }
      await harness.file.write(whole.subarray(0, whole.length - 1))
      await journalOf(harness, ['three'])
      await expectRecords(harness, ['one', 'two', 'three'], 'appended after the tear')
    },
  },
  {
    name: 'a last record whose bytes did not all reach the disk, and a tail of zeros, are left out',
    async run(harness) {
      if (!harness.file) return
      await journalOf(harness, ['one'])
      const kept = await harness.file.read()
      await journalOf(harness, ['the torn one'])
      const whole = await harness.file.read()
      const hollow = whole.slice()
      hollow.fill(0, whole.length - 5)
      await harness.file.write(hollow)
      await expectRecords(harness, ['one'], 'hollow tail')
      await harness.file.write(concatBytes(kept, new Uint8Array(4096)))
      await expectRecords(harness, ['one'], 'zero tail')
    },
  },
  {
    name: 'damage before a whole record is no torn tail: the journal refuses to open rather than forget',
    async run(harness) {
      if (!harness.file) return
      await journalOf(harness, ['one'])
      const first = (await harness.file.read()).length
      await journalOf(harness, ['two', 'three'])
      const whole = await harness.file.read()
      for (let offset = first; offset < first + 19; offset++) {
        const damaged = whole.slice()
        damaged[offset]! ^= 0x55
        await harness.file.write(damaged)
        await expectCode(harness.open(), 'storage-lost', `byte ${offset - first} of the record in the middle`)
      }
    },
  },
  {
    name: 'a file that is not a journal is refused and left alone',
    async run(harness) {
      if (!harness.file) return
      await journalOf(harness, [])
      const foreign = utf8('{"this is": "somebody else\'s file, and not empty"}')
      await harness.file.write(foreign)
      await expectCode(harness.open(), 'storage-lost', 'open')
      expectBytes(await harness.file.read(), foreign, 'the file')
    },
  },
]
