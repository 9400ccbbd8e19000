/** One example per method, typed as NodeApi answers and checked against the schemas by a test. Shown in the OpenRPC document. */
import type {
  BlockSummary,
  ConsensusView,
  NodeMethod,
  NodeMethods,
  TransactionView,
  ValidatorView,
} from '../node/node-api.ts'

const hash = (digit: string) => `0x${digit.repeat(64)}`
const ALICE = `ait1${'q'.repeat(38)}`
const TERN = `ait1${'p'.repeat(38)}`
const NOW_MS = 1_790_000_000_000

const head: BlockSummary = {
  height: 42,
  blockId: hash('a'),
  parentId: hash('9'),
  timestampMs: NOW_MS,
  proposer: TERN,
  proposerName: 'Tern',
  validatorsHash: hash('1'),
  nextValidatorsHash: hash('1'),
  transactionsRoot: hash('2'),
  receiptsRoot: hash('3'),
  stateRoot: hash('4'),
  gasUsed: 21_000,
  gasLimit: 30_000_000,
  baseFeePerGas: '10',
  randomness: hash('5'),
  round: 0,
  epoch: 4,
  transactionCount: 1,
  decisionMs: 61,
  ownCommit: true,
  signedPower: 1_000_000,
}

const transfer: TransactionView = {
  hash: hash('b'),
  sender: ALICE,
  nonce: 0,
  gasLimit: 21_000,
  maxFeePerGas: '21',
  maxPriorityFeePerGas: '1',
  validUntilHeight: 142,
  payload: { type: 'transfer', to: TERN, amount: '1000000000' },
  status: 'succeeded',
  height: 42,
  index: 0,
  timestampMs: NOW_MS,
  receipt: { code: 'ok', data: {}, gasUsed: 21_000, feePaid: '231000' },
  bytes: 214,
}

const validator: ValidatorView = {
  address: TERN,
  name: 'Tern',
  validatorKey: hash('6'),
  state: 'active',
  jailed: false,
  stake: '1000000000000',
  commission: 50_000,
  power: 200_000,
  performance: 1_000_000,
  heartbeat: [{ height: 42, mark: 'proposed' }],
  registeredAtHeight: 0,
  activeFromHeight: 1,
}

const consensus: ConsensusView = {
  height: 43,
  round: 0,
  live: true,
  startedAtMs: NOW_MS,
  nowMs: NOW_MS + 40,
  proposer: TERN,
  proposerName: 'Tern',
  timer: { startedAtMs: NOW_MS, timeoutMs: 2_000 },
  blockId: hash('c'),
  transactionCount: 3,
  preparedMs: 31,
  committedMs: null,
  preparePower: 800_000,
  commitPower: 200_000,
  quorumPower: 666_667,
  votes: [
    {
      validator: TERN,
      name: 'Tern',
      power: 200_000,
      prePrepareMs: 4,
      prepareMs: 12,
      commitMs: 33,
      roundChangeMs: null,
      otherBlock: null,
      rejected: null,
      heartbeat: [{ height: 42, mark: 'signed' }],
      self: false,
      silentSinceHeight: null,
    },
  ],
  rounds: [
    {
      round: 0,
      startedAtMs: NOW_MS,
      proposer: TERN,
      proposerName: 'Tern',
      blockId: hash('c'),
      outcome: 'running',
      failure: null,
      asked: [],
      askedPower: 0,
    },
  ],
  evidence: 0,
}

const FEES = { baseFeePerGas: '10', slow: '0', standard: '1', fast: '3' }

export const EXAMPLES: {
  readonly [M in NodeMethod]: {
    readonly params: NodeMethods[M]['params']
    readonly result: NodeMethods[M]['result']
  }
} = {
  node_status: {
    params: {},
    result: {
      chainId: 'aitbc-dev',
      genesisHash: hash('0'),
      version: '0.1.0',
      mode: 'validator',
      peerId: '12D3KooWExample',
      startedAtMs: NOW_MS - 60_000,
      head: { height: 42, blockId: hash('a'), timestampMs: NOW_MS },
      phase: 'running',
      bestSeenHeight: 42,
      sync: null,
      account: TERN,
      validator: {
        address: TERN,
        state: 'active',
        onWatchSinceMs: NOW_MS - 50_000,
        signing: true,
        silentBecause: null,
      },
      peers: { direct: 4, relayed: 0 },
      relays: [{ address: '/ip4/127.0.0.1/tcp/4174/ws/p2p/12D3KooWRelay', connected: true }],
      stall: null,
      clockOffsetMs: 2,
      storage: { usedBytes: 1_048_576, quotaBytes: null, persistent: true, trouble: null },
      transport: { channels: 'native', verifyWorkers: 0 },
      haltedBecause: null,
    },
  },
  node_config: { params: {}, result: { mode: 'validator', rpcPort: 4183 } },
  node_logs: {
    params: { limit: 1, level: 'info' },
    result: [{ atMs: NOW_MS, level: 'info', area: 'consensus', message: 'decided height 42 in round 0' }],
  },
  chain_head: { params: {}, result: head },
  chain_block: { params: { height: 42 }, result: { ...head, transactionCount: 1, transactions: [transfer] } },
  chain_blocks: { params: { limit: 1, before: 43 }, result: [head] },
  chain_transaction: { params: { hash: hash('b') }, result: transfer },
  chain_account: {
    params: { address: ALICE, historyLimit: 1 },
    result: {
      address: ALICE,
      balance: '1998999769000',
      nonce: 1,
      stake: '0',
      unbonding: [],
      isValidator: false,
      height: 42,
      history: [transfer],
    },
  },
  chain_proof: {
    params: { address: ALICE },
    result: {
      height: 42,
      blockId: hash('a'),
      stateRoot: hash('4'),
      key: hash('7'),
      value: '0x00',
      leaf: { key: hash('7'), valueHash: hash('8') },
      siblings: [hash('d')],
    },
  },
  chain_certificate: {
    params: { height: 42, canonical: true },
    result: {
      height: 42,
      round: 0,
      blockId: hash('a'),
      validatorsHash: hash('1'),
      scheme: 0,
      signers: [{ address: TERN, name: 'Tern', power: 200_000, signature: `0x${'e'.repeat(128)}` }],
      missing: [],
      signedPower: 1_000_000,
      canonical: { header: '0x00', certificate: '0x00', validators: '0x00' },
    },
  },
  chain_parameters: { params: {}, result: { blockTimeMs: 1_000, emptyIntervalMs: 2_000, epochBlocks: 10 } },
  tx_submit: { params: { transaction: '0x00' }, result: { hash: hash('b') } },
  tx_estimate: {
    params: { sender: ALICE, payload: { type: 'transfer', to: TERN, amount: '1000000000' } },
    result: { ...FEES, gas: 21_000, fee: '231000', nonce: 1, validUntilHeight: 142 },
  },
  tx_pool: { params: { limit: 10 }, result: { count: 0, bytes: 0, oldestMs: null, transactions: [] } },
  consensus_state: { params: {}, result: consensus },
  consensus_rounds: {
    params: { height: 43, limit: 10 },
    result: {
      oldestHeight: 1,
      newestHeight: 43,
      log: [
        {
          atMs: NOW_MS,
          height: 42,
          round: 1,
          kind: 'round-entered',
          reason: 'timeout',
          validator: TERN,
          failure: { cause: 'no-proposal', code: null, leftBy: 'timeout' },
          askedPower: 800_000,
          recovered: { round: 1, afterMs: 2_210, proposer: TERN, proposerName: 'Tern' },
        },
      ],
      consensus,
    },
  },
  validator_list: {
    params: {},
    result: {
      epoch: 4,
      firstHeight: 41,
      lastHeight: 50,
      validators: [validator],
      next: [{ address: TERN, name: 'Tern', power: 200_000, change: 'stays' }],
      nakamoto: 2,
    },
  },
  validator_get: { params: { address: TERN }, result: validator },
  network_peers: {
    params: {},
    result: [
      {
        peer: '12D3KooWPeer',
        address: '/ip4/127.0.0.1/tcp/4184/ws',
        transport: 'websocket',
        direction: 'outbound',
        relayed: false,
        role: 'validator',
        validator: TERN,
        name: 'Tern',
        headHeight: 42,
        roundTripMs: 3,
        roundTripHistory: [3, 3],
        score: 1,
        bytesIn: 1_000,
        bytesOut: 900,
        connectedAtMs: NOW_MS - 50_000,
        lastSeenMs: NOW_MS,
        rejectedMessages: 0,
      },
    ],
  },
  network_topology: {
    params: {},
    result: {
      self: '12D3KooWExample',
      nodes: [{ peer: '12D3KooWPeer', name: 'Tern', role: 'validator', hop: 1 }],
      links: [{ from: '12D3KooWExample', to: '12D3KooWPeer', kind: 'direct' }],
    },
  },
  network_health: {
    params: {},
    result: { healthy: 4, down: 0, medianRoundTripMs: 3, rejected: { 'bad-signature': 0 } },
  },
  network_partition: {
    params: {},
    result: { state: 'healthy', heardPower: 1_000_000, sinceMs: NOW_MS - 50_000 },
  },
  economy_fees: {
    params: {},
    result: { ...FEES, recent: [{ height: 42, baseFeePerGas: '10', gasUsed: 21_000, gasLimit: 30_000_000 }] },
  },
  economy_stats: {
    params: { windowMs: 600_000 },
    result: {
      windowMs: 600_000,
      finalityP50Ms: 61,
      finalityP95Ms: 140,
      blockIntervalMs: 1_960,
      transactionsPerSecond: 0.5,
      transactions: 300,
      blocks: 306,
      supply: {
        total: '7000000000000',
        genesis: '5000000000000',
        minted: '0',
        faucet: '2000000000000',
        burned: '0',
        bonded: '5000000000000',
        rewardPool: '0',
      },
    },
  },
  alert_list: {
    params: {},
    result: {
      evidence: [
        {
          id: hash('c'),
          offence: 'double-sign',
          validator: TERN,
          height: 40,
          atMs: NOW_MS,
          source: 'messages',
          first: '0x00',
          second: '0x01',
          statements: [
            { type: 'commit', round: 0, blockId: hash('d'), prepared: null, signature: '0x02' },
            { type: 'commit', round: 0, blockId: hash('e'), prepared: null, signature: '0x03' },
          ],
          bytes: '0x04',
        },
      ],
    },
  },
  faucet_drip: { params: { transaction: '0x00' }, result: { hash: hash('b') } },
}
