import { describe, expect, test } from 'vitest'
import type { FollowedHeader } from './light-check.ts'
import { faultWords, hashWords, headerSteps, inclusionSteps } from './light-words.ts'

const header: FollowedHeader = {
  genesisHash: '0x9e',
  headers: 12,
  height: 1_200,
  blockId: '0xab',
  stateRoot: '0xcd',
  signers: ['a', 'b', 'c', 'd'],
  members: 5,
  signedPower: 812_345,
}
const words = (steps: readonly { readonly words: string }[]) => steps.map((step) => step.words)

describe('what was followed', () => {
  test('says how many headers, who signed, and whether the id is the shown one', () => {
    expect(headerSteps(header, '0xAB')).toEqual([
      {
        ok: true,
        words:
          'Followed 12 headers, one an epoch, each signed by the validators that the one before announced',
      },
      {
        ok: true,
        words:
          'Four of five validators signed it, with 81.2\u00a0% of the power; more than two thirds are needed',
      },
      { ok: true, words: 'The header hashes to the block id that this page shows' },
    ])
    expect(headerSteps(header, '0xac').at(-1)).toEqual({
      ok: false,
      words: 'The header hashes to another block id than this page shows',
    })
  })

  test.each([
    [0, 'This header was followed from the genesis in an earlier check'],
    [1, 'Went on from a header checked before by one more, signed by validators already known'],
  ])('is shorter the second time: %i', (headers, sentence) => {
    expect(words(headerSteps({ ...header, headers }, null))[0]).toBe(sentence)
  })
})

describe('where a transaction stands', () => {
  test.each([
    [
      { index: 2, count: 12, depth: 4 },
      'It is number 3 of 12 in the block: four hashes lead to the root in the header',
    ],
    [{ index: 0, count: 1, depth: 0 }, 'It is number 1 of 1 in the block: it is the root by itself'],
  ])('%j', (place, sentence) => {
    expect(inclusionSteps({ ...place, same: true })).toEqual([
      { ok: true, words: sentence },
      { ok: true, words: 'The receipt under the header’s other root says what this page shows' },
    ])
  })

  test('another receipt than the shown one is no proof', () => {
    expect(inclusionSteps({ index: 0, count: 2, depth: 1, same: false })[1]!.ok).toBe(false)
    expect(hashWords(1)).toBe('one hash leads')
  })
})

test('a fault has a sentence', () => {
  expect(faultWords({ code: 'no-quorum', data: {} })).toBe('Those who signed are no quorum')
})
