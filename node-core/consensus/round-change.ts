/** Rules 5 and 6: leaving a round, and following those who left it. */
import { MAX_ROUND } from '../protocol/constants.ts'
import type { Round } from '../protocol/ids.ts'
import type { RoundChange, VerifiedMessage } from '../protocol/messages.ts'
import type { RoundNote } from './effect.ts'
import { checkDoubleSign, checkRoundChangeForAmnesia } from './evidence.ts'
import { isProvedRoundChange } from './justification.ts'
import { forgetOldRounds, roundChangeAt, storeRoundChange } from './message-log.ts'
import { proposeWhenJustified } from './proposer.ts'
import { isOneHonest } from './quorum.ts'
import { orderSignature } from './signing-guard.ts'
import { repeatIntervalMs, startRoundTimer, startRoundTimerOnceQuorumIsHere } from './timers.ts'
import { committee, note, type Turn } from './turn.ts'

type Reason = Extract<RoundNote, { kind: 'round-entered' }>['reason']

/** Moves to a round with nothing accepted. Only a proposal's round needs no ROUND-CHANGE of one's own. */
export function enterRound(turn: Turn, round: Round, reason: Reason) {
  const { state, now } = turn
  state.timer = null
  if (round > MAX_ROUND) return
  state.round = round
  state.roundStartedAtMs = now.monotonicMs
  state.accepted = null
  state.preparedInRound = false
  state.building = null
  state.proposeAtMs = null
  state.own = []
  state.waiting = state.waiting.filter((each) => each.message.round >= round)
  state.repeatAtMs = now.monotonicMs + repeatIntervalMs(state.parameters, round)
  forgetOldRounds(turn)
  note(turn, { kind: 'round-entered', height: state.height, round, reason })
  if (reason === 'proposal') return startRoundTimer(turn, now.monotonicMs)
  sayRoundChange(turn)
  startRoundTimerOnceQuorumIsHere(turn)
  proposeWhenJustified(turn)
}

/** ROUND-CHANGE for the current round, with what is prepared. */
export function sayRoundChange(turn: Turn): void {
  const { state } = turn
  if (state.self === null) return
  const { prepared } = state
  orderSignature(turn, {
    type: 'round-change',
    height: state.height,
    round: state.round,
    sender: state.self,
    prepared: prepared && { round: prepared.round, blockId: prepared.blockId },
    preparedCertificate: prepared?.certificate ?? [],
  })
}

export function onRoundChange(turn: Turn, member: number, message: VerifiedMessage<RoundChange>) {
  const stored = roundChangeAt(turn, message.round, member)
  if (stored) return checkDoubleSign(turn, stored, message)
  if (!isProvedRoundChange(committee(turn), message)) return
  checkRoundChangeForAmnesia(turn, member, message)
  if (message.round < turn.state.round) return
  storeRoundChange(turn, member, message)
  if (message.round > turn.state.round) followOthers(turn)
  startRoundTimerOnceQuorumIsHere(turn)
  proposeWhenJustified(turn)
}

/** Rule 6: to the highest round that one honest replica has reached, each sender's latest counting for all below it. */
function followOthers(turn: Turn) {
  const { state } = turn
  const { powers } = committee(turn)
  const ahead = state.latestRoundChanges
    .map((message, member) => ({ round: message?.round ?? 0, power: powers[member]! }))
    .filter((each) => each.round > state.round)
    .sort((a, b) => b.round - a.round)
  let power = 0n
  for (const each of ahead) {
    power += each.power
    if (isOneHonest(committee(turn), power)) return enterRound(turn, each.round, 'others-moved')
  }
}
