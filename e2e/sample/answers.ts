/** What the sample node says of transactions, accounts, validators and the mesh. */
import type {
  AccountView,
  CertificateView,
  NodeStatus,
  PeerView,
  TopologyView,
  TransactionView,
  ValidatorListView,
  ValidatorView,
} from '../../node-core/node/node-api.ts'
import { blockAt, type Chain, consensusAt, heartbeat, startedAt, transactionsIn } from './heights.ts'
import { addressOf, chance, FIRST_HEIGHT, hexOf, type Member, peerOf, SELF_ADDRESS } from './people.ts'
import type { SampleOptions } from './sample-options.ts'

const AIT = 1_000_000_000n
const STAKE_AIT = 96_400n
const FEE_PER_GAS = '108'

export interface Moment {
  readonly chain: Chain
  readonly options: SampleOptions
  /** Height of the newest block; 0: none. */
  readonly head: number
  readonly nowMs: number
}

export function statusAt({ chain, options, head, nowMs }: Moment): NodeStatus {
  const { state, newcomer } = options
  const silent = chain.members.filter((member) => member.silentSince !== null)
  const heard = 1_000_000 - silent.reduce((sum, member) => sum + member.power, 0)
  const alone = state === 'offline'
  const block = head === 0 ? null : blockAt(chain, head)
  const stall =
    state === 'stalled'
      ? ({
          code: 'no-quorum',
          heardPower: heard,
          silent: silent.map((member) => member.address),
          sinceMs: startedAt(chain, head + 1),
        } as const)
      : alone
        ? ({ code: 'no-peers' } as const)
        : state === 'boot'
          ? ({ code: 'catching-up', remainingBlocks: FIRST_HEIGHT - 1 - head } as const)
          : null
  return {
    chainId: 'staging',
    genesisHash: hexOf(32, 'genesis'),
    version: '0.1.0',
    mode: newcomer ? 'light' : 'validator',
    peerId: peerOf('Nightjar'),
    startedAtMs: nowMs - 22_320_000,
    head: block === null ? null : { height: head, blockId: block.blockId, timestampMs: block.timestampMs },
    phase: alone ? 'connecting' : state === 'boot' ? 'syncing' : 'running',
    bestSeenHeight: state === 'empty' ? 0 : FIRST_HEIGHT - 1,
    sync: null,
    account: newcomer ? null : SELF_ADDRESS,
    validator:
      newcomer || state === 'empty'
        ? null
        : {
            address: SELF_ADDRESS,
            state: 'active',
            onWatchSinceMs: nowMs - 22_320_000,
            signing: !alone,
            silentBecause: null,
          },
    peers: alone
      ? { direct: 0, relayed: 0 }
      : state === 'empty'
        ? { direct: 1, relayed: 1 }
        : state === 'boot'
          ? { direct: 3, relayed: 4 }
          : { direct: 9, relayed: 14 },
    relays: [{ address: '/ip4/127.0.0.1/tcp/4174/ws', connected: !alone }],
    stall,
    clockOffsetMs: alone ? null : 18,
    storage: { usedBytes: 84_000_000, quotaBytes: 2_100_000_000, persistent: true, trouble: null },
    transport: { channels: 'transferred', verifyWorkers: 1 },
    haltedBecause: null,
  }
}

export function transactionAt(height: number, index: number, chain: Chain): TransactionView {
  const seed = `${height}/${index}`
  const own = index === 0 && height % 7 === 3
  const from = own ? SELF_ADDRESS : addressOf(`person ${Math.floor(chance('from', seed) * 40)}`)
  const to = addressOf(`person ${Math.floor(chance('to', seed) * 40)}`)
  const luck = chance('kind', seed)
  const failed = chance('failed', seed) < 0.03
  const amount = String(BigInt(Math.floor(chance('amount', seed) * 90_000) + 5) * (AIT / 100n))
  const payload =
    luck < 0.86
      ? { type: 'transfer', to, amount }
      : luck < 0.96
        ? { type: 'faucet.drip' }
        : luck < 0.98
          ? { type: 'stake.delegate', validator: addressOf('Tern'), amount }
          : { type: 'stake.claimRewards', validator: addressOf('Kestrel') }
  return {
    hash: hexOf(32, 'transaction', seed),
    sender: from,
    nonce: Math.floor(chance('nonce', seed) * 400),
    gasLimit: 30_000,
    maxFeePerGas: '200',
    maxPriorityFeePerGas: '10',
    validUntilHeight: height + 100,
    payload,
    status: failed ? 'failed' : 'succeeded',
    height,
    index,
    timestampMs: startedAt(chain, height) + 500,
    receipt: { code: failed ? 'insufficient-balance' : 'ok', data: {}, gasUsed: 21_000, feePaid: '2478000' },
    bytes: 214,
  }
}

export function transactionsAt(height: number, chain: Chain): readonly TransactionView[] {
  return Array.from({ length: transactionsIn(height) }, (_, index) => transactionAt(height, index, chain))
}

export function pendingAt({ chain, head }: Moment, count: number): readonly TransactionView[] {
  return Array.from({ length: count }, (_, index) => ({
    ...transactionAt(head + 5, index, chain),
    status: 'pending' as const,
    height: null,
    index: null,
    timestampMs: null,
    receipt: null,
  }))
}

export function accountAt(moment: Moment, address: string): AccountView {
  const member = moment.chain.members.find((candidate) => candidate.address === address)
  const history = Array.from({ length: 12 }, (_, index) => ({
    ...transactionAt(moment.head - 3 - index * 7, 0, moment.chain),
    sender: address,
  }))
  return {
    address,
    balance:
      address === SELF_ADDRESS
        ? '1204500000000'
        : String(BigInt(Math.floor(chance('balance', address) * 5_000_00)) * (AIT / 100n)),
    nonce: Math.floor(chance('nonce', address) * 90),
    stake: member === undefined ? '0' : stakeOf(member),
    unbonding:
      address === SELF_ADDRESS
        ? [{ position: 17, amount: '500000000000', releasedAtMs: moment.nowMs + 1_440_000 }]
        : [],
    multisig:
      address === addressOf('several')
        ? { threshold: 2, members: [SELF_ADDRESS, addressOf('person 1'), addressOf('Tern')] }
        : null,
    isValidator: member !== undefined,
    height: moment.head,
    history: moment.head === 0 ? [] : history,
  }
}

function stakeOf(member: Member): string {
  return ((BigInt(member.power) * STAKE_AIT * AIT) / 1_000_000n).toString()
}

export function validatorAt({ chain, head }: Moment, member: Member): ValidatorView {
  const beats = heartbeat(chain, member, head + 1)
  const signed = beats.filter((beat) => beat.mark !== 'missed').length
  return {
    address: member.address,
    name: member.name,
    validatorKey: hexOf(32, 'key', member.name),
    state: 'active',
    jail: null,
    tombstoned: false,
    admitted: true,
    stake: stakeOf(member),
    selfStake: String((BigInt(stakeOf(member)) * 3n) / 5n),
    delegators: 1 + Math.floor(chance('delegators', member.name) * 20),
    commission: Math.round(20_000 + chance('commission', member.name) * 60_000),
    announced: null,
    uptime: beats.length === 0 ? null : Math.floor((signed * 1_000_000) / beats.length),
    annualRate: Math.round(38_000 + chance('rate', member.name) * 12_000),
    offences: { unavailable: 0, slow: 0 },
    slashes: [],
    power: member.power,
    performance: Math.round(940_000 + (signed / 50) * 58_000),
    heartbeat: beats,
    registeredAtHeight: 1,
    rotatedAtMs: null,
    activeFromHeight: 1,
  }
}

export function validatorsAt(moment: Moment): ValidatorListView {
  const { chain, head } = moment
  const sorted = [...chain.members].sort((a, b) => b.power - a.power)
  const held = sorted.map((_, index) =>
    sorted.slice(0, index + 1).reduce((sum, member) => sum + member.power, 0),
  )
  const nakamoto = held.findIndex((power) => power > 333_333) + 1
  const epoch = Math.floor(head / 120)
  return {
    epoch,
    firstHeight: epoch * 120,
    lastHeight: epoch * 120 + 119,
    validators: chain.members.map((member) => validatorAt(moment, member)),
    next: chain.members.map((member) => ({
      address: member.address,
      name: member.name,
      power: member.power,
      change: 'stays' as const,
    })),
    nakamoto,
  }
}

export function certificateAt(chain: Chain, height: number): CertificateView {
  const view = consensusAt(chain, height, Number.POSITIVE_INFINITY)
  const voted = view.votes.filter((vote) => vote.commitMs !== null)
  return {
    height,
    round: view.round,
    blockId: hexOf(32, 'block', height),
    validatorsHash: hexOf(32, 'validators', Math.floor(height / 120)),
    scheme: 1,
    signers: voted.map((vote) => ({
      address: vote.validator,
      name: vote.name,
      power: vote.power,
      signature: hexOf(64, 'signature', height, vote.name),
    })),
    missing: view.votes
      .filter((vote) => vote.commitMs === null)
      .map((vote) => ({ address: vote.validator, name: vote.name, power: vote.power })),
    signedPower: view.commitPower,
  }
}

const OTHERS = [
  'full',
  'full',
  'light',
  'light',
  'observer',
  'light',
  'light',
  'full',
  'observer',
  'light',
  'light',
  'observer',
  'light',
  'full',
  'relay',
] as const

export function peersAt({ chain, options, nowMs, head }: Moment): readonly PeerView[] {
  if (options.state === 'offline') return []
  const members = chain.members.filter((member) => !member.self)
  const known = members.map((member, index) => peer(member.name, 'validator', index, member, nowMs, head))
  const rest = OTHERS.map((role, index) => peer(`peer ${index}`, role, index + 8, null, nowMs, head))
  const all = [...known, ...rest]
  return options.state === 'empty' ? all.slice(-2) : all
}

/** As many as the status says. */
const DIRECT: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 8, 9, 10, 22])

function peer(
  name: string,
  role: PeerView['role'],
  index: number,
  member: Member | null,
  nowMs: number,
  head: number,
): PeerView {
  const silent = member?.silentSince != null
  const relayed = !DIRECT.has(index)
  const base = relayed ? 110 + chance('rtt', name) * 100 : 28 + chance('rtt', name) * 70
  return {
    peer: peerOf(name),
    address: relayed
      ? `/ip4/10.0.0.${index + 2}/tcp/4174/ws/p2p-circuit`
      : `/ip4/10.0.0.${index + 2}/udp/9${100 + index}/webrtc-direct`,
    transport: relayed ? 'websocket' : 'webrtc',
    direction: index % 2 === 0 ? 'outbound' : 'inbound',
    relayed,
    role,
    validator: member?.address ?? null,
    name: member?.name ?? null,
    headHeight: silent ? member!.silentSince : head,
    roundTripMs: silent ? null : Math.round(base),
    roundTripHistory: Array.from({ length: 30 }, (_, i) =>
      Math.round(base * (0.85 + chance('history', name, i) * 0.4)),
    ),
    score: silent
      ? 0.22
      : member?.slow
        ? 0.71
        : (member ? 0.95 : 0.8) + chance('score', name) * (member ? 0.03 : 0.14),
    bytesIn: Math.round(chance('in', name) * 9_000_000 + (nowMs % 1_000_000) * 40),
    bytesOut: Math.round(chance('out', name) * 4_000_000 + (nowMs % 1_000_000) * 20),
    connectedAtMs: nowMs - 3_600_000 - index * 60_000,
    lastSeenMs: nowMs - (silent ? 46_000 : Math.round(chance('seen', name) * 4000)),
    rejectedMessages: silent ? 12 : 0,
  }
}

export function topologyAt(moment: Moment): TopologyView {
  const peers = peersAt(moment)
  const self = peerOf('Nightjar')
  const relay = peers.find((candidate) => candidate.role === 'relay')
  const heard = Array.from({ length: 12 }, (_, index) => peerOf(`heard ${index}`))
  return {
    self,
    nodes: [
      { peer: self, name: 'Nightjar', role: 'validator', hop: 0 },
      ...peers.map((one) => ({
        peer: one.peer,
        name: one.name,
        role: one.role,
        hop: one.relayed ? (2 as const) : (1 as const),
      })),
      ...(peers.length > 2
        ? heard.map((one) => ({ peer: one, name: null, role: 'unknown', hop: 3 as const }))
        : []),
    ],
    links: [
      ...peers.map((one) => ({
        from: one.relayed && relay !== undefined ? relay.peer : self,
        to: one.peer,
        kind: one.relayed ? ('relayed' as const) : ('direct' as const),
      })),
      ...(peers.length > 2
        ? heard.map((one, index) => ({
            from: peers[index % peers.length]!.peer,
            to: one,
            kind: 'heard' as const,
          }))
        : []),
    ],
  }
}

export const FEES = { baseFeePerGas: FEE_PER_GAS, slow: '1', standard: '10', fast: '40' } as const
