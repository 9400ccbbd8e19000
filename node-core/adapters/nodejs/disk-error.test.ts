import { describe, expect, it } from 'vitest'
import { StorageError } from '../../ports/storage-error.ts'
import { diskError } from './disk-error.ts'

const ofSystem = (code: string) => Object.assign(new Error(`${code}: write`), { code })
const ofLevel = (code: string, words: string) => Object.assign(new Error(words), { code })

describe('an error of the disk', () => {
  it.each(['ENOSPC', 'EFBIG', 'EDQUOT'])(
    '%s is no room, also where another error names it as its cause',
    (code) => {
      expect(diskError(ofSystem(code), '/data').code).toBe('storage-full')
      expect(diskError(new Error('the batch failed', { cause: ofSystem(code) }), '/data').code).toBe(
        'storage-full',
      )
    },
  )

  it.each([
    'IO error: /data/000003.log: No space left on device',
    'IO error: /data/000003.log: File too large',
    'IO error: /data/000003.log: Disk quota exceeded',
  ])('of LevelDB is no room by its words: %s', (words) => {
    const error = ofLevel('LEVEL_IO_ERROR', words)
    expect(diskError(error, '/data').code).toBe('storage-full')
    const notOpened = Object.assign(new Error('Database failed to open', { cause: error }), {
      code: 'LEVEL_DATABASE_NOT_OPEN',
    })
    expect(diskError(notOpened, '/data').code).toBe('storage-full')
  })

  it('that says nothing of room is a loss; a lock is told from both', () => {
    expect(diskError(ofSystem('EIO'), '/data')).toMatchObject({
      code: 'storage-lost',
      data: { path: '/data' },
    })
    expect(diskError('nonsense', '/data').code).toBe('storage-lost')
    const locked = new Error('Database failed to open', { cause: ofLevel('LEVEL_LOCKED', 'lock /data/LOCK') })
    expect(diskError(locked, '/data').code).toBe('storage-blocked')
  })

  it('that is one already stays as it is', () => {
    const known = new StorageError('storage-busy', { limit: 1 })
    expect(diskError(known, '/data')).toBe(known)
  })
})
