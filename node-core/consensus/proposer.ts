/** Rules 1 and 7: whose turn it is, and what the proposer of a round proposes. */
import type { Address, Hash, Round } from '../protocol/ids.ts'
import type { CompactBlock, RoundChange, VerifiedMessage } from '../protocol/messages.ts'
import { askForBlock, knownBlock } from './blocks.ts'
import { highestPreparedRound, leanJustification } from './justification.ts'
import { roundChangePower, roundChangesOf } from './message-log.ts'
import { distinctPower, isQuorum } from './quorum.ts'
import { orderSignature, signingBar } from './signing-guard.ts'
import { blockIntervalMs } from './timers.ts'
import { committee, emit, type Turn } from './turn.ts'

/** Cost: members × round. Ask for rounds that are known to be reached. */
export function proposerOf(turn: Turn, round: Round): Address {
  return committee(turn).schedule.proposerAt(turn.state.height, round)
}

function mayPropose(turn: Turn): boolean {
  const { state } = turn
  if (state.accepted !== null || state.building?.round === state.round) return false
  return signingBar(turn) === null && proposerOf(turn, state.round) === state.self
}

/** Round 0, at its start. */
export function proposeFirst(turn: Turn): void {
  if (turn.state.round === 0 && mayPropose(turn)) buildFresh(turn, [])
}

/** Rounds above 0, once a quorum of ROUND-CHANGEs for this very round is held. */
export function proposeWhenJustified(turn: Turn) {
  const { state } = turn
  if (state.round === 0 || state.accepted !== null) return
  if (!isQuorum(committee(turn), roundChangePower(turn, state.round)) || !mayPropose(turn)) return
  const usable = chooseQuorum(turn, roundChangesOf(turn, state.round))
  if (!usable) return
  const highest = highestPreparedRound(usable)
  const top = highest === null ? null : (usable.find((each) => each.prepared?.round === highest) ?? null)
  if (!top?.prepared) return buildFresh(turn, leanJustification(usable, null))
  const block = preparedBlock(turn, top.prepared.blockId)
  if (block) propose(turn, top.prepared.blockId, block, leanJustification(usable, top))
}

function isQuorumOf(turn: Turn, roundChanges: readonly RoundChange[]): boolean {
  const power = distinctPower(committee(turn), roundChanges)
  return power !== null && isQuorum(committee(turn), power)
}

/**
 * All that are held when the highest prepared block is here. Otherwise that block is asked for, and those whose prepared
 * block is here are taken if they are a quorum by themselves: a claim whose body nobody serves must not stop the chain.
 */
function chooseQuorum(
  turn: Turn,
  held: readonly VerifiedMessage<RoundChange>[],
): readonly RoundChange[] | null {
  const highest = highestPreparedRound(held)
  const tops = held.filter((each) => each.prepared && each.prepared.round === highest)
  if (tops.every((each) => isHere(turn, each))) return held
  for (const { prepared } of tops) {
    if (!prepared || preparedBlock(turn, prepared.blockId)) continue
    const holders = held.filter((each) => each.prepared?.blockId === prepared.blockId)
    askForBlock(
      turn,
      prepared.blockId,
      holders.map((each) => each.sender),
    )
  }
  const usable = held.filter((each) => isHere(turn, each))
  return isQuorumOf(turn, usable) ? usable : null
}

function isHere(turn: Turn, roundChange: RoundChange): boolean {
  return roundChange.prepared === null || preparedBlock(turn, roundChange.prepared.blockId) !== null
}

function preparedBlock(turn: Turn, blockId: Hash): CompactBlock | null {
  const { prepared } = turn.state
  if (prepared?.blockId === blockId) return prepared.block
  const known = knownBlock(turn, blockId)
  return known?.check.status === 'valid' ? known.block : null
}

function buildFresh(turn: Turn, justification: readonly RoundChange[]): void {
  const { state } = turn
  state.building = { round: state.round, justification }
  emit(turn, {
    type: 'build-block',
    height: state.height,
    round: state.round,
    notBeforeMs: state.parentTimeMs + blockIntervalMs(state),
  })
}

/** The block that was asked for: proposed if the round still waits for it. */
export function onBlockBuilt(turn: Turn, built: { round: Round; blockId: Hash; block: CompactBlock }): void {
  const { state } = turn
  const { building } = state
  if (building?.round !== built.round || state.round !== built.round || state.accepted !== null) return
  propose(turn, built.blockId, built.block, building.justification)
}

function propose(
  turn: Turn,
  blockId: Hash,
  block: CompactBlock,
  justification: readonly RoundChange[],
): void {
  const { state } = turn
  if (state.self === null) return
  state.building = { round: state.round, justification }
  orderSignature(turn, {
    type: 'pre-prepare',
    height: state.height,
    round: state.round,
    sender: state.self,
    blockId,
    block,
    justification,
  })
}
