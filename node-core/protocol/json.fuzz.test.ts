/** Documents that people write and others send: any JSON gives a value or a refusal that names key, value and range. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzRuns, hostileJson, nested } from '../lib/mutations.test-kit.ts'
import { parseConfig } from './config.ts'
import { parseGenesis } from './genesis-codec.ts'
import type { Read } from './json-reader.ts'
import { parseNetworkFile } from './network-file.ts'
import { formatParameters, PARAMETER_RULES, parseParameters } from './parameters.ts'

const RUNS = fuzzRuns(500)
/** Words of a refusal, characters: what is refused may be of any size. */
const MAX_REFUSAL = 600
/** Deeper than JSON.stringify's stack. */
const NESTED = nested(20_000)

type Json = Record<string, unknown>
const config = JSON.parse(
  readFileSync(new URL('../../config/development.json', import.meta.url), 'utf8'),
) as Json & { parameters: Json; network: Json }

const genesis: Json = {
  chainId: 'aitbc-test',
  timestampMs: 1_790_000_000_000,
  parameters: config.parameters,
  accounts: [],
  validators: [],
}

function isRead(read: Read<unknown>): void {
  if (read.ok) return
  expect(read.range).not.toBe('')
  expect(read.key.length + read.value.length).toBeLessThan(MAX_REFUSAL)
}

/** The document with one value at any place changed, taken out, or put under another name. */
function changed(document: Json): fc.Arbitrary<unknown> {
  const places = placesOf(document)
  const name = fc.constantFrom('__proto__', 'constructor', 'toString', 'extra', '')
  return fc
    .tuple(fc.constantFrom(...places), hostileJson, fc.constantFrom('set', 'remove', 'add'), name)
    .map(([place, value, how, extra]) => {
      const copy = structuredClone(document)
      const last = place.at(-1)!
      const holder = place.slice(0, -1).reduce<Json>((at, key) => at[key] as Json, copy)
      if (how === 'set') holder[last] = value
      else if (how === 'remove') delete holder[last]
      else
        Object.defineProperty(holder, extra, { value, enumerable: true, configurable: true, writable: true })
      return copy
    })
}

function placesOf(value: unknown, before: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    [...before, key],
    ...placesOf(inner, [...before, key]),
  ])
}

describe.each([
  ['a configuration', parseConfig as (json: unknown) => Read<unknown>, config],
  ['parameters', parseParameters as (json: unknown) => Read<unknown>, config.parameters],
  ['a genesis', parseGenesis as (json: unknown) => Read<unknown>, genesis],
  [
    'a network file',
    parseNetworkFile as (json: unknown) => Read<unknown>,
    { genesis, relays: ['/dns4/a.example/tcp/1/ws'], bootstrap: [], iceServers: [{ urls: ['stun:a'] }] },
  ],
] as const)('%s', (_, parse, document) => {
  it('is read or refused, whatever is in it', () => {
    fc.assert(
      fc.property(fc.oneof(hostileJson, changed(document)), (json) => isRead(parse(json))),
      { numRuns: RUNS },
    )
  })

  it('is refused in words when it is deeper than can be written', () => {
    for (const name of Object.keys(document)) {
      const deep = parse({ ...document, [name]: NESTED })
      expect(deep).toMatchObject({ ok: false })
      isRead(deep)
    }
    isRead(parse({ ...document, ['k'.repeat(100_000)]: 1 }))
  })
})

describe('every parameter', () => {
  const parsed = parseParameters(config.parameters)
  if (!parsed.ok) throw new Error(parsed.key)
  const valid = formatParameters(parsed.value)

  it.each(Object.entries(PARAMETER_RULES))('%s is refused beyond its range, by its name', (name, rule) => {
    const wrong: unknown[] = [undefined, null, true, '', '1e3', [], {}, 0.5, Number.NaN, 'x'.repeat(1_000)]
    if (rule.kind === 'integer') wrong.push(rule.min - 1, rule.max + 1, String(rule.min), -0.5)
    if (rule.kind === 'amount') wrong.push((rule.min - 1n).toString(), (rule.max + 1n).toString(), 5, '007')
    for (const value of wrong) {
      const read = parseParameters({ ...valid, [name]: value })
      expect(read, `${name} = ${String(value).slice(0, 20)}`).toMatchObject({ ok: false, key: name })
    }
  })

  it('is asked for, and no other', () => {
    for (const name of Object.keys(PARAMETER_RULES)) {
      const { [name as keyof typeof valid]: _, ...without } = valid
      expect(parseParameters(without)).toMatchObject({ ok: false, key: name, value: 'missing' })
    }
    expect(parseParameters({ ...valid, blockTimMs: 5 })).toMatchObject({
      ok: false,
      key: 'blockTimMs',
      value: '5',
    })
  })
})
