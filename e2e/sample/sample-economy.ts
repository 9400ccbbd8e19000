/** What the sample node says of money: stake, rewards, fees, gas, supply, attacks, accounts of several. */
import type {
  AlertView,
  ConcentrationView,
  DetectorView,
  MultisigView,
  NodeMethods,
  StakePositionView,
} from '../../node-core/node/node-api.ts'
import { FEES, type Moment } from './answers.ts'
import { addressOf, chance, SELF_ADDRESS } from './people.ts'

const AIT = 1_000_000_000n
const EPOCH_BLOCKS = 120
const BLOCK_MS = 2_000
const GAS_LIMIT = 10_000_000
const HOUR_MS = 3_600_000

type EconomyMethod = Extract<
  keyof NodeMethods,
  `stake_${string}` | `economy_${string}` | `multisig_${string}`
>
type EconomyAnswers = {
  readonly [M in EconomyMethod]: (params: NodeMethods[M]['params']) => NodeMethods[M]['result']
}

export function economyAnswers(moment: () => Moment): EconomyAnswers {
  return {
    stake_positions: ({ address }) => positionsAt(moment(), address),
    stake_rewards: ({ address }) => rewardsAt(moment(), address),
    economy_fees: () => feesAt(moment()),
    economy_gas: () => gasAt(moment()),
    economy_stats: ({ windowMs = 300_000 }) => statsAt(moment(), windowMs),
    economy_history: () => ({ epochs: epochsAt(moment()) }),
    economy_attacks: () => attacksAt(moment()),
    multisig_list: ({ member }) => (member === SELF_ADDRESS ? multisigsAt(moment()) : []),
    multisig_get: ({ account }) => {
      const found = multisigsAt(moment()).find((one) => one.account === account)
      if (found === undefined) throw { code: 'not-found', data: {} }
      return found
    },
  }
}

function ait(amount: number): string {
  return String((BigInt(Math.round(amount * 1_000)) * AIT) / 1_000n)
}

function positionsAt(
  { chain, head, nowMs }: Moment,
  address: string,
): NodeMethods['stake_positions']['result'] {
  const [first, second] = chain.members
  if (address !== SELF_ADDRESS || !first || !second)
    return {
      address,
      height: head,
      positions: [],
      totals: { active: '0', unstaking: '0', withdrawable: '0', rewards: '0' },
    }
  const base: StakePositionView = {
    kind: 'delegation',
    position: null,
    state: 'active',
    validator: first.address,
    validatorName: first.name,
    from: null,
    amount: ait(1_200),
    principal: ait(1_200),
    lost: '0',
    compounding: false,
    rewards: ait(3.4),
    releasedAtMs: null,
    blocksLeft: null,
  }
  const back = { ...base, kind: 'unbonding' as const, state: 'unstaking' as const, rewards: '0' }
  return {
    address,
    height: head,
    positions: [
      base,
      {
        ...base,
        validator: second.address,
        validatorName: second.name,
        amount: ait(812.5),
        principal: ait(800),
        compounding: true,
        rewards: '0',
      },
      {
        ...base,
        kind: 'redelegation',
        from: first.address,
        validator: second.address,
        validatorName: second.name,
        amount: ait(300),
        principal: ait(300),
        rewards: '0',
        releasedAtMs: nowMs + 2_400_000,
        blocksLeft: 1_200,
      },
      {
        ...back,
        position: 17,
        amount: ait(475),
        principal: ait(500),
        lost: ait(25),
        releasedAtMs: nowMs + 1_440_000,
        blocksLeft: 720,
      },
      {
        ...back,
        position: 11,
        amount: ait(60),
        principal: ait(60),
        releasedAtMs: nowMs - 90_000,
        blocksLeft: 0,
      },
      { ...back, position: 21, amount: ait(20), principal: ait(20) },
      { ...back, position: 4, state: 'withdrawn', amount: ait(150), principal: ait(150), releasedAtMs: 0 },
      {
        ...back,
        position: 2,
        state: 'slashed',
        amount: '0',
        principal: ait(80),
        lost: ait(80),
        releasedAtMs: 0,
      },
    ],
    totals: { active: ait(2_012.5), unstaking: ait(555), withdrawable: ait(60), rewards: ait(3.4) },
  }
}

/** Ends of epochs, oldest first. */
function endsAt({ head, nowMs }: Moment): readonly { epoch: number; height: number; atMs: number }[] {
  const count = Math.min(60, Math.floor(head / EPOCH_BLOCKS))
  return Array.from({ length: count }, (_, index) => {
    const epoch = Math.floor(head / EPOCH_BLOCKS) - count + index
    const height = (epoch + 1) * EPOCH_BLOCKS
    return { epoch, height, atMs: nowMs - (head - height) * BLOCK_MS }
  })
}

/** Of the first validator and the own one, or of all where they are many. */
function claimableAt({ chain, options }: Moment): NodeMethods['stake_rewards']['result']['claimable'] {
  const paying = chain.members.filter(
    (member, index) => index === 0 || member.self || options.state === 'many',
  )
  return paying.map(({ address, name, self }) => ({
    validator: address,
    validatorName: name,
    amount: self ? '0' : ait(3.4),
    commission: self ? ait(1.1) : '0',
  }))
}

function rewardsAt(moment: Moment, address: string): NodeMethods['stake_rewards']['result'] {
  const { members } = moment.chain
  const own = address === SELF_ADDRESS && members.length > 0
  return {
    address,
    height: moment.head,
    claimable: own ? claimableAt(moment) : [],
    history: own
      ? endsAt(moment).map(({ epoch, atMs }, index) => ({
          epoch,
          atMs,
          earned: ait(8 + index * 0.3 + chance('earned', epoch) * 0.2),
          stake: ait(2_000 + index * 0.2),
        }))
      : [],
    annualRate: own ? 46_200 : null,
  }
}

function feesAt({ head }: Moment): NodeMethods['economy_fees']['result'] {
  const base = BigInt(FEES.baseFeePerGas)
  return {
    ...FEES,
    waits: { slow: 4, standard: 1, fast: 1 },
    forecast: Array.from({ length: 5 }, (_, index) => ({
      height: head + 1 + index,
      low: String(base - BigInt(index * 3)),
      expected: String(base - BigInt(index)),
      high: String(base + BigInt(index * 4)),
    })),
    hitRate: { forecast: 941_000, forecasts: 1_000, waits: 966_000, sent: 30 },
    poolByTip: [
      { tip: '40', transactions: 4, gas: 84_000 },
      { tip: '10', transactions: 21, gas: 519_000 },
      { tip: '1', transactions: 12, gas: 252_000 },
    ],
    recent: Array.from({ length: Math.min(20, head) }, (_, index) => {
      const height = head - Math.min(20, head) + 1 + index
      const gasUsed = Math.round(chance('gas used', height) * GAS_LIMIT * 0.6)
      return { height, baseFeePerGas: FEES.baseFeePerGas, gasUsed, gasLimit: GAS_LIMIT }
    }),
  }
}

function gasAt({ head }: Moment): NodeMethods['economy_gas']['result'] {
  const operation = (type: string, count: number, failed: number, gasOfOne: number) => {
    const gas = count * gasOfOne
    return { type, count, failed, gas, fees: String(gas * 118) }
  }
  return {
    fromHeight: Math.max(1, head - 999),
    toHeight: head,
    operations: [
      operation('transfer', 13_204, 61, 21_000),
      operation('stake.delegate', 1_840, 22, 60_000),
      operation('batch', 212, 3, 141_000),
      operation('faucet.drip', 604, 0, 21_000),
      operation('multisig.approve', 118, 4, 31_500),
    ],
    batching: { transactions: 3_120, gasSaved: 31_800_000, feesSaved: '3752400000' },
  }
}

function concentrationAt({ chain }: Moment): ConcentrationView {
  const sorted = [...chain.members].sort((a, b) => b.power - a.power)
  const [first, second, ...others] = sorted
  if (!first || !second) return { nakamoto: 0, nakamotoOfEntities: 0, gini: 0, largestShare: 0, entities: [] }
  const together = first.power + second.power
  return {
    nakamoto: 3,
    nakamotoOfEntities: 2,
    gini: 238_000,
    largestShare: first.power,
    entities: [
      { validators: [first.address, second.address], share: together, because: 'funder' },
      ...others.map((member) => ({
        validators: [member.address],
        share: member.power,
        because: 'alone' as const,
      })),
    ],
  }
}

function statsAt(moment: Moment, windowMs: number): NodeMethods['economy_stats']['result'] {
  return {
    windowMs,
    finalityP50Ms: 412,
    finalityP95Ms: 580,
    blockIntervalMs: 2000,
    transactionsPerSecond: 18.6,
    transactions: 1114,
    blocks: 149,
    supply: {
      total: '10000000000000000',
      genesis: '9900000000000000',
      minted: '120000000000000',
      faucet: '4000000000000',
      burned: '24000000000000',
      bonded: '96400000000000',
      unbonding: '1200000000000',
      rewardPool: '800000000000000',
      rewards: '300000000000',
    },
    concentration: concentrationAt(moment),
  }
}

function epochsAt(moment: Moment): NodeMethods['economy_history']['result']['epochs'] {
  return endsAt(moment).map(({ epoch, height, atMs }, index) => ({
    epoch,
    height,
    atMs,
    supply: ait(9_999_000 + index * 18),
    bonded: ait(94_000 + index * 40 + chance('bonded', epoch) * 60),
    minted: ait(118_800 + index * 20),
    burned: ait(23_900 + index * 2),
    rewards: ait(20 + chance('rewards', epoch) * 4),
    baseFeePerGas: String(96 + Math.round(chance('base fee', epoch) * 24)),
    nakamoto: 3,
    gini: 238_000 + Math.round(chance('gini', epoch) * 4_000),
  }))
}

const QUIET: Pick<DetectorView, 'threat' | 'evidence' | 'heights' | 'suspects'> = {
  threat: null,
  evidence: [],
  heights: [],
  suspects: [],
}

function attacksAt(moment: Moment): NodeMethods['economy_attacks']['result'] {
  const ground = addressOf('person 4')
  return {
    height: moment.head,
    detectors: [
      {
        ...QUIET,
        type: 'sybil',
        windowMs: 24 * HOUR_MS,
        value: 61_000,
        threshold: 100_000,
        unit: 'millionths',
        response: 'narrower-entry',
      },
      {
        type: 'stake-grinding',
        threat: 'medium',
        windowMs: HOUR_MS,
        value: 12,
        threshold: 10,
        unit: 'count',
        evidence: [{ label: 'stake operations', value: '12' }],
        heights: [moment.head - 40, moment.head - 12],
        suspects: [ground],
        response: 'cool-down',
      },
      {
        ...QUIET,
        type: 'stake-concentration',
        windowMs: 0,
        value: 3,
        threshold: 3,
        unit: 'count',
        response: 'none',
      },
    ],
    concentration: concentrationAt(moment),
    distribution: {
      effectiveEntities: 5_420_000,
      rewards: epochsAt(moment).length === 0 ? null : { epoch: 401, gini: 221_000, largestShare: 183_000 },
      baseFeeBlocks: Math.min(20, moment.head),
      baseFeeSpread: moment.head === 0 ? null : 31_000,
    },
  }
}

export function alertsAt({ options, head, nowMs }: Moment): readonly AlertView[] {
  if (options.state === 'empty' || head === 0) return []
  return [
    {
      id: 'stake-grinding',
      atMs: nowMs - 84_000,
      kind: 'stake-grinding',
      level: 'medium',
      data: { operations: '12', account: addressOf('person 4') },
      active: true,
    },
  ]
}

/** Accounts of several that this tab is a member of: one with work for it, one at rest. */
function multisigsAt({ head }: Moment): readonly MultisigView[] {
  const members = [SELF_ADDRESS, addressOf('person 1'), addressOf('Tern')]
  const [self, first, tern] = members as [string, string, string]
  const pay = { type: 'transfer', to: addressOf('person 9'), amount: ait(40) }
  const proposal = { proposer: first, payload: pay, expiresAtHeight: head + 400 }
  return [
    {
      account: addressOf('several'),
      threshold: 2,
      members,
      balance: ait(640),
      proposals: [
        { ...proposal, proposal: 3, approvals: [first], state: 'waiting' },
        {
          ...proposal,
          proposal: 4,
          proposer: self,
          payload: { type: 'stake.delegate', validator: tern, amount: ait(250) },
          approvals: [self, tern],
          state: 'ready',
        },
        { ...proposal, proposal: 1, approvals: [first], expiresAtHeight: head - 20, state: 'expired' },
      ],
    },
    { account: addressOf('club'), threshold: 3, members, balance: ait(12.5), proposals: [] },
  ]
}
