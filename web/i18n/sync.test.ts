import { describe, expect, it } from 'vitest'
import type { SyncView } from '../../node-core/node/node-api.ts'
import { damageWords, notableSync, syncLine, syncShare, syncShort } from './sync.ts'

const sync = (part: Partial<SyncView>): SyncView => ({
  phase: 'blocks',
  done: 0,
  total: 0,
  reused: 0,
  height: null,
  bytes: 0,
  sources: [],
  waitingFor: null,
  damage: null,
  ...part,
})
const source = (peer: string, bytes: number) => ({ peer, bytes, outstandingBytes: 0 })
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('a node that catches up', () => {
  it('says how far it is and from how many peers', () => {
    expect(plain(syncLine(sync({ phase: 'headers', done: 80, total: 240 })))).toBe(
      'Certificates verified to 80 of 240',
    )
    const snapshot = sync({
      phase: 'snapshot',
      done: 620_000,
      total: 1_000_000,
      height: 240,
      bytes: 1_200_000,
      sources: [source('a', 600_000), source('b', 600_000), source('c', 0)],
    })
    expect(plain(syncLine(snapshot))).toMatch(
      /^State of block 240: 62\.0 % here and proved, 38\.0 % to go, 1\.\d+ M.?B from two peers$/,
    )
    expect(plain(syncShort(snapshot))).toBe('catching up, 38.0 % to go')
    expect(syncShare(snapshot)).toBeCloseTo(0.62)
    const blocks = sync({ done: 34, total: 1_234, bytes: 10, sources: [source('a', 10)] })
    expect(plain(syncLine(blocks))).toMatch(/^34 of 1,234 blocks executed, 10 B from one peer$/)
    expect(syncShort(blocks)).toBe('catching up, 1,200 blocks to go')
  })

  it('says why it does not go on, and what was lost', () => {
    expect(syncLine(sync({ waitingFor: 'source' }))).toBe('No connected peer has what is missing; asking on')
    expect(damageWords({ lost: 'page', badPages: 2, goodPages: 338 })).toContain('2 of 340 pages')
  })

  it('keeps quiet about the lag of one block', () => {
    expect(notableSync(sync({ total: 1 }))).toBeNull()
    expect(notableSync(sync({ total: 1, waitingFor: 'source' }))).not.toBeNull()
    expect(notableSync(sync({ total: 2 }))).not.toBeNull()
    expect(notableSync(null)).toBeNull()
  })
})
