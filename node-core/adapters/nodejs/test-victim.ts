/**
 * A process to be killed: `node test-victim.ts storage|full-storage|full-journal|journal|lock PATH`. It writes without end (or holds
 * the lock) and prints one line for each write that was acknowledged; where the work is full, no file may grow until a write failed.
 */
import { execFileSync } from 'node:child_process'
import { writeSync } from 'node:fs'
import { utf8 } from '../../lib/bytes.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { openFileJournal } from './file-journal.ts'
import { openLevelStorage } from './level-storage.ts'
import { acquireLock } from './lock-file.ts'

const STANDARD_OUTPUT = 1
const [, , work, place = ''] = process.argv
const acknowledged = (number: number): number => writeSync(STANDARD_OUTPUT, `${number}\n`)

if (work === 'storage') {
  const storage = await openLevelStorage(place)
  for (let number = 1; ; number++) {
    await storage.commit([
      { bucket: 1, key: utf8('left'), value: utf8(`${number}`) },
      { bucket: 2, key: utf8('right'), value: utf8(`${number}`) },
    ])
    acknowledged(number)
  }
} else if (work === 'journal') {
  const journal = await openFileJournal(place)
  const REPLACE_EVERY = 7
  for (let number = 1; ; number++) {
    if (number % REPLACE_EVERY === 0) await journal.replace(utf8(`${number}`))
    else await journal.append(utf8(`${number}`))
    acknowledged(number)
  }
} else if (work === 'full-storage') {
  const storage = await openLevelStorage(place)
  await writeThroughFull((number) =>
    storage.commit([{ bucket: 1, key: utf8(`${number}`), value: new Uint8Array(3_000) }]),
  )
} else if (work === 'full-journal') {
  const journal = await openFileJournal(place)
  await writeThroughFull(async (number) => {
    // Both of its ways to write find no room.
    if (number % 2 === 0) await journal.append(utf8(`${number}`.padEnd(3_000)))
    else await journal.replace(utf8(`${number}`.padEnd(9_000)))
  })
} else if (work === 'lock') {
  await acquireLock(place)
  acknowledged(process.pid)
  setInterval(() => undefined, 60_000)
}

/** Files end at a few kilobytes until three writes found no room; each is tried until it is done. */
async function writeThroughFull(write: (number: number) => Promise<void>): Promise<void> {
  // Linux ends a process at this limit that does not listen.
  process.on('SIGXFSZ', () => undefined)
  limitFiles('8192')
  let refused = 0
  for (let number = 1; ; ) {
    try {
      await write(number)
      if (refused > 0) acknowledged(number)
      number++
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'storage-full') throw error
      refused++
      if (refused === 3) limitFiles('unlimited')
    }
  }
}

function limitFiles(bytes: string): void {
  execFileSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${bytes}:`])
}
