import { describe, expect, it } from 'vitest'
import type { Certificate } from '../protocol/certificate.ts'
import { MAX_VALIDATORS } from '../protocol/constants.ts'
import type { Statement } from '../protocol/evidence.ts'
import type { Address, Hash } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { BEHIND_HEIGHTS, STATEMENTS, STATEMENTS_PER_SENDER } from './constants.ts'
import { EvidenceWatch } from './evidence-watch.ts'

const block = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as Hash
const who = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as Address
const SIGNATURE = new Uint8Array(64)

function vote(type: 'prepare' | 'commit', sender: number, id: number, height = 10, round = 0): Statement {
  return { type, height, round, sender: who(sender), blockId: block(id), signature: SIGNATURE }
}

function change(sender: number, round: number, prepared: { round: number; blockId: Hash } | null): Statement {
  return { type: 'round-change', height: 10, round, sender: who(sender), prepared, signature: SIGNATURE }
}

/** Members 0 and 1 of three signed. */
function certificate(id: number, round = 0, height = 10): Certificate {
  const signatures = [SIGNATURE, SIGNATURE]
  return {
    scheme: 0,
    height,
    round,
    blockId: block(id),
    validatorsHash: block(0),
    bitmap: Uint8Array.of(3),
    signatures,
  }
}

const SET = { members: [0, 1, 2].map((n) => ({ address: who(n) })) } as unknown as ValidatorSet

function watch() {
  const found: [Statement, Statement][] = []
  const state = { head: 10 }
  const made = new EvidenceWatch({
    headHeight: () => state.head,
    found: (a, b) => void found.push([a, b]),
  })
  const accused = () => found.map(([a, b]) => [a.sender, a.type, b.type])
  return { watch: made, found, accused, state }
}

describe('the watch finds', () => {
  it('two votes of one place, whichever way they came', () => {
    const { watch: w, accused } = watch()
    w.saw(vote('prepare', 1, 1))
    w.saw(vote('prepare', 2, 1))
    w.saw(vote('prepare', 1, 2))
    expect(accused()).toEqual([[who(1), 'prepare', 'prepare']])
  })

  it('two certificates of one round: all that signed both', () => {
    const { watch: w, accused } = watch()
    w.certified(certificate(1), SET)
    w.certified(certificate(2), SET)
    expect(accused()).toEqual([
      [who(0), 'commit', 'commit'],
      [who(1), 'commit', 'commit'],
    ])
  })

  it('a COMMIT on the wire against one in a certificate, early and late', () => {
    for (const late of [true, false]) {
      const { watch: w, accused } = watch()
      if (!late) w.saw(vote('commit', 1, 2))
      w.certified(certificate(1), SET)
      if (late) w.saw(vote('commit', 1, 2))
      expect(accused()).toEqual([[who(1), 'commit', 'commit']])
    }
  })

  it('a ROUND-CHANGE that forgot the COMMIT in a certificate', () => {
    const { watch: w, accused } = watch()
    w.certified(certificate(1), SET)
    w.saw(change(1, 3, null))
    w.saw(change(0, 3, { round: 0, blockId: block(1) }))
    expect(accused()).toEqual([[who(1), 'commit', 'round-change']])
  })
})

describe('the watch accuses nobody', () => {
  it('of the same said again, of another place, of a certificate of another round', () => {
    const { watch: w, found } = watch()
    w.certified(certificate(1), SET)
    w.certified(certificate(1), SET)
    w.certified(certificate(1, 1), SET)
    w.saw({ ...vote('commit', 1, 1), signature: new Uint8Array(64).fill(9) })
    w.saw(vote('commit', 1, 2, 11))
    w.saw(vote('prepare', 1, 3))
    expect(found).toEqual([])
  })

  it('for what is long past, and forgets it', () => {
    const { watch: w, found, state } = watch()
    w.saw(vote('commit', 1, 1))
    state.head = 10 + BEHIND_HEIGHTS + 1
    w.saw(vote('commit', 1, 2))
    expect(found).toEqual([])
  })
})

it('a flood of rounds pushes out other votes, never the COMMIT', () => {
  const { watch: w, accused } = watch()
  w.saw(vote('commit', 1, 1))
  for (let round = 1; round < 500; round++) w.saw(change(1, round, { round: 0, blockId: block(1) }))
  w.saw(vote('commit', 1, 2))
  expect(accused()).toEqual([
    [who(1), 'round-change', 'commit'],
    [who(1), 'commit', 'commit'],
  ])
})

it('a flood of statements of all validators pushes out those of the lowest height, and no others', () => {
  const { watch: w, accused } = watch()
  const full = STATEMENTS / (STATEMENTS_PER_SENDER * MAX_VALIDATORS)
  const heights = Array.from({ length: full }, (_, i) => 8 + i)
  for (const height of heights)
    for (let sender = 0; sender < MAX_VALIDATORS; sender++)
      for (let round = 0; round < STATEMENTS_PER_SENDER; round++)
        w.saw(vote('prepare', sender, 1, height, round))
  w.saw(vote('prepare', 1, 2, 8))
  expect(accused()).toHaveLength(1)
  w.saw(vote('prepare', 1, 1, 8 + full))
  w.saw(vote('prepare', 1, 3, 8))
  expect(accused()).toHaveLength(1)
  for (const height of [...heights.slice(1), 8 + full]) w.saw(vote('prepare', 1, 2, height))
  expect(accused()).toHaveLength(1 + full)
})
