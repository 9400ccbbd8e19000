/** Examples of the methods about money. */
import type { NodeMethods } from '../node/node-api.ts'
import { ALICE, NOW_MS, TERN } from './example-words.ts'

type EconomyMethod = Extract<
  keyof NodeMethods,
  `stake_${string}` | `economy_${string}` | `multisig_${string}`
>

export const FEES = { baseFeePerGas: '10', slow: '0', standard: '1', fast: '3' }

const SEVERAL = `ait1${'z'.repeat(38)}`

const concentration: NodeMethods['economy_stats']['result']['concentration'] = {
  nakamoto: 2,
  nakamotoOfEntities: 2,
  gini: 0,
  largestShare: 200_000,
  entities: [{ validators: [TERN], share: 200_000, because: 'alone' }],
}

const multisig: NodeMethods['multisig_get']['result'] = {
  account: SEVERAL,
  threshold: 2,
  members: [TERN, ALICE],
  balance: '50000000000',
  proposals: [
    {
      proposal: 0,
      proposer: ALICE,
      payload: { type: 'transfer', to: TERN, amount: '1000000000' },
      approvals: [ALICE],
      expiresAtHeight: 142,
      state: 'waiting',
    },
  ],
}

export const ECONOMY_EXAMPLES: {
  readonly [M in EconomyMethod]: {
    readonly params: NodeMethods[M]['params']
    readonly result: NodeMethods[M]['result']
  }
} = {
  stake_positions: {
    params: { address: ALICE },
    result: {
      address: ALICE,
      height: 42,
      positions: [
        {
          kind: 'delegation',
          position: null,
          state: 'active',
          validator: TERN,
          validatorName: 'Tern',
          from: null,
          amount: '95000000000',
          principal: '100000000000',
          lost: '5000000000',
          compounding: false,
          rewards: '12000000',
          releasedAtMs: null,
          blocksLeft: null,
        },
        {
          kind: 'unbonding',
          position: 3,
          state: 'unstaking',
          validator: TERN,
          validatorName: 'Tern',
          from: null,
          amount: '2000000000',
          principal: '2000000000',
          lost: '0',
          compounding: false,
          rewards: '0',
          releasedAtMs: NOW_MS + 60_000,
          blocksLeft: 30,
        },
      ],
      totals: { active: '95000000000', unstaking: '2000000000', withdrawable: '0', rewards: '12000000' },
    },
  },
  stake_rewards: {
    params: { address: ALICE },
    result: {
      address: ALICE,
      height: 42,
      claimable: [{ validator: TERN, validatorName: 'Tern', amount: '12000000', commission: '0' }],
      history: [{ epoch: 3, atMs: NOW_MS - 4_000, earned: '12000000', stake: '95000000000' }],
      annualRate: 47_500,
    },
  },
  economy_fees: {
    params: {},
    result: {
      ...FEES,
      waits: { slow: 2, standard: 1, fast: 1 },
      forecast: [
        { height: 43, low: '10', expected: '10', high: '10' },
        { height: 44, low: '9', expected: '10', high: '11' },
      ],
      hitRate: { forecast: 975_000, forecasts: 160, waits: 1_000_000, sent: 4 },
      poolByTip: [{ tip: '1', transactions: 3, gas: 63_000 }],
      recent: [{ height: 42, baseFeePerGas: '10', gasUsed: 21_000, gasLimit: 30_000_000 }],
    },
  },
  economy_gas: {
    params: { blocks: 1_000 },
    result: {
      fromHeight: 1,
      toHeight: 42,
      operations: [{ type: 'transfer', count: 120, failed: 1, gas: 2_520_000, fees: '27720000' }],
      batching: { transactions: 8, gasSaved: 105_000, feesSaved: '1155000' },
    },
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
        unbonding: '2000000000',
        rewardPool: '0',
        rewards: '12000000',
      },
      concentration,
    },
  },
  economy_history: {
    params: { limit: 1 },
    result: {
      epochs: [
        {
          epoch: 3,
          height: 40,
          atMs: NOW_MS - 4_000,
          supply: '7000000000000',
          bonded: '5000000000000',
          minted: '24000000',
          burned: '630000',
          rewards: '12000000',
          baseFeePerGas: '10',
          nakamoto: 2,
          gini: 0,
        },
      ],
    },
  },
  economy_attacks: {
    params: {},
    result: {
      height: 42,
      detectors: [
        {
          type: 'stake-grinding',
          threat: 'medium',
          windowMs: 3_600_000,
          value: 12,
          threshold: 10,
          unit: 'count',
          evidence: [{ label: 'stake operations', value: '12' }],
          heights: [38, 41],
          suspects: [ALICE],
          response: 'cool-down',
        },
      ],
      concentration,
      distribution: {
        effectiveEntities: 5_000_000,
        rewards: { epoch: 3, gini: 14_000, largestShare: 204_000 },
        baseFeeBlocks: 20,
        baseFeeSpread: 31_000,
      },
    },
  },
  multisig_list: { params: { member: ALICE }, result: [multisig] },
  multisig_get: { params: { account: SEVERAL }, result: multisig },
}
