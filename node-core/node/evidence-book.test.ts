import { describe, expect, it } from 'vitest'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { evidenceId, pairOf } from '../protocol/codec-evidence.ts'
import type { Address, Hash } from '../protocol/ids.ts'
import { type Evidence, EvidenceBook, KEPT_EVIDENCE, KEPT_OF_ONE } from './evidence-book.ts'
import { evidenceWrite } from './repositories.ts'

function evidence(sender: number, height: number, round = 0): Evidence {
  const vote = (id: string) => ({
    type: 'commit' as const,
    height,
    round,
    sender: `0x${sender.toString(16).padStart(40, '0')}` as Address,
    blockId: `0x${id.repeat(64)}` as Hash,
    signature: new Uint8Array(64).fill(sender),
  })
  const pair = pairOf(vote('a'), vote('b'))
  return { ...pair, id: evidenceId(pair), atMs: height, source: 'messages' }
}

async function opened(disk: MemoryDisk): Promise<EvidenceBook> {
  const book = new EvidenceBook(disk.open())
  await book.open()
  return book
}

describe('the book', () => {
  it('keeps over a restart, and says what it knows', async () => {
    const disk = new MemoryDisk()
    const book = await opened(disk)
    const [a, b] = [evidence(1, 5), evidence(2, 4)]
    await book.add(a)
    await book.add(b)
    const again = await opened(disk)
    expect(again.all()).toEqual([b, a])
    const resigned = { first: { ...a.first, signature: new Uint8Array(64) }, second: a.second }
    expect(again.refusal(evidenceId(resigned), resigned)).toBe('known')
  })

  it('takes a few of one validator', async () => {
    const book = await opened(new MemoryDisk())
    for (let round = 0; round < KEPT_OF_ONE; round++) await book.add(evidence(1, 5, round))
    const more = evidence(1, 6)
    expect(book.refusal(more.id, more)).toBe('enough-of-this-validator')
    const other = evidence(2, 6)
    expect(book.refusal(other.id, other)).toBeNull()
  })

  it('when full lets the lowest height go, on the disk too, and does not take it back', async () => {
    const disk = new MemoryDisk()
    const book = await opened(disk)
    for (let n = 0; n < KEPT_EVIDENCE; n++) await book.add(evidence(n, 100 + n))
    await book.add(evidence(1_000, 500))
    expect(book.all()).toHaveLength(KEPT_EVIDENCE)
    const gone = evidence(0, 100)
    expect(book.refusal(gone.id, gone)).toBe('older-than-all-kept')
    const again = await opened(disk)
    expect(again.all().map(({ first }) => first.height)).toEqual(book.all().map(({ first }) => first.height))
    expect(again.all().some(({ id }) => id === gone.id)).toBe(false)
  })

  it('removes what it cannot read', async () => {
    const disk = new MemoryDisk()
    const { id } = evidence(1, 5)
    await disk.open().commit([evidenceWrite(id, Uint8Array.of(1, 2, 3))])
    expect((await opened(disk)).all()).toEqual([])
    expect(disk.usage().usedBytes).toBe(0)
  })
})
