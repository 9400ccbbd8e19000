import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commit, compactBlock, hashNumber, prePrepare, prepare, roundChange } from './builders.test-kit.ts'
import { decodeGuardRecord, encodeGuardRecord, recordAfter } from './guard-record.ts'
import type { GuardRecord } from './replica-state.ts'

const B1 = hashNumber(1)
const prepared = {
  round: 0,
  blockId: B1,
  block: compactBlock(),
  certificate: [0, 1, 2].map((each) => prepare(each, B1)),
}
const order = (message: Parameters<typeof recordAfter>[2], value: GuardRecord['prepared'] = null) => ({
  message,
  prepared: value,
})

/** As the runner does it: each order on the record before. */
function recordOf(...steps: readonly ReturnType<typeof order>[]): GuardRecord {
  const last = steps.reduce<GuardRecord | null>(
    (record, each) => recordAfter(record, each, each.message),
    null,
  )
  return last!
}

const ROUND_0 = [order(prepare(3, B1)), order(commit(3, B1), prepared)]
const RECORDS: { description: string; record: GuardRecord }[] = [
  { description: 'a first PREPARE', record: recordOf(order(prepare(3, B1))) },
  { description: 'a COMMIT with what it prepared', record: recordOf(...ROUND_0) },
  {
    description: 'a later round with a claim',
    record: recordOf(
      ...ROUND_0,
      order(
        roundChange(3, {
          round: 1,
          prepared: { round: 0, blockId: B1 },
          preparedCertificate: prepared.certificate,
        }),
      ),
    ),
  },
  {
    description: 'an own proposal',
    record: recordOf(order(prePrepare(3, { blockId: B1 })), order(prepare(3, B1))),
  },
  {
    description: 'an import',
    record: {
      position: { height: 7, round: 2, type: 'commit' },
      messages: [],
      lastCommit: null,
      prepared: null,
    },
  },
]

describe('the record after an order', () => {
  it('keeps all messages of the round, the last COMMIT and the prepared value', () => {
    expect(recordOf(...ROUND_0)).toEqual({
      position: { height: 1, round: 0, type: 'commit' },
      messages: [prepare(3, B1), commit(3, B1)],
      lastCommit: commit(3, B1),
      prepared,
    })
  })

  it('a new round drops the messages, not the COMMIT nor the prepared value', () => {
    const record = recordOf(...ROUND_0, order(roundChange(3, { round: 1 })))
    expect(record).toMatchObject({
      messages: [{ type: 'round-change' }],
      lastCommit: { blockId: B1 },
      prepared: { blockId: B1 },
    })
  })

  it('a new height drops the prepared value and keeps the last COMMIT', () => {
    const record = recordOf(...ROUND_0, order(prepare(3, B1, { height: 2 })))
    expect(record).toMatchObject({ position: { height: 2 }, lastCommit: { height: 1 }, prepared: null })
  })
})

describe('the record’s bytes', () => {
  it.each(RECORDS)('$description comes back the same', ({ record }) => {
    expect(decodeGuardRecord(encodeGuardRecord(record))).toEqual({ ok: true, value: record })
  })

  it('bytes that are cut or longer are not a record', () => {
    const bytes = encodeGuardRecord(recordOf(...ROUND_0))
    for (let length = 0; length < bytes.length; length++)
      expect(decodeGuardRecord(bytes.subarray(0, length)).ok).toBe(false)
    expect(decodeGuardRecord(new Uint8Array([...bytes, 0])).ok).toBe(false)
  })

  it('is total: any bytes have an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(decodeGuardRecord(bytes).ok).toBe(false)
      }),
    )
  })

  const WRONG: { description: string; record: GuardRecord }[] = [
    {
      description: 'messages of another round',
      record: { ...RECORDS[0]!.record, messages: [prepare(3, B1, { round: 1 })] },
    },
    {
      description: 'messages that stop before the position',
      record: { ...recordOf(...ROUND_0), messages: [prepare(3, B1)] },
    },
    {
      description: 'messages out of order',
      record: { ...recordOf(...ROUND_0), messages: [commit(3, B1), prepare(3, B1), commit(3, B1)] },
    },
    {
      description: 'messages of two senders',
      record: { ...recordOf(...ROUND_0), messages: [prepare(2, B1), commit(3, B1)] },
    },
    {
      description: 'a last COMMIT beyond the position',
      record: { ...RECORDS[0]!.record, lastCommit: commit(3, B1) },
    },
    {
      description: 'a COMMIT without what it prepared',
      record: { ...recordOf(...ROUND_0), prepared: null },
    },
    {
      description: 'a proof of another block',
      record: {
        ...recordOf(...ROUND_0),
        prepared: { ...prepared, certificate: [prepare(0, hashNumber(2))] },
      },
    },
    {
      description: 'a prepared round above the position',
      record: { ...recordOf(...ROUND_0), prepared: { ...prepared, round: 1, certificate: [] } },
    },
  ]

  it.each(WRONG)('a record that contradicts itself is not read: $description', ({ record }) => {
    expect(decodeGuardRecord(encodeGuardRecord(record))).toMatchObject({ ok: false, code: 'malformed' })
  })
})
