/** What the methods answer, as JSON Schema. Components of the OpenRPC document; the shapes are those of node-api.ts. */
import type { JsonSchema, SchemaTable } from './json-schema.ts'

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })
export const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })

/** An object with these fields; all are present unless named in `optional`. */
export function object(properties: Record<string, JsonSchema>, optional: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
  }
}

const text: JsonSchema = { type: 'string' }
const flag: JsonSchema = { type: 'boolean' }
const number: JsonSchema = { type: 'number' }
const count: JsonSchema = { type: 'integer', minimum: 0 }
const timeMs: JsonSchema = { type: 'number', description: 'ms since the Unix epoch' }
const millionths: JsonSchema = { type: 'integer', minimum: 0, maximum: 1_000_000, description: 'millionths' }
const freeObject: JsonSchema = { type: 'object', additionalProperties: true }
const hash = ref('Hash')
const address = ref('Address')
const amount = ref('Amount')

const header: Record<string, JsonSchema> = {
  height: count,
  blockId: hash,
  parentId: hash,
  timestampMs: timeMs,
  proposer: address,
  proposerName: text,
  validatorsHash: hash,
  nextValidatorsHash: hash,
  transactionsRoot: hash,
  receiptsRoot: hash,
  stateRoot: hash,
  gasUsed: count,
  gasLimit: count,
  baseFeePerGas: amount,
  randomness: hash,
}

const summary: Record<string, JsonSchema> = {
  ...header,
  round: count,
  epoch: count,
  transactionCount: nullable(count),
  decisionMs: nullable(number),
  ownCommit: nullable(flag),
  signedPower: millionths,
}

const chainSchemas: SchemaTable = {
  BlockSummary: object(summary),
  Block: object({ ...summary, transactions: list(ref('Transaction')) }),
  Payload: { type: 'object', properties: { type: text }, required: ['type'], additionalProperties: true },
  Receipt: object({ code: text, data: freeObject, gasUsed: count, feePaid: amount }),
  Inclusion: object({
    transaction: text,
    receipt: text,
    index: count,
    count,
    transactionSiblings: list(hash),
    receiptSiblings: list(hash),
  }),
  Transaction: object(
    {
      hash,
      sender: address,
      nonce: count,
      gasLimit: count,
      maxFeePerGas: amount,
      maxPriorityFeePerGas: amount,
      validUntilHeight: count,
      payload: ref('Payload'),
      status: { type: 'string', enum: ['pending', 'succeeded', 'failed', 'dropped'] },
      height: nullable(count),
      index: nullable(count),
      timestampMs: nullable(timeMs),
      receipt: nullable(ref('Receipt')),
      bytes: count,
      inclusion: ref('Inclusion'),
    },
    ['inclusion'],
  ),
  Account: object({
    address,
    balance: amount,
    nonce: count,
    stake: amount,
    unbonding: nullable(list(object({ amount, releasedAtMs: timeMs }))),
    isValidator: flag,
    height: count,
    history: nullable(list(ref('Transaction'))),
  }),
  Proof: object({
    height: count,
    blockId: hash,
    stateRoot: hash,
    key: hash,
    value: nullable(text),
    leaf: nullable(object({ key: hash, valueHash: hash })),
    siblings: list(hash),
  }),
  Certificate: object(
    {
      height: count,
      round: count,
      blockId: hash,
      validatorsHash: hash,
      scheme: count,
      signers: list(object({ address, name: text, power: number, signature: text })),
      missing: list(object({ address, name: text, power: number })),
      signedPower: millionths,
      canonical: object({ header: text, certificate: text, validators: text }),
    },
    ['canonical'],
  ),
  FeeEstimate: object({
    gas: count,
    baseFeePerGas: amount,
    slow: amount,
    standard: amount,
    fast: amount,
    fee: amount,
    nonce: count,
    validUntilHeight: count,
  }),
  Pool: object({ count, bytes: count, oldestMs: nullable(number), transactions: list(ref('Transaction')) }),
}

const validatorSchemas: SchemaTable = {
  Heartbeat: object({
    height: count,
    mark: { type: 'string', enum: ['signed', 'proposed', 'late', 'missed', 'not-member'] },
  }),
  Validator: object({
    address,
    name: text,
    validatorKey: text,
    state: {
      type: 'string',
      enum: ['none', 'registered', 'entering', 'active', 'pausing', 'paused', 'leaving', 'left'],
    },
    jailed: flag,
    stake: amount,
    commission: millionths,
    power: millionths,
    performance: number,
    heartbeat: list(ref('Heartbeat')),
    registeredAtHeight: count,
    activeFromHeight: nullable(count),
  }),
  ValidatorList: object({
    epoch: count,
    firstHeight: count,
    lastHeight: count,
    validators: list(ref('Validator')),
    next: list(
      object({
        address,
        name: text,
        power: millionths,
        change: { type: 'string', enum: ['stays', 'enters', 'leaves'] },
      }),
    ),
    nakamoto: count,
  }),
  Vote: object({
    validator: address,
    name: text,
    power: millionths,
    prePrepareMs: nullable(number),
    prepareMs: nullable(number),
    commitMs: nullable(number),
    roundChangeMs: nullable(number),
    otherBlock: nullable(hash),
    rejected: nullable(text),
    heartbeat: list(ref('Heartbeat')),
    self: flag,
    silentSinceHeight: nullable(count),
  }),
  Consensus: object({
    height: count,
    round: count,
    live: flag,
    startedAtMs: timeMs,
    nowMs: timeMs,
    proposer: address,
    proposerName: text,
    timer: nullable(object({ startedAtMs: timeMs, timeoutMs: number })),
    blockId: nullable(hash),
    transactionCount: nullable(count),
    preparedMs: nullable(number),
    committedMs: nullable(number),
    preparePower: millionths,
    commitPower: millionths,
    quorumPower: millionths,
    votes: list(ref('Vote')),
    rounds: list(ref('Round')),
    evidence: count,
  }),
  RoundFailure: object({
    cause: {
      type: 'string',
      enum: ['no-proposal', 'invalid', 'dropped', 'not-prepared', 'not-committed', 'jumped-over'],
    },
    code: nullable(text),
    leftBy: text,
  }),
  Round: object({
    round: count,
    startedAtMs: timeMs,
    proposer: address,
    proposerName: text,
    blockId: nullable(hash),
    outcome: { type: 'string', enum: ['running', 'decided', 'failed'] },
    failure: nullable(ref('RoundFailure')),
    asked: list(object({ validator: address, name: text, power: millionths, afterMs: nullable(number) })),
    askedPower: millionths,
  }),
  RoundMessage: object({
    type: { type: 'string', enum: ['pre-prepare', 'prepare', 'commit', 'round-change', 'reject'] },
    round: count,
    validator: address,
    name: text,
    afterMs: number,
    fields: freeObject,
    bytes: text,
  }),
  Rounds: object(
    {
      oldestHeight: count,
      newestHeight: count,
      log: list(
        object({
          atMs: timeMs,
          height: count,
          round: count,
          kind: text,
          reason: nullable(text),
          validator: nullable(address),
          failure: nullable(ref('RoundFailure')),
          askedPower: nullable(millionths),
          recovered: nullable(
            object({ round: count, afterMs: number, proposer: address, proposerName: text }),
          ),
        }),
      ),
      consensus: nullable(ref('Consensus')),
      messages: list(ref('RoundMessage')),
    },
    ['messages'],
  ),
  Evidence: object({
    id: hash,
    offence: { type: 'string', enum: ['double-sign', 'amnesia'] },
    validator: address,
    height: count,
    atMs: timeMs,
    source: { type: 'string', enum: ['messages', 'gossip'] },
    first: text,
    second: text,
    statements: list(ref('Statement')),
    bytes: text,
  }),
  Statement: object({
    type: { type: 'string', enum: ['pre-prepare', 'prepare', 'commit', 'round-change'] },
    round: count,
    blockId: nullable(hash),
    prepared: nullable(object({ round: count, blockId: hash })),
    signature: text,
  }),
}

const networkSchemas: SchemaTable = {
  Stall: {
    type: 'object',
    description: 'Why the chain does not move',
    properties: { code: text },
    required: ['code'],
    additionalProperties: true,
  },
  Silence: {
    type: 'object',
    description: 'Why a validator’s node signs nothing',
    properties: { code: text },
    required: ['code'],
    additionalProperties: true,
  },
  Sync: object({
    phase: { type: 'string', enum: ['headers', 'snapshot', 'blocks'] },
    done: count,
    total: count,
    reused: millionths,
    height: nullable(count),
    bytes: count,
    sources: list(object({ peer: text, bytes: count, outstandingBytes: count })),
    waitingFor: nullable({ type: 'string', enum: ['peers', 'source'] }),
    damage: nullable(
      object({
        lost: { type: 'string', enum: ['block', 'page', 'state'] },
        badPages: count,
        goodPages: count,
      }),
    ),
  }),
  NodeStatus: object({
    chainId: text,
    genesisHash: hash,
    version: text,
    mode: { type: 'string', enum: ['validator', 'full', 'light', 'observer'] },
    peerId: text,
    startedAtMs: timeMs,
    head: nullable(object({ height: count, blockId: hash, timestampMs: timeMs })),
    phase: { type: 'string', enum: ['starting', 'connecting', 'syncing', 'running', 'halted'] },
    bestSeenHeight: count,
    sync: nullable(ref('Sync')),
    account: nullable(address),
    validator: nullable(
      object({
        address,
        state: text,
        onWatchSinceMs: nullable(timeMs),
        signing: flag,
        silentBecause: nullable(ref('Silence')),
      }),
    ),
    peers: object({ direct: count, relayed: count }),
    relays: list(object({ address: text, connected: flag })),
    stall: nullable(ref('Stall')),
    clockOffsetMs: nullable(number),
    storage: object({
      usedBytes: nullable(number),
      quotaBytes: nullable(number),
      persistent: nullable(flag),
      trouble: nullable(
        object({ code: { type: 'string', enum: ['storage-full', 'storage-lost'] }, sinceMs: timeMs }),
      ),
    }),
    transport: object({
      channels: { type: 'string', enum: ['transferred', 'bridged', 'native'] },
      verifyWorkers: count,
    }),
    haltedBecause: nullable(text),
  }),
  LogLine: object({ atMs: timeMs, level: text, area: text, message: text }),
  Peer: object({
    peer: text,
    address: text,
    transport: text,
    direction: { type: 'string', enum: ['inbound', 'outbound'] },
    relayed: flag,
    role: text,
    validator: nullable(address),
    name: nullable(text),
    headHeight: nullable(count),
    roundTripMs: nullable(number),
    roundTripHistory: list(number),
    score: number,
    bytesIn: number,
    bytesOut: number,
    connectedAtMs: timeMs,
    lastSeenMs: timeMs,
    rejectedMessages: count,
  }),
  Topology: object({
    self: text,
    nodes: list(object({ peer: text, name: nullable(text), role: text, hop: count })),
    links: list(
      object({ from: text, to: text, kind: { type: 'string', enum: ['direct', 'relayed', 'heard'] } }),
    ),
  }),
  Health: object({ healthy: count, down: count, medianRoundTripMs: nullable(number), rejected: freeObject }),
  Partition: object({
    state: { type: 'string', enum: ['healthy', 'partitioned', 'recovering', 'isolated'] },
    heardPower: millionths,
    sinceMs: timeMs,
  }),
  Fees: object({
    baseFeePerGas: amount,
    slow: amount,
    standard: amount,
    fast: amount,
    recent: list(object({ height: count, baseFeePerGas: amount, gasUsed: count, gasLimit: count })),
  }),
  Stats: object({
    windowMs: number,
    finalityP50Ms: nullable(number),
    finalityP95Ms: nullable(number),
    blockIntervalMs: nullable(number),
    transactionsPerSecond: number,
    transactions: count,
    blocks: count,
    supply: object({
      total: amount,
      genesis: amount,
      minted: amount,
      faucet: amount,
      burned: amount,
      bonded: amount,
      rewardPool: amount,
    }),
  }),
}

export const SCHEMAS: SchemaTable = {
  Hash: { type: 'string', pattern: '^0x[0-9a-f]{64}$', description: '32 bytes as lower-case hex with 0x' },
  Address: { type: 'string', pattern: '^ait1[02-9ac-hj-np-z]{38}$', description: 'an address, ait1…' },
  Amount: {
    type: 'string',
    pattern: '^(0|[1-9][0-9]{0,19})$',
    description: 'a decimal string of base units; 1 AIT = 1,000,000,000',
  },
  ...chainSchemas,
  ...validatorSchemas,
  ...networkSchemas,
}
