/**
 * A process to be killed: `node test-victim.ts storage|journal|lock PATH`. It writes without end (or holds the lock) and prints one
 * line for each write that was acknowledged.
 */
import { writeSync } from 'node:fs'
import { utf8 } from '../../lib/bytes.ts'
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
} else if (work === 'lock') {
  await acquireLock(place)
  acknowledged(process.pid)
  setInterval(() => undefined, 60_000)
}
