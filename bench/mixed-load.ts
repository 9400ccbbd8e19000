/** Ten transactions as people send them: seven transfers, two operations on stake, one of anything else. */
import { UNITS_PER_AIT } from '../node-core/protocol/amount.ts'
import type { ChainParameters } from '../node-core/protocol/genesis.ts'
import type { Address } from '../node-core/protocol/ids.ts'
import type { Payload } from '../node-core/protocol/transaction.ts'
import { type Turn, transferOf } from './senders.ts'

const PATTERN = [
  'transfer',
  'transfer',
  'stake',
  'transfer',
  'transfer',
  'other',
  'transfer',
  'stake',
  'transfer',
  'transfer',
] as const

/** What lets one account and one validator take part in all of it. */
export const MIXED_PARAMETERS: Partial<ChainParameters> = {
  stakeOperationsPerWindow: 1_000_000,
  maximumDelegators: 1_000,
}

/** Each sender stays with one of the validators, so that what it asks is never refused. */
export function mixedPayloads(validators: readonly Address[]): (turn: Turn) => Payload {
  return (turn) => {
    const { index, round, senders } = turn
    const number = index % senders.length
    const place = number + round
    switch (PATTERN[place % PATTERN.length]!) {
      case 'transfer':
        return transferOf(turn)
      case 'stake':
        return stakeOperation(validators[number % validators.length]!, stakeOperationsBefore(number, round))
      case 'other':
        return Math.floor(place / PATTERN.length) % 2 === 0 ? pairOf(turn) : accountOfTwo(turn)
    }
  }
}

/** Of this sender, in the rounds before. */
function stakeOperationsBefore(number: number, round: number): number {
  let count = 0
  for (let before = 0; before < round; before++)
    if (PATTERN[(number + before) % PATTERN.length] === 'stake') count++
  return count
}

/** In turn: more is delegated, it compounds, a part is taken back, it pays out again. Most of what came stays. */
function stakeOperation(validator: Address, before: number): Payload {
  switch (before % 4) {
    case 0:
      return { type: 'stake.delegate', validator, amount: 3n * UNITS_PER_AIT }
    case 2:
      return { type: 'stake.undelegate', validator, amount: UNITS_PER_AIT }
    default:
      return { type: 'stake.compound', validator, enabled: before % 4 === 1 }
  }
}

function pairOf(turn: Turn): Payload {
  const [one, other] = [transferOf(turn), transferOf({ ...turn, index: turn.index + 1 })]
  if (one.type !== 'transfer' || other.type !== 'transfer') throw new Error('transfers are transfers')
  return { type: 'batch', payloads: [one, other] }
}

function accountOfTwo({ sender, index, senders }: Turn): Payload {
  const other = senders[(index + 1) % senders.length]!.address
  return { type: 'multisig.create', threshold: 1, members: [sender, other].sort() }
}
