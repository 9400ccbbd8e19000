/** Rule 1 and restart: a height begins. */
import type { GuardedMessage, VerifiedMessage } from '../protocol/messages.ts'
import { askForCheck } from './blocks.ts'
import { requestDecided } from './catch-up.ts'
import { deliver } from './deliver.ts'
import type { Input } from './input.ts'
import { logOf, putLog, storeRoundChange, storeVote } from './message-log.ts'
import { onPrePrepare } from './pre-prepare.ts'
import { proposerOf } from './proposer.ts'
import { committeeOf } from './quorum.ts'
import type { GuardRecord } from './replica-state.ts'
import { repeatIntervalMs, roundZeroStartMs, startRoundTimer } from './timers.ts'
import { note, type Turn } from './turn.ts'

type HeightStarted = Extract<Input, { type: 'height-started' }>

/** The same height again, or one below, tells nothing new. */
export function startHeight(turn: Turn, input: HeightStarted): void {
  const { state } = turn
  const isFirst = state.phase === 'waiting'
  if (state.phase === 'halted' || (!isFirst && input.height <= state.height)) return
  const early = state.nextHeight
  forgetHeight(turn, input)
  startRoundZero(turn)
  const restored = state.restored?.position.height === input.height ? state.restored : null
  if ((state.restored?.position.height ?? 0) <= input.height) state.restored = null
  if (restored) resume(turn, restored)
  else note(turn, { kind: 'round-entered', height: input.height, round: 0, reason: 'start' })
  if (isFirst) requestDecided(turn)
  for (const { message, receivedAt } of early)
    if (message.height === state.height && state.phase === 'running') deliver(turn, message, receivedAt)
}

function forgetHeight(turn: Turn, input: HeightStarted): void {
  const { state, now } = turn
  const committee = committeeOf(input.validators)
  state.phase = 'running'
  state.committee = committee
  state.selfIndex = state.self === null ? -1 : (committee.indexOf.get(state.self) ?? -1)
  state.height = input.height
  state.parentId = input.parentId
  state.parentTimeMs = input.parentTimeMs
  state.pendingSetChange = input.pendingSetChange
  state.hasWork = input.hasWork
  state.heightStartedAtMs = now.monotonicMs
  state.roundStartedAtMs = now.monotonicMs
  state.round = 0
  state.accepted = null
  state.prepared = null
  state.preparedInRound = false
  state.own = []
  state.rounds = []
  state.latestRoundChanges = committee.nobody
  state.blocks = []
  state.waiting = []
  state.building = null
  state.certificate = null
  state.shownOffences = []
  state.nextHeight = []
  state.sentDecidedAtMs = withoutOthers(turn)
}

/** Only members of the set can be behind: their number bounds what is remembered. */
function withoutOthers({ state }: Turn): typeof state.sentDecidedAtMs {
  const { committee, sentDecidedAtMs } = state
  if (sentDecidedAtMs.size === 0) return sentDecidedAtMs
  const members = [...sentDecidedAtMs].filter(([sender]) => committee?.indexOf.has(sender))
  return members.length === sentDecidedAtMs.size ? sentDecidedAtMs : new Map(members)
}

/** The proposer builds at the start; everyone's timer runs from its own start, so that an idle chain costs no round. */
function startRoundZero(turn: Turn): void {
  const { state } = turn
  const startAtMs = roundZeroStartMs(turn)
  state.startAtMs = startAtMs
  state.proposeAtMs = proposerOf(turn, 0) === state.self ? startAtMs : null
  state.repeatAtMs = startAtMs + repeatIntervalMs(state.parameters, 0)
  startRoundTimer(turn, startAtMs)
}

/** Something to include came up: an idle round 0 starts earlier. */
export function onWorkAppeared(turn: Turn): void {
  const { state } = turn
  if (state.phase !== 'running' || state.hasWork) return
  state.hasWork = true
  const wasAtMs = state.startAtMs
  if (state.round !== 0 || state.accepted !== null || turn.now.monotonicMs >= wasAtMs) return
  const startAtMs = Math.min(wasAtMs, roundZeroStartMs(turn))
  state.startAtMs = startAtMs
  if (state.proposeAtMs !== null) state.proposeAtMs = startAtMs
  if (state.timer) state.timer = { ...state.timer, startedAtMs: startAtMs }
}

/** Goes on in the guard's round with what was prepared and said. What was said is sent again at once. */
function resume(turn: Turn, record: GuardRecord): void {
  const { state, now } = turn
  const { height, round } = record.position
  state.round = round
  state.own = record.messages
  state.prepared = record.prepared
  if (round > 0) {
    state.proposeAtMs = null
    startRoundTimer(turn, now.monotonicMs)
  }
  note(turn, { kind: 'round-entered', height, round, reason: 'restart' })
  const { prepared } = record
  if (prepared) {
    askForCheck(turn, prepared.blockId, prepared.block)
    state.preparedInRound = prepared.round === round
    state.accepted = prepared.round === round ? prepared.blockId : null
  }
  for (const message of record.messages) recount(turn, message)
  if (state.own.length > 0) state.repeatAtMs = now.monotonicMs
}

/** An own message of the record is durable, so it counts. Own proposals were timely when they were made. */
function recount(turn: Turn, message: VerifiedMessage<GuardedMessage>) {
  const { state, now } = turn
  if (state.selfIndex < 0) return
  switch (message.type) {
    case 'round-change':
      return storeRoundChange(turn, state.selfIndex, message)
    case 'pre-prepare':
      state.building = { round: message.round, justification: message.justification }
      if (state.accepted === null)
        return onPrePrepare(turn, message, { ...now, wallMs: message.block.header.timestampMs })
      return putLog(turn, { ...logOf(turn, message.round), proposal: message })
    case 'prepare':
    case 'commit':
      return storeVote(turn, state.selfIndex, message)
  }
}
