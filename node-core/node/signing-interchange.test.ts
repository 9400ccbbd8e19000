import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryJournalFile } from '../adapters/memory/memory-journal.ts'
import type { GuardRecord, Position } from '../consensus/replica-state.ts'
import { comparePositions } from '../consensus/signing-guard.ts'
import { utf8 } from '../lib/bytes.ts'
import { bent, fuzzRuns, hostileJson } from '../lib/mutations.test-kit.ts'
import { MAX_ROUND } from '../protocol/constants.ts'
import type { Hash } from '../protocol/ids.ts'
import { beginSigningRecord, replaceRecord, restoreSigner } from './signer.ts'
import { readInterchange, type SigningOwner, writeInterchange } from './signing-interchange.ts'
import { exportSigning, importSigning, resumeSigning } from './signing-transfer.ts'

const OWNER: SigningOwner = {
  chainId: 'aitbc-test',
  genesisHash: `0x${'a'.repeat(64)}` as Hash,
  publicKeys: [`0x${'b'.repeat(64)}`],
}
const positions: fc.Arbitrary<Position> = fc.record({
  height: fc.integer({ min: 1, max: 50 }),
  round: fc.integer({ min: 0, max: 3 }),
  type: fc.constantFrom('round-change', 'pre-prepare', 'prepare', 'commit'),
})

const recordAt = (position: Position): GuardRecord => ({
  position,
  messages: [],
  lastCommit: null,
  prepared: null,
})

async function journalAt(position: Position | null) {
  const journal = new MemoryJournalFile().open()
  await beginSigningRecord(journal)
  if (position) await replaceRecord(journal, recordAt(position))
  return journal
}

const fileAt = (position: Position | null) => writeInterchange(OWNER, position && recordAt(position))
const higher = (a: Position, b: Position) => (comparePositions(a, b) >= 0 ? a : b)

describe('the file', () => {
  it('says where the record stands', () => {
    fc.assert(
      fc.property(fc.option(positions), (position) => {
        expect(readInterchange(fileAt(position), OWNER)).toEqual({ ok: true, position })
      }),
    )
  })

  it('has the shape of the standard: metadata, keys, integers as text, nothing secret', () => {
    expect(JSON.parse(fileAt({ height: 7, round: 1, type: 'commit' }))).toEqual({
      metadata: {
        interchange_format: 'aitbc-signing-record',
        interchange_format_version: '1',
        chain_id: 'aitbc-test',
        genesis_hash: OWNER.genesisHash,
      },
      data: [{ pubkey: OWNER.publicKeys[0], signed_messages: [{ height: '7', round: '1', type: 'commit' }] }],
    })
  })

  it('of a validator that changes its keys counts wherever one of the two is held', () => {
    const [first, second, third] = ['1', '2', '3'].map((digit) => `0x${digit.repeat(64)}`)
    const held = (...publicKeys: (string | undefined)[]) => ({ ...OWNER, publicKeys: publicKeys as string[] })
    const position: Position = { height: 7, round: 1, type: 'commit' }
    const text = writeInterchange(held(first, second), recordAt(position))
    for (const owner of [held(first), held(second, third)])
      expect(readInterchange(text, owner)).toEqual({ ok: true, position })
    expect(readInterchange(text, held(third))).toMatchObject({ ok: false })
  })

  it('of another chain, of another key, or no such file is refused with a code', () => {
    const text = fileAt({ height: 7, round: 0, type: 'commit' })
    const other = `0x${'c'.repeat(64)}`
    const codeFor = (file: string, owner: SigningOwner) => {
      const read = readInterchange(file, owner)
      return read.ok ? null : read.fault.code
    }
    expect(codeFor(text, { ...OWNER, genesisHash: other as Hash })).toBe('signing-record-of-other-chain')
    expect(codeFor(text, { ...OWNER, chainId: 'other' })).toBe('signing-record-of-other-chain')
    expect(codeFor(text, { ...OWNER, publicKeys: [other] })).toBe('signing-record-of-other-key')
    for (const bad of [
      '',
      '[]',
      '{}',
      text.slice(0, -9),
      text.replace('"7"', '7'),
      text.replace('"7"', '"-7"'),
      text.replace('commit', 'reject'),
    ])
      expect(codeFor(bad, OWNER)).toBe('not-a-signing-record')
  })

  it('of any text, of bent bytes and of any JSON in its fields is a position, or refused with a code', () => {
    const real = fc.option(positions).map((position) => utf8(fileAt(position)))
    const bytes = bent(real).map((each) => new TextDecoder().decode(each))
    const row = fc.record({ height: hostileJson, round: hostileJson, type: hostileJson })
    const messages = fc.oneof(hostileJson, fc.array(fc.oneof(hostileJson, row), { maxLength: 3 }))
    const fields = fc.tuple(
      hostileJson,
      messages,
      fc.constantFrom('metadata', 'data', 'pubkey', 'messages', 'format'),
    )
    const json = fields.map(([value, signed_messages, which]) => {
      const file = JSON.parse(fileAt({ height: 7, round: 1, type: 'commit' }))
      if (which === 'metadata' || which === 'data') file[which] = value
      else if (which === 'pubkey') file.data = [value, { pubkey: value, signed_messages }]
      else if (which === 'messages') file.data[0].signed_messages = signed_messages
      else file.metadata = { ...file.metadata, interchange_format: value }
      return JSON.stringify(file)
    })
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), bytes, json), (text) => {
        const read = readInterchange(text, OWNER)
        if (!read.ok) {
          expect(read.fault.code).toMatch(/^(not-a-signing-record|signing-record-of-other-(chain|key))$/)
          return
        }
        if (read.position === null) return
        const { height, round, type } = read.position
        expect(Number.isSafeInteger(height + 1) && height >= 1).toBe(true)
        expect(Number.isSafeInteger(round) && round >= 0 && round <= MAX_ROUND).toBe(true)
        expect(['round-change', 'pre-prepare', 'prepare', 'commit']).toContain(type)
      }),
      { numRuns: fuzzRuns(1_500) },
    )
  })

  it('has integers that are written in one way, up to the last height below which there is another and the last round', () => {
    const read = (height: string, round: string) => {
      const file = JSON.parse(fileAt({ height: 7, round: 1, type: 'commit' }))
      file.data[0].signed_messages = [{ height, round, type: 'commit' }]
      const answer = readInterchange(JSON.stringify(file), OWNER)
      return answer.ok ? answer.position : answer.fault.code
    }
    const last = Number.MAX_SAFE_INTEGER - 1
    expect(read('1', '0')).toEqual({ height: 1, round: 0, type: 'commit' })
    expect(read(String(last), String(MAX_ROUND))).toEqual({ height: last, round: MAX_ROUND, type: 'commit' })
    const wrong = [
      '',
      '01',
      '-1',
      '+1',
      ' 7',
      '7 ',
      '7.0',
      '1e3',
      '0x7',
      '\u0667',
      String(last + 1),
      '9'.repeat(17),
    ]
    for (const height of ['0', ...wrong]) expect(read(height, '0'), height).toBe('not-a-signing-record')
    for (const round of [String(MAX_ROUND + 1), ...wrong])
      expect(read('7', round), round).toBe('not-a-signing-record')
  })

  it('has so many characters, keys and messages, and no more', () => {
    const code = (text: string) => {
      const read = readInterchange(text, OWNER)
      return read.ok ? null : read.fault.code
    }
    const text = fileAt({ height: 7, round: 0, type: 'commit' })
    expect(code(text.padEnd(1_000_000))).toBeNull()
    expect(code(text.padEnd(1_000_001))).toBe('not-a-signing-record')
    const { metadata, data } = JSON.parse(text)
    const [{ pubkey, signed_messages }] = data
    const withKeys = (count: number) => ({ metadata, data: Array.from({ length: count }, () => data[0]) })
    expect(code(JSON.stringify(withKeys(64)))).toBeNull()
    expect(code(JSON.stringify(withKeys(65)))).toBe('not-a-signing-record')
    const withMessages = (count: number) => ({
      metadata,
      data: [{ pubkey, signed_messages: Array.from({ length: count }, () => signed_messages[0]) }],
    })
    expect(code(JSON.stringify(withMessages(4_096)))).toBeNull()
    expect(code(JSON.stringify(withMessages(4_097)))).toBe('not-a-signing-record')
  })
})

describe('an import', () => {
  it('merges to the maximum, and binds the whole height that it brought', async () => {
    await fc.assert(
      fc.asyncProperty(positions, positions, async (own, brought) => {
        const journal = await journalAt(own)
        const imported = await importSigning(journal, OWNER, fileAt(brought))
        const { record, lost } = await restoreSigner(journal)
        expect(lost).toBe(false)
        expect(record?.position).toEqual(higher(own, brought))
        expect(imported.changed).toBe(comparePositions(brought, own) > 0)
        if (imported.changed) expect(imported.signsFromHeight).toBe(brought.height + 1)
      }),
    )
  })

  it('in any order and any number of times comes to the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(positions, { minLength: 1, maxLength: 6 }), async (brought) => {
        const stand = async (order: readonly Position[]) => {
          const journal = await journalAt(null)
          for (const position of order) await importSigning(journal, OWNER, fileAt(position))
          return (await restoreSigner(journal)).record?.position
        }
        const most = brought.reduce(higher)
        expect(await stand(brought)).toEqual(most)
        expect(await stand([...brought, ...brought].reverse())).toEqual(most)
      }),
    )
  })

  it('of what was exported changes nothing where it came from, and moves it elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(positions, async (position) => {
        const journal = await journalAt(position)
        const before = await restoreSigner(journal)
        const text = await exportSigning(journal, OWNER)
        expect(await restoreSigner(journal)).toEqual({ ...before, exported: true })
        expect(await importSigning(journal, OWNER, text)).toMatchObject({ changed: false, position })
        const elsewhere = await journalAt(null)
        expect(await importSigning(elsewhere, OWNER, text)).toMatchObject({ changed: true, position })
        expect(await exportSigning(elsewhere, OWNER)).toBe(text)
      }),
    )
  })

  it('of what was signed elsewhere since lets an exported record sign again; one that tells nothing new does not', async () => {
    await fc.assert(
      fc.asyncProperty(positions, positions, async (own, brought) => {
        const journal = await journalAt(own)
        await exportSigning(journal, OWNER)
        const { changed } = await importSigning(journal, OWNER, fileAt(brought))
        const { record, exported } = await restoreSigner(journal)
        expect(exported).toBe(!changed)
        expect(await resumeSigning(journal)).toBe(!changed)
        expect(await restoreSigner(journal)).toMatchObject({ record, lost: false, exported: false })
      }),
    )
  })

  it('ends a loss by what it brings; nothing brought, or a wrong file, leaves the loss', async () => {
    const lost = () => new MemoryJournalFile().open()
    await expect(exportSigning(lost(), OWNER)).rejects.toMatchObject({ code: 'signing-record-lost' })
    const empty = lost()
    await expect(importSigning(empty, OWNER, fileAt(null))).rejects.toMatchObject({
      code: 'signing-record-lost',
    })
    await expect(importSigning(empty, OWNER, '{}')).rejects.toMatchObject({ code: 'not-a-signing-record' })
    expect((await restoreSigner(empty)).lost).toBe(true)
    await importSigning(empty, OWNER, fileAt({ height: 9, round: 0, type: 'prepare' }))
    expect((await restoreSigner(empty)).lost).toBe(false)
  })
})
