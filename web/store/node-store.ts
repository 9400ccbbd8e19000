/**
 * What the page knows of its node, fed by subscriptions. Knows no React. Events are gathered and flushed at most 10 times a
 * second; while paused they are gathered too, so that going on is one step and loses nothing.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  AlertView,
  ApiError,
  BlockSummary,
  ConsensusView,
  EvidenceView,
  NodeApi,
  NodeStatus,
  PeerView,
  TransactionView,
} from '../../node-core/node/node-api.ts'
import { addSamples, mergeBlocks, type Sample, type TimeRange } from './derive.ts'
import { asApiError } from './query.ts'

export const FLUSH_EVERY_MS = 100
export const BLOCKS_KEPT = 200
const TRANSACTIONS_KEPT = 200
const EVIDENCE_KEPT = 100
const ALERTS_KEPT = 100
/** Ages on the page move once a second. */
const CLOCK_EVERY_MS = 1000
/** What could not be read at first is asked for again. */
const READ_AGAIN_MS = 3000

export interface NodeState {
  readonly status: NodeStatus | null
  /** Oldest first, one a height, at most 200. */
  readonly blocks: readonly BlockSummary[]
  /** The height being decided. */
  readonly consensus: ConsensusView | null
  /** This page's clock when `consensus` arrived, epoch ms. */
  readonly consensusAtMs: number
  readonly peers: readonly PeerView[] | null
  /** Newest first, one a hash, at most 200. */
  readonly transactions: readonly TransactionView[]
  /** Newest first. */
  readonly evidence: readonly EvidenceView[]
  /** Newest first, one an id: what came since the page was opened. */
  readonly alerts: readonly AlertView[]
  /** What this tab lived through, oldest first, for at most 24 hours. */
  readonly samples: readonly Sample[]
  readonly paused: boolean
  /** Blocks that arrived since the pause. */
  readonly behindBlocks: number
  readonly range: TimeRange
  /** This page's clock, moving once a second (also while paused), epoch ms. */
  readonly nowMs: number
  /** Code of the error when the node did not even tell its status. */
  readonly failed: string | null
  /** Why the past blocks could not be read, while there are none. */
  readonly blocksError: ApiError | null
}

export interface NodeStore extends StoreApi<NodeState> {
  pause(): void
  resume(): void
  setRange(range: TimeRange): void
  /** Subscribes and reads what came before. Returns the way to stop. */
  start(node: NodeApi): () => void
  /** Reads the past again, after an error. */
  read(node: NodeApi): void
}

/** Timers and clock of the page; tests give their own. */
export interface StoreClock {
  now(): number
  /** Calls back after so many ms; returns the way to cancel. */
  after(ms: number, then: () => void): () => void
}

const pageClock: StoreClock = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms)
    return () => clearTimeout(timer)
  },
}

/** What arrived since the last flush. */
interface Gathered {
  status?: NodeStatus
  consensus?: { readonly view: ConsensusView; readonly atMs: number }
  peers?: readonly PeerView[]
  readonly blocks: BlockSummary[]
  readonly transactions: TransactionView[]
  readonly evidence: EvidenceView[]
  readonly alerts: AlertView[]
}

export function createNodeStore(clock: StoreClock = pageClock): NodeStore {
  const store = createStore<NodeState>(() => initialState(clock.now()))
  let gathered = nothing()
  let cancelFlush: (() => void) | null = null

  const flush = () => {
    cancelFlush = null
    if (store.getState().paused) return store.setState((state) => countBehind(state, gathered))
    const events = gathered
    gathered = nothing()
    store.setState((state) => absorb(state, events, clock.now()))
  }
  const gather = (add: (into: Gathered) => void) => {
    add(gathered)
    cancelFlush ??= clock.after(FLUSH_EVERY_MS, flush)
  }

  const read = (node: NodeApi) => readPast(node, store, gather, clock)
  const start = (node: NodeApi) => {
    const again = () => {
      const { status, blocksError } = store.getState()
      if (status === null || blocksError !== null) read(node)
    }
    const stops = [
      subscribeAll(node, gather, clock),
      every(clock, CLOCK_EVERY_MS, () => store.setState({ nowMs: clock.now() })),
      every(clock, READ_AGAIN_MS, again),
    ]
    read(node)
    return () => {
      for (const stop of stops) stop()
      cancelFlush?.()
      cancelFlush = null
    }
  }

  return Object.assign(store, {
    start,
    read,
    pause: () => store.setState({ paused: true }),
    resume: () => {
      store.setState({ paused: false })
      flush()
    },
    setRange: (range: TimeRange) => store.setState({ range }),
  })
}

type Gather = (add: (into: Gathered) => void) => void

function subscribeAll(node: NodeApi, gather: Gather, clock: StoreClock): () => void {
  const stops = [
    node.subscribe('status', (status) =>
      gather((into) => {
        into.status = status
      }),
    ),
    node.subscribe('peers', (peers) =>
      gather((into) => {
        into.peers = peers
      }),
    ),
    node.subscribe('consensus', (view) =>
      gather((into) => {
        into.consensus = { view, atMs: clock.now() }
      }),
    ),
    node.subscribe('heads', (block) => gather((into) => keepNewest(into.blocks, block, BLOCKS_KEPT))),
    node.subscribe('transactions', (transaction) =>
      gather((into) => keepNewest(into.transactions, transaction, TRANSACTIONS_KEPT)),
    ),
    node.subscribe('alerts', (event) => {
      if ('evidence' in event) gather((into) => keepNewest(into.evidence, event.evidence, EVIDENCE_KEPT))
      else gather((into) => keepNewest(into.alerts, event.alert, ALERTS_KEPT))
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/** Refusals of a node that is on its way; not worth a word of alarm. */
const STARTING: ReadonlySet<string> = new Set(['not-started', 'not-ready', 'no-leader', 'not-connected'])

/** First values, for what no event has told yet. Only a node that cannot even tell its status counts as failed. */
function readPast(node: NodeApi, store: StoreApi<NodeState>, gather: Gather, clock: StoreClock): void {
  const ignore = () => {}
  node.call('node_status', {}).then(
    (status) =>
      gather((into) => {
        if (store.getState().status === null) into.status ??= status
      }),
    (reason) => {
      const { code } = asApiError(reason)
      store.setState({ failed: STARTING.has(code) ? null : code })
    },
  )
  node.call('chain_blocks', { limit: BLOCKS_KEPT }).then(
    (blocks) =>
      gather((into) => {
        into.blocks.push(...blocks)
      }),
    (reason) => {
      const error = asApiError(reason)
      store.setState({
        blocksError: STARTING.has(error.code) || error.code === 'no-block-yet' ? null : error,
      })
    },
  )
  node.call('consensus_state', {}).then(
    (view) =>
      gather((into) => {
        if (store.getState().consensus === null) into.consensus ??= { view, atMs: clock.now() }
      }),
    ignore,
  )
  node.call('network_peers', {}).then(
    (peers) =>
      gather((into) => {
        if (store.getState().peers === null) into.peers ??= peers
      }),
    ignore,
  )
  node.call('alert_list', {}).then(
    (alerts) =>
      gather((into) => {
        into.evidence.push(...alerts.evidence)
      }),
    ignore,
  )
}

function every(clock: StoreClock, ms: number, then: () => void): () => void {
  let cancel = () => {}
  const next = () => {
    cancel = clock.after(ms, () => {
      then()
      next()
    })
  }
  next()
  return () => cancel()
}

function nothing(): Gathered {
  return { blocks: [], transactions: [], evidence: [], alerts: [] }
}

/** Status passes through a pause, so that the status bar stays true. */
function countBehind(state: NodeState, gathered: Gathered): Partial<NodeState> {
  const shown = state.blocks.at(-1)?.height ?? 0
  const newest = gathered.blocks.reduce((height, block) => Math.max(height, block.height), shown)
  return { behindBlocks: newest - shown, status: gathered.status ?? state.status }
}

function absorb(state: NodeState, events: Gathered, nowMs: number): Partial<NodeState> {
  const blocks =
    events.blocks.length === 0 ? state.blocks : mergeBlocks(state.blocks, events.blocks, BLOCKS_KEPT)
  return {
    status: events.status ?? state.status,
    // The height that a light node decided is nothing that an observer sees go on.
    consensus: events.status?.mode === 'observer' ? null : (events.consensus?.view ?? state.consensus),
    consensusAtMs: events.consensus?.atMs ?? state.consensusAtMs,
    peers: events.peers ?? state.peers,
    blocks,
    samples: blocks === state.blocks ? state.samples : addSamples(state.samples, blocks, nowMs),
    transactions: mergeNewestFirst(
      state.transactions,
      events.transactions,
      transactionKey,
      TRANSACTIONS_KEPT,
    ),
    evidence: mergeNewestFirst(state.evidence, events.evidence, evidenceKey, EVIDENCE_KEPT),
    alerts: mergeNewestFirst(state.alerts, events.alerts, (alert) => alert.id, ALERTS_KEPT),
    behindBlocks: 0,
    failed: events.status ? null : state.failed,
    blocksError: events.blocks.length > 0 ? null : state.blocksError,
  }
}

function keepNewest<T>(list: T[], item: T, limit: number): void {
  list.push(item)
  if (list.length > limit) list.shift()
}

function transactionKey(transaction: TransactionView): string {
  return transaction.hash
}

function evidenceKey(evidence: EvidenceView): string {
  return `${evidence.validator} ${evidence.height} ${evidence.offence}`
}

/** Arrivals are oldest first; the last word on a key replaces the earlier ones, in its place. */
function mergeNewestFirst<T>(
  held: readonly T[],
  arrivals: readonly T[],
  keyOf: (item: T) => string,
  limit: number,
): readonly T[] {
  if (arrivals.length === 0) return held
  const byKey = new Map(held.map((item) => [keyOf(item), item]))
  const fresh: T[] = []
  for (const item of arrivals) {
    if (!byKey.has(keyOf(item))) fresh.unshift(item)
    byKey.set(keyOf(item), item)
  }
  return [...fresh, ...held].slice(0, limit).map((item) => byKey.get(keyOf(item))!)
}

function initialState(nowMs: number): NodeState {
  return {
    status: null,
    blocks: [],
    consensus: null,
    consensusAtMs: nowMs,
    peers: null,
    transactions: [],
    evidence: [],
    alerts: [],
    samples: [],
    paused: false,
    behindBlocks: 0,
    range: '5min',
    nowMs,
    failed: null,
    blocksError: null,
  }
}
