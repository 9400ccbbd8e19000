import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addresses, bytesOf } from './arbitraries.ts'
import type { ChainParameters, Genesis } from './genesis.ts'
import { formatGenesis, parseGenesis } from './genesis-codec.ts'
import { genesisHash } from './hash.ts'
import type { Address } from './ids.ts'
import { VECTOR_PARAMETERS } from './parameters.test-kit.ts'
import { PARAMETER_RULES, parseParameters } from './parameters.ts'

const DEVELOPMENT = path.resolve(import.meta.dirname, '../../config/development.json')

function parameters(): ChainParameters {
  const read = parseParameters(JSON.parse(readFileSync(DEVELOPMENT, 'utf8')).parameters)
  if (!read.ok) throw new Error(read.key)
  return read.value
}

const geneses: fc.Arbitrary<Genesis> = fc.record({
  chainId: fc.constantFrom('a', 'aitbc-development', '7-x'),
  timestampMs: fc.integer({ min: 1, max: 2 ** 42 }),
  parameters: fc.constant(parameters()),
  accounts: fc.uniqueArray(
    fc.record({ address: addresses, balance: fc.bigInt({ min: 0n, max: 2n ** 50n }) }),
    { maxLength: 4, selector: ({ address }) => address },
  ),
  validators: fc.uniqueArray(
    fc.record({
      address: addresses,
      name: fc.constantFrom('one', 'ein längerer Name', '三'),
      validatorKey: bytesOf(32),
      randomnessKey: bytesOf(32),
      validatorKeyProof: bytesOf(64),
      randomnessKeyProof: bytesOf(80),
      stake: fc.bigInt({ min: 10n ** 12n, max: 2n ** 50n }),
      commission: fc.integer({ min: 10_000, max: 100_000 }),
    }),
    {
      minLength: 1,
      maxLength: 4,
      comparator: (a, b) =>
        a.address === b.address ||
        Buffer.compare(a.validatorKey, b.validatorKey) === 0 ||
        Buffer.compare(a.randomnessKey, b.randomnessKey) === 0,
    },
  ),
})

const address = (byte: string) => `0x${byte.repeat(20)}` as Address

const FIXED: Genesis = {
  chainId: 'vector-1',
  timestampMs: 1_700_000_000_000,
  parameters: VECTOR_PARAMETERS,
  accounts: [{ address: address('0a'), balance: 5n }],
  validators: [1, 2].map((number) => ({
    address: address(`0${number}`),
    name: `v${number}`,
    validatorKey: new Uint8Array(32).fill(number),
    randomnessKey: new Uint8Array(32).fill(number),
    validatorKeyProof: new Uint8Array(64).fill(number),
    randomnessKeyProof: new Uint8Array(80).fill(number),
    stake: 10n ** 12n,
    commission: 10_000,
  })),
}

/** The JSON of FIXED, changed in place. */
function changed(change: (json: never) => void) {
  const json = JSON.parse(JSON.stringify(formatGenesis(FIXED)))
  change(json as never)
  return parseGenesis(json)
}

interface GenesisJson {
  [key: string]: unknown
  accounts: Record<string, unknown>[]
  validators: Record<string, unknown>[]
}

describe('a genesis', () => {
  it('comes back from its JSON', () => {
    fc.assert(
      fc.property(geneses, (genesis) => {
        expect(parseGenesis(JSON.parse(JSON.stringify(formatGenesis(genesis))))).toEqual({
          ok: true,
          value: genesis,
        })
      }),
    )
  })

  it('has one hash, whatever the order of its lists', () => {
    expect(genesisHash(FIXED)).toMatchInlineSnapshot(
      `"0x53348777e665117b2906a6bc4f4ed633ae0824879a9c35da88e530be8809c99e"`,
    )
    const reversed = {
      ...FIXED,
      accounts: FIXED.accounts.toReversed(),
      validators: FIXED.validators.toReversed(),
    }
    expect(genesisHash(reversed)).toBe(genesisHash(FIXED))
  })

  it('has another hash when anything is changed', () => {
    const OTHER_CHOICE: Record<string, string> = { proposerSelection: 'round-robin', admission: 'authority' }
    const numbers = Object.entries(FIXED.parameters).map(([key, value]) => ({
      ...FIXED,
      parameters: {
        ...FIXED.parameters,
        [key]:
          typeof value === 'bigint' ? value + 1n : typeof value === 'number' ? value + 1 : OTHER_CHOICE[key],
      },
    }))
    const [first, second] = FIXED.validators as [Genesis['validators'][0], Genesis['validators'][0]]
    const others: Genesis[] = [
      { ...FIXED, chainId: 'vector-2' },
      { ...FIXED, timestampMs: FIXED.timestampMs + 1 },
      { ...FIXED, accounts: [] },
      { ...FIXED, accounts: [{ address: address('0a'), balance: 6n }] },
      { ...FIXED, validators: [first] },
      { ...FIXED, validators: [first, { ...second, name: 'v3' }] },
      { ...FIXED, validators: [first, { ...second, stake: second.stake + 1n }] },
      { ...FIXED, validators: [first, { ...second, validatorKey: first.validatorKey }] },
    ]
    const hashes = [FIXED, ...numbers, ...others].map(genesisHash)
    expect(new Set(hashes).size).toBe(1 + Object.keys(PARAMETER_RULES).length + 8)
  })

  it.each<[string, (json: GenesisJson) => void]>([
    ['chainId', (json) => (json.chainId = 'no spaces')],
    ['timestampMs', (json) => (json.timestampMs = 0)],
    ['extra', (json) => (json.extra = 1)],
    ['parameters', (json) => delete json.parameters],
    ['accounts.0.address', (json) => (json.accounts[0]!.address = address('0a'))],
    ['accounts.0.balance', (json) => (json.accounts[0]!.balance = 5)],
    ['accounts.1.address', (json) => json.accounts.push({ ...json.accounts[0] })],
    ['accounts', (json) => (json.accounts[0]!.balance = (2n ** 64n - 1n).toString())],
    ['validators', (json) => (json.validators = [])],
    ['validators.0.name', (json) => (json.validators[0]!.name = 'a\u202eb')],
    ['validators.0.name', (json) => (json.validators[0]!.name = '')],
    ['validators.0.stake', (json) => (json.validators[0]!.stake = '999999999999')],
    ['validators.0.commission', (json) => (json.validators[0]!.commission = 9_999)],
    ['validators.0.validatorKey', (json) => (json.validators[0]!.validatorKey = '0x00')],
    [
      'validators.1.validatorKey',
      (json) => (json.validators[1]!.validatorKey = json.validators[0]!.validatorKey),
    ],
    [
      'validators.1.randomnessKey',
      (json) => (json.validators[1]!.randomnessKey = json.validators[0]!.randomnessKey),
    ],
    ['validators.1.address', (json) => (json.validators[1]!.address = json.validators[0]!.address)],
  ])('is refused for %s', (key, change) => {
    expect(changed(change as (json: never) => void)).toMatchObject({ ok: false, key })
  })

  it('does not have more validators than the chain allows', () => {
    const limited = { ...FIXED, parameters: { ...FIXED.parameters, maxValidators: 1 } }
    expect(parseGenesis(formatGenesis(limited))).toMatchObject({ ok: false, key: 'validators' })
  })
})
