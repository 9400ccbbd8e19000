/** The set with some movement: who enters, who waits, and what this tab's own validator does. */
import type {
  SlashView,
  ValidatorListView,
  ValidatorState,
  ValidatorView,
} from '../../node-core/node/node-api.ts'
import type { Connection } from '../../web/store/connection.ts'
import { addressOf, hexOf, SELF_ADDRESS } from './people.ts'
import { overNode } from './sample-over.ts'

const PARAMETERS = {
  blockTimeMs: 2_000,
  epochBlocks: 120,
  minimumSelfStake: '1000000000000',
  minimumCommission: 10_000,
  maximumCommission: 100_000,
  unbondingMs: 3_600_000,
  minimumDelegation: '10000000000',
  maximumDelegators: 256,
  stakeOperationsPerWindow: 10,
  stakeWindowMs: 3_600_000,
  doubleSignSlash: 500_000,
  invalidBlockSlash: 300_000,
  unavailableSlash: 100_000,
  unavailableOffences: 3,
  slowSlash: 50_000,
  slowOffences: 5,
  reporterShare: 50_000,
  burnedFee: 500_000,
  transferGas: 21_000,
  batchSavingGas: 15_000,
  faucetIntervalBlocks: 100,
}

export interface ValidatorsSample {
  /** 'none': this tab is no validator. */
  readonly own: ValidatorState
  readonly faucet: boolean
  /** Members vote on who enters. */
  readonly admission: 'stake' | 'authority'
  /** How many reads of the parameters are refused first, as by a node that another tab took over. */
  readonly refusals: number
}

export function withValidators(
  connection: Connection,
  { own, faucet, admission, refusals }: ValidatorsSample,
): Connection {
  let left = refusals
  return overNode(connection, {
    chain_parameters: async () => {
      if (left-- > 0) throw { code: 'leader-changed', data: {} }
      return { ...PARAMETERS, admission, faucetDrip: faucet ? '100000000000' : '0' }
    },
    validator_list: async (_params, below) => {
      const list = await below.call('validator_list', {})
      return list.validators.length === 0 ? list : moved(list, own)
    },
    validator_get: async ({ address }, below) => {
      const list = moved(await below.call('validator_list', {}), own)
      const found = list.validators.find((one) => one.address === address)
      if (found === undefined) throw { code: 'not-found', data: {} }
      return found
    },
  })
}

function moved(list: ValidatorListView, own: ValidatorState): ValidatorListView {
  const members = list.validators.map((one) => ({ ...one, ...HISTORIES[one.name]?.(list) }))
  const waiting = outsider('Sandpiper', 'entering', list.lastHeight + 1)
  return {
    ...list,
    validators: [
      ...members.flatMap((one) => ownAs(one, own, list.lastHeight)),
      waiting,
      outsider('Fulmar', 'paused', null),
      {
        ...outsider('Dunlin', 'jailed', null),
        jail: { reason: 'unavailable', releasesAtMs: Date.now() + 900_000 },
        offences: { unavailable: 2, slow: 0 },
      },
      {
        ...outsider('Whimbrel', 'tombstoned', null),
        jail: { reason: 'double-sign', releasesAtMs: 0 },
        tombstoned: true,
        slashes: [slash('double-sign', { height: 46_902, fraction: 500_000, amount: '600000000000' })],
      },
    ],
    next: [
      ...list.next,
      { address: waiting.address, name: waiting.name, power: 12_000, change: 'enters' as const },
    ],
  }
}

/** What some of the set have behind or before them. */
const HISTORIES: Readonly<Record<string, (list: ValidatorListView) => Partial<ValidatorView>>> = {
  Marram: ({ epoch }) => ({ announced: { name: 'Marram', commission: 60_000, fromEpoch: epoch + 2 } }),
  Ostrava: () => ({ offences: { unavailable: 0, slow: 2 } }),
  Skerry: () => ({
    slashes: [slash('invalid-block', { height: 47_406, fraction: 300_000, amount: '3985710000000' })],
  }),
}

function slash(
  offence: SlashView['offence'],
  facts: Pick<SlashView, 'height' | 'fraction' | 'amount'>,
): SlashView {
  return {
    ...facts,
    atMs: Date.now() - 1_620_000,
    offence,
    reporter: addressOf('Kestrel'),
    proof: hexOf(180, 'proof', facts.height),
  }
}

function ownAs(one: ValidatorView, own: ValidatorState, lastHeight: number): readonly ValidatorView[] {
  if (one.address !== SELF_ADDRESS || own === 'active') return [one]
  if (own === 'none') return []
  const power = own === 'pausing' || own === 'leaving' ? one.power : 0
  return [
    {
      ...one,
      state: own,
      power,
      activeFromHeight: own === 'entering' ? lastHeight + 1 : one.activeFromHeight,
    },
  ]
}

function outsider(name: string, state: ValidatorState, activeFromHeight: number | null): ValidatorView {
  return {
    address: addressOf(name),
    name,
    validatorKey: hexOf(32, 'key', name),
    state,
    jail: null,
    tombstoned: false,
    admitted: true,
    stake: '1200000000000',
    selfStake: '1200000000000',
    delegators: 1,
    commission: 50_000,
    announced: null,
    uptime: null,
    annualRate: null,
    offences: { unavailable: 0, slow: 0 },
    slashes: [],
    power: 0,
    performance: 1_000_000,
    heartbeat: [],
    registeredAtHeight: 48_100,
    rotatedAtMs: null,
    activeFromHeight,
  }
}
