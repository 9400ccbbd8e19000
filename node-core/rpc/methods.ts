/**
 * The methods that the RPC serves: one table from which requests are checked and dispatched and the OpenRPC document is
 * written. `satisfies` makes it complete: a method added to NodeMethods without an entry does not compile.
 */
import type { NodeMethod, NodeTopic } from '../node/node-api.ts'
import { MAX_LIST_ENTRIES, MAX_TRANSACTION_CHARACTERS } from './constants.ts'
import type { JsonSchema } from './json-schema.ts'
import { list, object, ref } from './schema-words.ts'

export interface MethodParam {
  readonly name: string
  readonly required: boolean
  readonly schema: JsonSchema
}

export interface MethodSpec {
  readonly summary: string
  readonly params: readonly MethodParam[]
  readonly result: JsonSchema
}

/** Topics of subscribe. `status` is for pages alone; it is not served here. */
export const TOPICS = [
  'heads',
  'transactions',
  'consensus',
  'peers',
  'alerts',
] as const satisfies readonly NodeTopic[]
export type RpcTopic = (typeof TOPICS)[number]

const required = (name: string, schema: JsonSchema): MethodParam => ({ name, required: true, schema })
const optional = (name: string, schema: JsonSchema): MethodParam => ({ name, required: false, schema })

const hash = ref('Hash')
const address = ref('Address')
const height: JsonSchema = {
  type: 'integer',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'a height, from 1',
}
const limit = optional('limit', { type: 'integer', minimum: 1, maximum: MAX_LIST_ENTRIES })
const signedTransaction: JsonSchema = {
  type: 'string',
  pattern: '^0x([0-9a-f]{2})+$',
  maxLength: MAX_TRANSACTION_CHARACTERS,
  description: 'canonical bytes of a signed transaction as lower-case hex with 0x',
}
const freeObject: JsonSchema = { type: 'object', additionalProperties: true }
const submitted = object({ hash })

export const METHODS = {
  node_status: {
    summary: 'What this node is, how far it is, and why it does not move when it does not',
    params: [],
    result: ref('NodeStatus'),
  },
  node_config: { summary: 'The configuration in force, without secrets', params: [], result: freeObject },
  node_logs: {
    summary: 'The newest log lines, oldest first',
    params: [
      limit,
      optional('level', { type: 'string', enum: ['debug', 'info', 'warn', 'error'] }),
      optional('area', { type: 'string', maxLength: 64 }),
    ],
    result: list(ref('LogLine')),
  },
  chain_head: { summary: 'The newest decided block', params: [], result: ref('BlockSummary') },
  chain_block: {
    summary: 'A block with its transactions, by height or by block id',
    params: [optional('height', height), optional('blockId', hash)],
    result: ref('Block'),
  },
  chain_blocks: {
    summary: 'Blocks, newest first, below the height `before`',
    params: [limit, optional('before', height)],
    result: list(ref('BlockSummary')),
  },
  chain_transaction: {
    summary: 'A transaction and its receipt; with `inclusion`, the proof that both are in their block',
    params: [required('hash', hash), optional('inclusion', { type: 'boolean' })],
    result: ref('Transaction'),
  },
  chain_account: {
    summary: 'Balance, nonce, stake and newest transactions of an account',
    params: [
      required('address', address),
      optional('historyLimit', { type: 'integer', minimum: 0, maximum: MAX_LIST_ENTRIES }),
    ],
    result: ref('Account'),
  },
  chain_proof: {
    summary: 'Merkle proof of an account, or of a validator record, against the state root of the head',
    params: [
      required('address', address),
      optional('record', { type: 'string', enum: ['account', 'validator'] }),
    ],
    result: ref('Proof'),
  },
  chain_certificate: {
    summary:
      'Who signed the block of a height; with `canonical`, the header, certificate and set that a light client verifies',
    params: [required('height', height), optional('canonical', { type: 'boolean' })],
    result: ref('Certificate'),
  },
  chain_parameters: { summary: 'The parameters of the chain', params: [], result: freeObject },
  tx_submit: {
    summary: 'Submit a signed transaction; the answer comes once it is in the pool',
    params: [required('transaction', signedTransaction)],
    result: submitted,
  },
  tx_estimate: {
    summary: 'Gas, fees, nonce and last height for a payload of a sender',
    params: [required('sender', address), required('payload', ref('Payload'))],
    result: ref('FeeEstimate'),
  },
  tx_pool: { summary: 'Transactions that wait', params: [limit], result: ref('Pool') },
  consensus_state: {
    summary: 'The height being decided: rounds, votes, timer',
    params: [],
    result: ref('Consensus'),
  },
  consensus_rounds: {
    summary:
      'What happened in the last rounds; with a height, its votes too, of the round asked for; with `messages`, what was signed',
    params: [
      optional('height', height),
      optional('round', { type: 'integer', minimum: 0, maximum: 0xffff_ffff, description: 'of that height' }),
      optional('messages', { type: 'boolean' }),
      limit,
    ],
    result: ref('Rounds'),
  },
  validator_list: {
    summary: 'The validators of this epoch and what changes in the next',
    params: [],
    result: ref('ValidatorList'),
  },
  validator_get: {
    summary: 'One validator',
    params: [required('address', address)],
    result: ref('Validator'),
  },
  network_peers: {
    summary: 'Peers with transport, round trip and score',
    params: [],
    result: list(ref('Peer')),
  },
  network_topology: { summary: 'The mesh as this node knows it', params: [], result: ref('Topology') },
  network_health: {
    summary: 'Healthy and lost peers, and what was rejected, by reason',
    params: [],
    result: ref('Health'),
  },
  network_partition: {
    summary: 'Whether this node hears enough voting power',
    params: [],
    result: ref('Partition'),
  },
  stake_positions: {
    summary: 'What an address has at validators, what is on its way back and what came back',
    params: [required('address', address)],
    result: ref('StakePositions'),
  },
  stake_rewards: {
    summary:
      'Rewards that an address can claim, and what it had earned by the end of each of the last epochs',
    params: [required('address', address)],
    result: ref('StakeRewards'),
  },
  economy_fees: {
    summary: 'Fees now, their forecast with its hit rate, waits, and what waits in the pool',
    params: [],
    result: ref('Fees'),
  },
  economy_gas: {
    summary: 'Gas by operation over the newest blocks, and what batches would have saved',
    params: [optional('blocks', { type: 'integer', minimum: 1, maximum: 1_000 })],
    result: ref('GasReport'),
  },
  economy_stats: {
    summary: 'Finality and throughput over a window; supply and concentration now',
    params: [
      optional('windowMs', {
        type: 'integer',
        minimum: 1_000,
        maximum: 7 * 24 * 3_600_000,
        description: 'ms',
      }),
    ],
    result: ref('Stats'),
  },
  economy_history: {
    summary: 'Supply, stake, rewards and concentration at the ends of the last epochs, oldest first',
    params: [limit],
    result: ref('EconomyHistory'),
  },
  economy_attacks: {
    summary: 'What each detector of attacks measures now, and how concentrated the power is',
    params: [],
    result: ref('Attacks'),
  },
  alert_list: {
    summary: 'Evidence that this node knows, and what somebody should look at, newest first',
    params: [],
    result: object({ evidence: list(ref('Evidence')), alerts: list(ref('Alert')) }),
  },
  multisig_list: {
    summary: 'Accounts of several that an address is a member of',
    params: [required('member', address)],
    result: list(ref('Multisig')),
  },
  multisig_get: {
    summary: 'An account of several with its open proposals',
    params: [required('account', address)],
    result: ref('Multisig'),
  },
  faucet_drip: {
    summary: 'Submit a signed faucet drip; any other payload is refused',
    params: [required('transaction', signedTransaction)],
    result: submitted,
  },
} satisfies Record<NodeMethod, MethodSpec>

const topic = required('topic', { type: 'string', enum: TOPICS })

/** Served on the WebSocket alone: they need a connection that lasts. */
export const SOCKET_METHODS: Readonly<Record<'subscribe' | 'unsubscribe', MethodSpec>> = {
  subscribe: {
    summary:
      'WebSocket only: from now on `event` notifications {topic, event} arrive, at most 10 times a second',
    params: [topic],
    result: object({ topic: { type: 'string', enum: TOPICS } }),
  },
  unsubscribe: {
    summary: 'WebSocket only: ends a subscription',
    params: [topic],
    result: object({ topic: { type: 'string', enum: TOPICS } }),
  },
}

/** The parameters of a method as one schema: an object without unknown names. */
export function paramsSchema(spec: MethodSpec): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(spec.params.map((param) => [param.name, param.schema])),
    required: spec.params.filter((param) => param.required).map((param) => param.name),
    additionalProperties: false,
  }
}

export function isNodeMethod(name: string): name is NodeMethod {
  return Object.hasOwn(METHODS, name)
}
