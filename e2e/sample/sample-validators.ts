/** The set with some movement: who enters, who waits, and what this tab's own validator does. */
import type { ValidatorState, ValidatorView } from '../../node-core/node/node-api.ts'
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
  burnedFee: 500_000,
  transferGas: 21_000,
  faucetIntervalBlocks: 100,
}

export interface ValidatorsSample {
  /** 'none': this tab is no validator. */
  readonly own: ValidatorState
  readonly faucet: boolean
  /** How many reads of the parameters are refused first, as by a node that another tab took over. */
  readonly refusals: number
}

export function withValidators(
  connection: Connection,
  { own, faucet, refusals }: ValidatorsSample,
): Connection {
  let left = refusals
  return overNode(connection, {
    chain_parameters: async () => {
      if (left-- > 0) throw { code: 'leader-changed', data: {} }
      return { ...PARAMETERS, faucetDrip: faucet ? '100000000000' : '0' }
    },
    validator_list: async (_params, below) => {
      const list = await below.call('validator_list', {})
      if (list.validators.length === 0) return list
      const validators = list.validators.flatMap((one) => ownAs(one, own, list.lastHeight))
      const waiting = outsider('Sandpiper', 'entering', list.lastHeight + 1)
      return {
        ...list,
        validators: [...validators, waiting, outsider('Fulmar', 'paused', null)],
        next: [
          ...list.next,
          { address: waiting.address, name: waiting.name, power: 12_000, change: 'enters' as const },
        ],
      }
    },
  })
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
    activeFromHeight,
  }
}
