/** Blocks, votes and heights for tests of the store and its words. */
import type { BlockSummary, ConsensusView, NodeStatus, VoteView } from '../../node-core/node/node-api.ts'

export function block(height: number, part: Partial<BlockSummary> = {}): BlockSummary {
  const hash = `0x${height.toString(16).padStart(64, '0')}`
  return {
    height,
    blockId: hash,
    parentId: hash,
    timestampMs: height * 1000,
    proposer: 'a',
    proposerName: 'Tern',
    validatorsHash: hash,
    nextValidatorsHash: hash,
    transactionsRoot: hash,
    receiptsRoot: hash,
    stateRoot: hash,
    gasUsed: 0,
    gasLimit: 1,
    baseFeePerGas: '100',
    randomness: hash,
    round: 0,
    epoch: 0,
    transactionCount: 10,
    decisionMs: 400,
    ownCommit: true,
    signedPower: 900_000,
    ...part,
  }
}

export function vote(name: string, power: number, part: Partial<VoteView> = {}): VoteView {
  return {
    validator: name,
    name,
    power,
    prePrepareMs: null,
    prepareMs: null,
    commitMs: null,
    roundChangeMs: null,
    otherBlock: null,
    rejected: null,
    heartbeat: [],
    self: false,
    silentSinceHeight: null,
    ...part,
  }
}

export function view(part: Partial<ConsensusView> = {}): ConsensusView {
  return {
    height: 48_218,
    round: 0,
    live: true,
    startedAtMs: 0,
    nowMs: 262,
    proposer: 'Kestrel',
    proposerName: 'Kestrel',
    timer: { startedAtMs: 0, timeoutMs: 4000 },
    blockId: '0x01',
    transactionCount: 41,
    preparedMs: null,
    committedMs: null,
    preparePower: 0,
    commitPower: 0,
    quorumPower: 666_667,
    votes: [],
    rounds: [],
    evidence: 0,
    ...part,
  }
}

export function status(part: Partial<NodeStatus> = {}): NodeStatus {
  return {
    chainId: 'test',
    genesisHash: '0x00',
    version: '0.1.0',
    mode: 'light',
    peerId: '12D3KooWtest',
    startedAtMs: 0,
    head: { height: 7, blockId: '0x07', timestampMs: 7000 },
    phase: 'running',
    bestSeenHeight: 7,
    sync: null,
    account: null,
    validator: null,
    peers: { direct: 3, relayed: 4 },
    relays: [],
    stall: null,
    clockOffsetMs: 5,
    storage: { usedBytes: null, quotaBytes: null, persistent: null, trouble: null },
    transport: { channels: 'native', verifyWorkers: 0 },
    haltedBecause: null,
    ...part,
  }
}
