/** Validators, the set in force and the next ones as views. */

import { toHex } from '../../lib/bytes.ts'
import { formatAddress } from '../../protocol/address.ts'
import type { Address, Height } from '../../protocol/ids.ts'
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
import type { ValidatorListView, ValidatorState, ValidatorView } from '../node-api.ts'
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
    nakamoto: nakamoto(current),
  }
}

export function validatorView(
  node: LiveNode,
  record: ValidatorRecord,
  sets: Sets = setsOf(node),
): ValidatorView {
  const member = sets.current.members.find((each) => each.address === record.address)
  return {
    address: formatAddress(record.address),
    name: record.name,
    validatorKey: toHex(record.validatorKey),
    state: stateOf(record, sets),
    jailed: record.jail !== null,
    stake: String(stakeOf(record)),
    commission: record.commission,
    power: member ? millionths(member.power, sets.current.totalPower) : 0,
    performance: record.performance,
    heartbeat: node.recorder.heartbeat(record.address),
    registeredAtHeight: record.registeredAtHeight,
    activeFromHeight: activeFrom(node, record.address, sets),
  }
}

export function stateOf(record: ValidatorRecord, { current, next, afterNext }: Sets): ValidatorState {
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

/** The fewest members that together hold more than a third of the power: they could stop the chain. */
function nakamoto(set: ValidatorSet): number {
  const powers = set.members.map((member) => member.power).sort((a, b) => (a < b ? 1 : -1))
  let held = 0n
  for (const [count, power] of powers.entries()) {
    held += power
    if (3n * held > set.totalPower) return count + 1
  }
  return powers.length
}
