import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'
import type { ChainParameters } from './genesis.ts'
import { formatParameters, PARAMETER_RULES, parseParameters } from './parameters.ts'

const CONFIGS = path.resolve(import.meta.dirname, '../../config')
const ENVIRONMENTS = ['development', 'staging', 'production'] as const
const readJson = (name: string) => JSON.parse(readFileSync(path.join(CONFIGS, `${name}.json`), 'utf8'))
const good = readJson('development').parameters

const refusal = (change: object, without?: string) => {
  const json = { ...good, ...change }
  if (without) delete json[without]
  return parseParameters(json)
}

describe.each(ENVIRONMENTS)('the configuration %s', (name) => {
  it('is valid and names itself', () => {
    const config = parseConfig(readJson(name))
    expect(config).toMatchObject({ ok: true, value: { name, chainId: `aitbc-${name}` } })
  })

  it('gives money away only where it has no worth', () => {
    const config = parseConfig(readJson(name))
    if (!config.ok) throw new Error(config.key)
    expect(config.value.parameters.faucetDrip > 0n).toBe(name !== 'production')
  })

  it('comes back from its parameters', () => {
    const config = parseConfig(readJson(name))
    if (!config.ok) throw new Error(config.key)
    const json = JSON.parse(JSON.stringify(formatParameters(config.value.parameters)))
    expect(json).toEqual(readJson(name).parameters)
    expect(parseParameters(json)).toEqual({ ok: true, value: config.value.parameters })
  })
})

describe('a parameter', () => {
  it.each(Object.keys(PARAMETER_RULES))('is refused when missing: %s', (key) => {
    expect(refusal({}, key)).toMatchObject({ ok: false, key, value: 'missing' })
  })

  it('is refused when unknown', () => {
    expect(refusal({ blockTime: 5 })).toMatchObject({ ok: false, key: 'blockTime', value: '5' })
    expect(parseParameters(JSON.parse('{"__proto__": 1}'))).toMatchObject({ ok: false, key: '__proto__' })
  })

  const outside = (Object.keys(PARAMETER_RULES) as (keyof ChainParameters)[]).flatMap((key) => {
    const rule = PARAMETER_RULES[key]
    const wrong: readonly unknown[] =
      rule.kind === 'integer'
        ? [rule.min - 1, rule.max + 1, rule.min + 0.5, String(rule.min), Number.NaN, null]
        : rule.kind === 'amount'
          ? [String(rule.min - 1n), String(rule.max + 1n), Number(rule.min), '1.5', '', '0x10', '01']
          : ['fastest', '', 0, null]
    return wrong.map((value) => [key, value] as const)
  })

  it.each(outside)('is refused outside its range: %s = %j', (key, value) => {
    const refused = refusal({ [key]: value })
    expect(refused).toMatchObject({ ok: false, key, value: JSON.stringify(value) })
    expect(refused.ok ? '' : refused.range).not.toBe('')
  })

  it.each([
    ['emptyIntervalMs', { emptyIntervalMs: good.blockTimeMs - 1 }],
    ['roundTimeoutMs', { roundTimeoutMs: 2 * good.clockPrecisionMs + 3 * good.messageDelayMs - 1 }],
    ['roundTimeoutCapMs', { roundTimeoutCapMs: good.roundTimeoutMs - 1 }],
    ['minimumCommission', { minimumCommission: good.maximumCommission + 1 }],
    ['powerCap', { powerCap: 124_999 }],
    ['unbondingMs', { unbondingMs: 2 * good.epochBlocks * good.blockTimeMs - 1 }],
    ['blockGasLimit', { blockGasLimit: 2 * good.consensusOperationGas - 1 }],
    ['blockGasLimit', { transferGas: 2_000, batchSavingGas: 0, blockGasLimit: 20_000_001 }],
    ['batchSavingGas', { batchSavingGas: good.transferGas }],
  ])('is refused where it does not go with another: %s', (key, change) => {
    expect(refusal(change)).toMatchObject({ ok: false, key })
  })

  it('is accepted at the edge of each relation', () => {
    const edge = {
      emptyIntervalMs: good.blockTimeMs,
      roundTimeoutMs: 2 * good.clockPrecisionMs + 3 * good.messageDelayMs,
      minimumCommission: good.maximumCommission,
      powerCap: 125_000,
      unbondingMs: 2 * good.epochBlocks * good.blockTimeMs,
      blockGasLimit: 2 * good.consensusOperationGas,
      batchSavingGas: good.transferGas - 1,
    }
    expect(refusal(edge)).toMatchObject({ ok: true })
  })

  it.each([null, [], 'x', 7, undefined])('is not read from %j', (json) => {
    expect(parseParameters(json)).toMatchObject({ ok: false, key: '' })
  })
})

describe('a configuration', () => {
  const whole = readJson('development')

  it.each([
    ['name', { name: 'test' }],
    ['chainId', { chainId: 'Upper' }],
    ['chainId', { chainId: 'c'.repeat(33) }],
    ['colour', { colour: 'red' }],
    ['parameters.blockTimeMs', { parameters: { ...good, blockTimeMs: 1 } }],
    ['network.relays', { network: { relays: 'none', iceServers: [] } }],
    [
      'network.relays.1',
      { network: { relays: ['/dns4/a.example/tcp/443/wss', 'a.example'], iceServers: [] } },
    ],
    [
      'network.iceServers.0.urls.0',
      { network: { relays: [], iceServers: [{ urls: ['http://a.example'] }] } },
    ],
    ['network.iceServers.0.password', { network: { relays: [], iceServers: [{ urls: [], password: 'x' }] } }],
  ])('is refused for %s', (key, change) => {
    expect(parseConfig({ ...whole, ...change })).toMatchObject({ ok: false, key })
  })

  it('keeps what a relay and an ICE server need', () => {
    const network = {
      relays: ['/dns4/relay.example/tcp/443/wss/p2p/12D3'],
      iceServers: [
        { urls: ['turn:t.example'], username: 'u', credential: 'c' },
        { urls: ['stun:s.example'] },
      ],
    }
    expect(parseConfig({ ...whole, network })).toMatchObject({ ok: true, value: { network } })
  })
})
