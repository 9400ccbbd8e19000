/** The signing guard's record as a spoilt disk gives it back: a code, or a record that has these very bytes. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fuzzRuns, hostileBytes } from '../lib/mutations.test-kit.ts'
import { commit, compactBlock, hashNumber, prepare, roundChange } from './builders.test-kit.ts'
import { decodeGuardRecord, encodeGuardRecord } from './guard-record.ts'
import type { GuardRecord } from './replica-state.ts'

const B1 = hashNumber(1)
const prepared = {
  round: 0,
  blockId: B1,
  block: compactBlock(),
  certificate: [0, 1, 2].map((each) => prepare(each, B1)),
}
const change = roundChange(3, {
  round: 1,
  prepared: { round: 0, blockId: B1 },
  preparedCertificate: prepared.certificate,
})
const { height } = change
const RECORDS: readonly GuardRecord[] = [
  { position: { height: 7, round: 2, type: 'commit' }, messages: [], lastCommit: null, prepared: null },
  {
    position: { height, round: 1, type: 'round-change' },
    messages: [change],
    lastCommit: commit(3, B1),
    prepared,
  },
]

it('answers to bent records', () => {
  for (const record of RECORDS) expect(decodeGuardRecord(encodeGuardRecord(record)).ok).toBe(true)
  fc.assert(
    fc.property(hostileBytes(fc.constantFrom(...RECORDS.map(encodeGuardRecord))), (bytes) => {
      const decoded = decodeGuardRecord(bytes)
      if (decoded.ok) expect(encodeGuardRecord(decoded.value)).toEqual(bytes)
      else expect(decoded.detail).not.toBe('')
    }),
    { numRuns: fuzzRuns(1_500) },
  )
})
