/** Chain parameters as JSON, with what each may be and how they relate. Amounts are decimal strings of base units. */
import { assert } from '../lib/assert.ts'
import { MAX_AMOUNT } from './amount.ts'
import { MAX_BLOCK_TRANSACTIONS, MAX_TRANSACTION_BYTES, MAX_VALIDATORS, ONE_MILLION } from './constants.ts'
import type { Admission, ChainParameters, ProposerSelection } from './genesis.ts'
import {
  join,
  type Read,
  readAmount,
  readChoice,
  readInteger,
  reading,
  readObject,
  refuse,
} from './json-reader.ts'

type Rule =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'amount'; readonly min: bigint; readonly max: bigint }
  | { readonly kind: 'choice'; readonly choices: readonly (ProposerSelection | Admission)[] }

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS

/** The least transaction that anyone can want to send: a registration with room to spare. */
const LEAST_TRANSACTION_BYTES = 1_024
/** Base units a unit of gas. */
const MAX_BASE_FEE = 1_000_000n
const MAX_BLOCK_GAS = 100_000_000
/** Delegators of one validator. */
const MAX_DELEGATORS = 10_000
/** Offences of one kind that are counted. */
const MAX_OFFENCES = 200
/** The base fee moves between a tenth of genesis' and this many times it. */
const BASE_FEE_CEILING = 100n

const millionths: Rule = { kind: 'integer', min: 0, max: ONE_MILLION }
const positiveMillionths: Rule = { kind: 'integer', min: 1, max: ONE_MILLION }
const operationGas: Rule = { kind: 'integer', min: 1_000, max: MAX_BLOCK_GAS }

/** What each may be by itself. */
export const PARAMETER_RULES: { readonly [K in keyof ChainParameters]: Rule } = {
  blockTimeMs: { kind: 'integer', min: 100, max: MINUTE_MS },
  emptyIntervalMs: { kind: 'integer', min: 100, max: 10 * MINUTE_MS },
  roundTimeoutMs: { kind: 'integer', min: 100, max: MINUTE_MS },
  roundTimeoutCapMs: { kind: 'integer', min: SECOND_MS, max: 10 * MINUTE_MS },
  clockPrecisionMs: { kind: 'integer', min: 1, max: 10 * SECOND_MS },
  messageDelayMs: { kind: 'integer', min: 1, max: 10 * SECOND_MS },
  epochBlocks: { kind: 'integer', min: 2, max: 100_000 },
  maxValidators: { kind: 'integer', min: 1, max: MAX_VALIDATORS },
  minimumSelfStake: { kind: 'amount', min: 1n, max: MAX_AMOUNT },
  minimumDelegation: { kind: 'amount', min: 1n, max: MAX_AMOUNT },
  maximumDelegators: { kind: 'integer', min: 1, max: MAX_DELEGATORS },
  admission: { kind: 'choice', choices: ['stake', 'authority'] },
  enteringPower: positiveMillionths,
  leavingPower: positiveMillionths,
  powerCap: positiveMillionths,
  powerCapFromValidators: { kind: 'integer', min: 1, max: MAX_VALIDATORS },
  proposerSelection: {
    kind: 'choice',
    choices: ['round-robin', 'stake-weighted', 'reputation-based', 'hybrid'],
  },
  maximumCommission: millionths,
  minimumCommission: millionths,
  unbondingMs: { kind: 'integer', min: SECOND_MS, max: 366 * DAY_MS },
  annualReward: millionths,
  stakeOperationsPerWindow: { kind: 'integer', min: 1, max: 1_000_000 },
  stakeWindowMs: { kind: 'integer', min: SECOND_MS, max: 366 * DAY_MS },
  presenceWindowBlocks: { kind: 'integer', min: 4, max: 100_000 },
  jailMs: { kind: 'integer', min: SECOND_MS, max: 366 * DAY_MS },
  doubleSignSlash: millionths,
  invalidBlockSlash: millionths,
  unavailableSlash: millionths,
  slowSlash: millionths,
  unavailableOffences: { kind: 'integer', min: 1, max: MAX_OFFENCES },
  slowOffences: { kind: 'integer', min: 1, max: MAX_OFFENCES },
  reporterShare: millionths,
  blockGasLimit: { kind: 'integer', min: 1_000, max: MAX_BLOCK_GAS },
  senderGasShare: positiveMillionths,
  genesisBaseFeePerGas: { kind: 'amount', min: 10n, max: MAX_BASE_FEE },
  burnedFee: millionths,
  maximumTransactionBytes: { kind: 'integer', min: LEAST_TRANSACTION_BYTES, max: MAX_TRANSACTION_BYTES },
  transferGas: operationGas,
  stakeOperationGas: operationGas,
  consensusOperationGas: operationGas,
  contractOperationGas: operationGas,
  contractByteGas: { kind: 'integer', min: 0, max: 1_000 },
  batchSavingGas: { kind: 'integer', min: 0, max: MAX_BLOCK_GAS },
  faucetDrip: { kind: 'amount', min: 0n, max: MAX_AMOUNT },
  faucetIntervalBlocks: { kind: 'integer', min: 1, max: 10_000_000 },
}

const KEYS = Object.keys(PARAMETER_RULES) as (keyof ChainParameters)[]

interface Relation {
  /** The one to change. */
  readonly key: keyof ChainParameters
  holds(parameters: ChainParameters): boolean
  range(parameters: ChainParameters): string
}

const RELATIONS: readonly Relation[] = [
  {
    key: 'emptyIntervalMs',
    holds: (p) => p.emptyIntervalMs >= p.blockTimeMs,
    range: (p) => `at least blockTimeMs, ${p.blockTimeMs}`,
  },
  {
    key: 'roundTimeoutMs',
    holds: (p) => p.roundTimeoutMs >= leastRoundTimeoutMs(p),
    range: (p) => `at least 2 · clockPrecisionMs + 3 · messageDelayMs, ${leastRoundTimeoutMs(p)}`,
  },
  {
    key: 'roundTimeoutCapMs',
    holds: (p) => p.roundTimeoutCapMs >= p.roundTimeoutMs,
    range: (p) => `at least roundTimeoutMs, ${p.roundTimeoutMs}`,
  },
  {
    key: 'minimumCommission',
    holds: (p) => p.minimumCommission <= p.maximumCommission,
    range: (p) => `at most maximumCommission, ${p.maximumCommission}`,
  },
  {
    key: 'powerCap',
    holds: (p) => p.powerCap * p.powerCapFromValidators >= ONE_MILLION,
    range: (p) =>
      `at least one whole shared by powerCapFromValidators, ${Math.ceil(ONE_MILLION / p.powerCapFromValidators)}`,
  },
  {
    key: 'unbondingMs',
    holds: (p) => p.unbondingMs >= 2 * p.epochBlocks * p.blockTimeMs,
    range: (p) => `at least two epochs, ${2 * p.epochBlocks * p.blockTimeMs}`,
  },
  {
    key: 'blockGasLimit',
    holds: (p) => p.blockGasLimit >= 2 * dearestOperationGas(p),
    range: (p) => `at least twice the dearest operation, ${2 * dearestOperationGas(p)}`,
  },
  {
    key: 'blockGasLimit',
    holds: (p) => p.blockGasLimit <= MAX_BLOCK_TRANSACTIONS * cheapestOperationGas(p),
    range: (p) =>
      `at most ${MAX_BLOCK_TRANSACTIONS} of the cheapest operation, ${MAX_BLOCK_TRANSACTIONS * cheapestOperationGas(p)}`,
  },
  {
    key: 'senderGasShare',
    holds: (p) => senderGasOf(p) >= dearestOperationGas(p),
    range: (p) => `at least the dearest operation's share of a block, ${dearestOperationGas(p)} gas`,
  },
  {
    key: 'minimumDelegation',
    holds: (p) => p.minimumDelegation <= p.minimumSelfStake,
    range: (p) => `at most minimumSelfStake, ${p.minimumSelfStake}`,
  },
  {
    key: 'batchSavingGas',
    holds: (p) => p.batchSavingGas < cheapestOperationGas(p),
    range: (p) => `below the cheapest operation, ${cheapestOperationGas(p)}`,
  },
]

/** Every parameter, once, within its range and its relations. */
export function parseParameters(json: unknown): Read<ChainParameters> {
  return reading(() => readParameters('', json))
}

/** For documents that hold parameters. Refuses with the key inside `key`. */
export function readParameters(key: string, json: unknown): ChainParameters {
  const object = readObject(key, json, KEYS)
  const entries = KEYS.map(
    (name) => [name, readOne(join(key, name), object[name], PARAMETER_RULES[name])] as const,
  )
  const parameters = Object.fromEntries(entries) as unknown as ChainParameters
  for (const relation of RELATIONS) {
    if (!relation.holds(parameters))
      refuse(join(key, relation.key), parameters[relation.key], relation.range(parameters))
  }
  return parameters
}

/** What parseParameters reads. */
export function formatParameters(
  parameters: ChainParameters,
): Record<keyof ChainParameters, string | number> {
  const entries = KEYS.map((name) => {
    const value = parameters[name]
    return [name, typeof value === 'bigint' ? value.toString() : value]
  })
  return Object.fromEntries(entries) as Record<keyof ChainParameters, string | number>
}

function readOne(key: string, value: unknown, rule: Rule): number | bigint | string {
  if (rule.kind === 'integer') return readInteger(key, value, rule.min, rule.max)
  if (rule.kind === 'amount') return readAmount(key, value, rule.min, rule.max)
  return readChoice(key, value, rule.choices)
}

/** Gas that one sender may use in a block. */
export function senderGasOf(p: Pick<ChainParameters, 'blockGasLimit' | 'senderGasShare'>): number {
  return Math.floor((p.blockGasLimit * p.senderGasShare) / ONE_MILLION)
}

/** A proposal, a PREPARE and a COMMIT, and clocks that differ at both ends. */
function leastRoundTimeoutMs(p: ChainParameters): number {
  return 2 * p.clockPrecisionMs + 3 * p.messageDelayMs
}

function dearestOperationGas(p: ChainParameters): number {
  return Math.max(p.transferGas, p.stakeOperationGas, p.consensusOperationGas, p.contractOperationGas)
}

function cheapestOperationGas(p: ChainParameters): number {
  return Math.min(p.transferGas, p.stakeOperationGas, p.consensusOperationGas, p.contractOperationGas)
}

assert(MAX_BASE_FEE * BASE_FEE_CEILING * BigInt(MAX_BLOCK_GAS) <= MAX_AMOUNT, 'every fee fits in 64 bits')
