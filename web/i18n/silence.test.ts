import { expect, it } from 'vitest'
import type { Silence } from '../../node-core/node/node-api.ts'
import { silenceWords } from './silence.ts'

const ALL: readonly Silence[] = [
  { code: 'record-exported' },
  { code: 'key-used-elsewhere', height: 1204, round: 0, type: 'commit', where: 'block' },
  { code: 'storage-full', sinceMs: 1 },
  { code: 'storage-lost', sinceMs: 1 },
  { code: 'key-failed', sinceMs: 1 },
  { code: 'record-lost', sinceMs: 1, newerThanMs: 2 },
  { code: 'looking-for-another-signer', untilMs: 2 },
  { code: 'record-imported', fromHeight: 1205 },
  { code: 'catching-up' },
]

it('every reason is a sentence with what to do, and only those that need a person are bad', () => {
  for (const silence of ALL) {
    const { sentence, what } = silenceWords(silence)
    expect(sentence).toMatch(/^[A-Z].*\.$/)
    expect(what).toMatch(/\.$/)
  }
  const bad = ALL.filter((silence) => silenceWords(silence).tone === 'bad').map(({ code }) => code)
  expect(bad).toEqual(['record-exported', 'key-used-elsewhere', 'storage-full', 'storage-lost', 'key-failed'])
})

it('a key used elsewhere says where it was seen, what is at stake and how to end it', () => {
  const { what } = silenceWords(ALL[1]!)
  expect(what).toContain('COMMIT of height 1,204')
  expect(what).toContain('Stop the other one, then load this page again')
})
