/** NodeApi of a made-up network that moves in time. Everything follows from the height and the clock. */
import type {
  NodeApi,
  NodeMethod,
  NodeMethods,
  NodeTopic,
  NodeTopics,
  ProofView,
} from '../../node-core/node/node-api.ts'
import type { BootEvent, Connection } from '../../web/store/connection.ts'
import {
  accountAt,
  certificateAt,
  FEES,
  type Moment,
  peersAt,
  pendingAt,
  statusAt,
  topologyAt,
  transactionsAt,
  validatorAt,
  validatorsAt,
} from './answers.ts'
import { blockAt, type Chain, consensusAt, INTERVAL_MS, startedAt } from './heights.ts'
import { chance, FIRST_HEIGHT, hexOf, hundred, nine, peerOf } from './people.ts'
import { alertsAt, economyAnswers } from './sample-economy.ts'
import type { SampleOptions } from './sample-options.ts'
import { evidenceAt, roundsAnswer } from './sample-rounds.ts'
import { createSampleWallet } from './sample-wallet.ts'

/** The moment of the first height that the designer drew. */
const DRAWN_AT_MS = 262
const STALLED_FOR_MS = 41_000
const TICK_MS = 100
const BOOT_HEAD = 34_210

type Answers = { readonly [M in NodeMethod]: (params: NodeMethods[M]['params']) => NodeMethods[M]['result'] }
type Listeners = { readonly [T in NodeTopic]: Set<(event: NodeTopics[T]) => void> }

export function createSample(options: SampleOptions): Connection {
  const chain = chainOf(options)
  const openedMs = Date.now()
  const now = () => (options.frozen ? openedMs : Date.now())
  const moment = (): Moment => ({ chain, options, head: headAt(chain, options, now()), nowMs: now() })
  const listeners: Listeners = {
    heads: new Set(),
    transactions: new Set(),
    consensus: new Set(),
    peers: new Set(),
    alerts: new Set(),
    status: new Set(),
  }
  const answers = answersOf(moment)
  const node: NodeApi = {
    async call(method, params) {
      if (options.state === 'error' && method !== 'node_status') throw { code: 'timeout', data: { method } }
      return answers[method](params)
    },
    subscribe(topic, listener) {
      listeners[topic].add(listener)
      return () => listeners[topic].delete(listener)
    },
  }
  run(moment, listeners)
  return {
    node,
    wallet: createSampleWallet(options),
    role: options.state === 'view' ? 'view' : 'leader',
    progress: (listener) => boot(options, listener),
  }
}

function chainOf({ state }: SampleOptions): Chain {
  const silent = state === 'stalled' ? ['Lodestone', 'Kestrel', 'Skerry', 'Bodø'] : ['Bodø']
  const members = state === 'many' ? hundred() : state === 'empty' ? [] : nine(silent)
  const back = state === 'stalled' || state === 'offline' ? STALLED_FOR_MS : DRAWN_AT_MS
  return { members, originMs: Date.now() - back }
}

/** Height of the newest block at a moment. */
function headAt(chain: Chain, { state }: SampleOptions, nowMs: number): number {
  if (state === 'empty') return 0
  if (state === 'stalled' || state === 'offline') return FIRST_HEIGHT - 1
  if (state === 'boot') return BOOT_HEAD
  return FIRST_HEIGHT - 1 + Math.floor((nowMs - chain.originMs) / INTERVAL_MS)
}

function formingAt({ chain, options, head, nowMs }: Moment) {
  const elapsed = nowMs - startedAt(chain, head + 1)
  if (options.state !== 'stalled') return consensusAt(chain, head + 1, elapsed)
  const round = 3
  const inRound = elapsed % 32_000
  const view = consensusAt(chain, head + 1, inRound, round)
  return {
    ...view,
    startedAtMs: nowMs - inRound,
    nowMs,
    timer: { startedAtMs: nowMs - inRound, timeoutMs: 32_000 },
  }
}

function run(moment: () => Moment, listeners: Listeners): void {
  let told = moment().head
  let ticks = 0
  setInterval(() => {
    const { chain, options } = moment()
    if (options.frozen || options.state === 'empty' || options.state === 'error') return
    const at = moment()
    if (options.state !== 'offline' && options.state !== 'boot') emit(listeners.consensus, formingAt(at))
    for (; told < at.head; told++) {
      emit(listeners.heads, blockAt(chain, told + 1))
      for (const transaction of transactionsAt(told + 1, chain).slice(0, 8))
        emit(listeners.transactions, transaction)
      emit(listeners.status, statusAt(at))
    }
    if (++ticks % 20 === 0) emit(listeners.peers, peersAt(at))
  }, TICK_MS)
  // What is on its way when the page opens.
  setTimeout(() => {
    const at = moment()
    if (at.options.state === 'empty' || at.options.state === 'error' || at.head === 0) return
    for (const transaction of [...transactionsAt(at.head, at.chain).slice(0, 4), ...pendingAt(at, 2)])
      emit(listeners.transactions, transaction)
  }, TICK_MS)
}

function emit<E>(listeners: ReadonlySet<(event: E) => void>, event: E): void {
  for (const listener of listeners) listener(event)
}

function boot({ state }: SampleOptions, listener: (event: BootEvent) => void): () => void {
  const steps: readonly BootEvent[] = [
    { step: 'browser', state: 'done' },
    { step: 'node', state: 'done' },
    { step: 'relay', state: 'done' },
    { step: 'peers', state: 'done' },
    state === 'boot'
      ? { step: 'head', state: 'working', detail: { verified: BOOT_HEAD, of: FIRST_HEIGHT - 1 } }
      : { step: 'head', state: 'done' },
  ]
  for (const event of steps) listener(event)
  return () => {}
}

function notFound(): never {
  throw { code: 'not-found', data: {} }
}

function answersOf(moment: () => Moment): Answers {
  return {
    node_status: () => statusAt(moment()),
    node_config: () => ({
      environment: 'staging',
      relays: ['one', 'two'].map((name) => `/dns4/relay-${name}.example/tcp/443/wss/p2p/${peerOf(name)}`),
      budgets: {
        cpuShare: 0.5,
        memoryBytes: 512_000_000,
        diskBytes: 1_000_000_000,
        bytesPerDay: 2_000_000_000,
      },
    }),
    node_logs: ({ limit = 100 }) => logs(moment(), limit),
    chain_head: () => (moment().head === 0 ? notFound() : blockAt(moment().chain, moment().head)),
    chain_block: ({ height, blockId }) => {
      const { chain, head } = moment()
      const wanted = height ?? findBlock(head, blockId ?? '')
      if (wanted === null || wanted < 1 || wanted > head) return notFound()
      const transactions = transactionsAt(wanted, chain)
      return { ...blockAt(chain, wanted), transactionCount: transactions.length, transactions }
    },
    chain_blocks: ({ limit = 50, before }) => {
      const { chain, head } = moment()
      const first = Math.min(head, (before ?? head + 1) - 1)
      return Array.from({ length: Math.max(0, Math.min(limit, first)) }, (_, index) =>
        blockAt(chain, first - index),
      )
    },
    chain_transaction: ({ hash }) => {
      const { chain, head } = moment()
      for (let height = head; height > Math.max(0, head - 40); height--)
        for (const transaction of transactionsAt(height, chain))
          if (transaction.hash === hash) return transaction
      return pendingAt(moment(), 8).find((transaction) => transaction.hash === hash) ?? notFound()
    },
    chain_account: ({ address }) => accountAt(moment(), address),
    chain_proof: ({ address }) => proof(moment(), address),
    chain_certificate: ({ height }) =>
      height < 1 || height > moment().head ? notFound() : certificateAt(moment().chain, height),
    chain_parameters: () => ({
      minimumStake: '1000000000000',
      unbondingBlocks: 1800,
      epochBlocks: 120,
      maximumCommission: 200_000,
      gasLimit: 10_000_000,
    }),
    tx_submit: () => ({ hash: hexOf(32, 'submitted', moment().nowMs) }),
    tx_estimate: () => ({
      ...FEES,
      gas: 21_000,
      fee: '2478000',
      nonce: 12,
      validUntilHeight: moment().head + 100,
    }),
    tx_pool: ({ limit = 100 }) => {
      const count = moment().head === 0 ? 0 : 37
      return {
        count,
        bytes: count * 214,
        oldestMs: count === 0 ? null : 1200,
        transactions: pendingAt(moment(), Math.min(limit, count)),
      }
    },
    consensus_state: () =>
      ['empty', 'boot'].includes(moment().options.state) ? notFound() : formingAt(moment()),
    consensus_rounds: (params) => roundsAnswer(moment(), params),
    validator_list: () => validatorsAt(moment()),
    validator_get: ({ address }) => {
      const member = moment().chain.members.find((candidate) => candidate.address === address)
      return member === undefined ? notFound() : validatorAt(moment(), member)
    },
    network_peers: () => peersAt(moment()),
    network_topology: () => topologyAt(moment()),
    network_health: () => ({
      healthy: peersAt(moment()).length,
      down: 1,
      medianRoundTripMs: 71,
      rejected: { 'bad-signature': 2, 'too-old': 10 },
    }),
    network_partition: () => ({
      state: moment().options.state === 'offline' ? 'isolated' : 'healthy',
      heardPower: 937_000,
      sinceMs: moment().nowMs - 600_000,
    }),
    ...economyAnswers(moment),
    alert_list: () => ({ evidence: evidenceAt(moment()), alerts: alertsAt(moment()) }),
    faucet_drip: () => ({ hash: hexOf(32, 'drip', moment().nowMs) }),
  }
}

function findBlock(head: number, blockId: string): number | null {
  for (let height = head; height > Math.max(0, head - 500); height--)
    if (hexOf(32, 'block', height) === blockId) return height
  return null
}

function proof({ head }: Moment, address: string): ProofView {
  return {
    height: head,
    blockId: hexOf(32, 'block', head),
    stateRoot: hexOf(32, 'state', head),
    key: hexOf(32, 'state key', address),
    value: '0x00',
    leaf: null,
    siblings: Array.from({ length: 18 }, (_, index) => hexOf(32, 'sibling', address, index)),
  }
}

function logs({ nowMs, head }: Moment, limit: number) {
  const lines = [
    'peer connected over webrtc',
    'proposal accepted',
    'block decided',
    'snapshot written',
    'relay reservation renewed',
  ]
  const areas = ['mesh', 'consensus', 'consensus', 'storage', 'mesh']
  return Array.from({ length: Math.min(limit, 60) }, (_, index) => {
    const line = Math.floor(chance('log', head, index) * lines.length)
    return {
      atMs: nowMs - index * 800,
      level: index % 17 === 9 ? 'warn' : 'info',
      area: areas[line]!,
      message: lines[line]!,
    }
  })
}
