/** Validators, the set in force and the next ones as views. */

import { nakamotoOf } from '../../economy/concentration.ts'
import { ownStake } from '../../economy/stakes.ts'
import { toHex } from '../../lib/bytes.ts'
import { formatAddress } from '../../protocol/address.ts'
import { ONE_MILLION } from '../../protocol/constants.ts'
import type { Address, Height, Millionths } from '../../protocol/ids.ts'
import type { ValidatorSet } from '../../protocol/validator-set.ts'
import { validatorKey } from '../../state/keys.ts'
import { stakeOf, type ValidatorRecord } from '../../state/records.ts'
import {
  allValidators,
  epochOf,
  firstHeightOf,
  loadValidatorSet,
  validatorSetOf,
} from '../../state/validator-sets.ts'
import type { LiveNode } from '../live-node.ts'
import type { Heartbeat, ValidatorListView, ValidatorState, ValidatorView } from '../node-api.ts'
import { millionths } from './view-words.ts'

interface Sets {
  readonly current: ValidatorSet
  readonly next: ValidatorSet
  /** Announced by the last block of an epoch, in force the epoch after the next. */
  readonly afterNext: ValidatorSet | null
}

export function setsOf(node: LiveNode): Sets {
  const { state, parameters, height } = node.chain
  const epoch = epochOf(height + 1, parameters)
  return {
    current: validatorSetOf(state, epoch),
    next: validatorSetOf(state, epoch + 1),
    afterNext: loadValidatorSet(state, epoch + 2),
  }
}

export function validatorList(node: LiveNode): ValidatorListView {
  const sets = setsOf(node)
  const { current, next } = sets
  const inNext = new Set(next.members.map((member) => member.address))
  const leaving = current.members.filter((member) => !inNext.has(member.address))
  const nameOf = (address: Address) => node.chain.state.get(validatorKey(address))?.name ?? ''
  return {
    epoch: current.epoch,
    firstHeight: current.firstHeight,
    lastHeight: current.lastHeight,
    validators: allValidators(node.chain.state).map((record) => validatorView(node, record, sets)),
    next: [
      ...next.members.map((member) => ({
        address: formatAddress(member.address),
        name: nameOf(member.address),
        power: millionths(member.power, next.totalPower),
        change: contains(current, member.address) ? ('stays' as const) : ('enters' as const),
      })),
      ...leaving.map((member) => ({
        address: formatAddress(member.address),
        name: nameOf(member.address),
        power: 0,
        change: 'leaves' as const,
      })),
    ],
    nakamoto: nakamotoOf(current.members.map(({ power }) => power)),
  }
}

export function validatorView(
  node: LiveNode,
  record: ValidatorRecord,
  sets: Sets = setsOf(node),
): ValidatorView {
  const member = sets.current.members.find((each) => each.address === record.address)
  const heartbeat = node.recorder.heartbeat(record.address)
  return {
    address: formatAddress(record.address),
    name: record.name,
    validatorKey: toHex(record.validatorKey),
    state: stateOf(record, sets),
    jail: record.jail,
    tombstoned: record.tombstoned,
    admitted: record.admitted,
    stake: String(stakeOf(record)),
    selfStake: String(ownStake(node.chain.state, record)),
    delegators: record.delegators,
    commission: record.commission,
    announced: record.announced,
    uptime: uptimeOf(heartbeat),
    annualRate: node.economy.epochs.rateOfValidator(record.address),
    offences: { unavailable: record.unavailable.count, slow: record.slow.count },
    slashes: node.economy.slashes.of(record.address),
    power: member ? millionths(member.power, sets.current.totalPower) : 0,
    performance: record.performance,
    heartbeat,
    registeredAtHeight: record.registeredAtHeight,
    rotatedAtMs: record.rotatedAtMs === 0 ? null : record.rotatedAtMs,
    activeFromHeight: activeFrom(node, record.address, sets),
  }
}

export function stateOf(record: ValidatorRecord, { current, next, afterNext }: Sets): ValidatorState {
  if (record.tombstoned) return 'tombstoned'
  if (record.jail) return 'jailed'
  const now = contains(current, record.address)
  if (record.exiting) return now || contains(next, record.address) ? 'leaving' : 'left'
  if (record.paused) return now || contains(next, record.address) ? 'pausing' : 'paused'
  if (now) return 'active'
  return contains(next, record.address) || (afterNext && contains(afterNext, record.address))
    ? 'entering'
    : 'registered'
}

function activeFrom(node: LiveNode, address: Address, sets: Sets): Height | null {
  const { parameters } = node.chain
  for (const set of [sets.current, sets.next, sets.afterNext]) {
    if (set && contains(set, address)) return firstHeightOf(set.epoch, parameters)
  }
  return null
}

function contains(set: ValidatorSet, address: Address): boolean {
  return set.members.some((member) => member.address === address)
}

/** A signature that came late counts: the next block may carry it. */
function uptimeOf(heartbeat: readonly Heartbeat[]): Millionths | null {
  const expected = heartbeat.filter(({ mark }) => mark !== 'not-member')
  const signed = expected.filter(({ mark }) => mark !== 'missed')
  return expected.length === 0 ? null : Math.floor((signed.length * ONE_MILLION) / expected.length)
}
