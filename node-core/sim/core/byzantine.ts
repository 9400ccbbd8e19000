/** What a byzantine replica makes of a message for one receiver. It may say anything under its own key, and nothing under others'. */
import type { PreparedValue } from '../../consensus/replica-state.ts'
import type { Round } from '../../protocol/ids.ts'
import type {
  Commit,
  PrePrepare,
  Prepare,
  Prepared,
  RoundChange,
  VerifiedMessage,
} from '../../protocol/messages.ts'
import type { CoreWorld } from './core-world.ts'
import type { Envelope } from './envelope.ts'
import type { CoreReplica } from './replica.ts'
import { SIGNATURE, said } from './said.ts'

const FAR_ROUNDS = 1_000_000
/** Old messages that a byzantine replica keeps to send again. */
const REPLAYED_MESSAGES = 200

function honestly(from: CoreReplica, message: VerifiedMessage): Envelope {
  return { kind: 'message', message, hasBody: from.sendsBodyOf(message), forged: false }
}

/** What this receiver gets; drawn anew for each. */
export function distort(world: CoreWorld, from: CoreReplica, message: VerifiedMessage): Envelope[] {
  const { random } = world
  const behaviour = from.behaviour!
  if (behaviour.silent || random.chance(behaviour.leavesOut ?? 0)) return []
  const sayings =
    message.type === 'pre-prepare'
      ? proposals(world, from, message)
      : message.type === 'round-change'
        ? roundChanges(world, from, message)
        : [message]
  const sent = sayings.map((each) => honestly(from, each))
  if (behaviour.shiftsRounds && random.chance(0.3)) sent.push(honestly(from, shifted(world, message)))
  if (behaviour.forges && random.chance(0.2)) sent.push(...forgeries(world, from, message))
  return sent
}

/** The same for the round before or after. */
function shifted({ random }: CoreWorld, message: VerifiedMessage): VerifiedMessage {
  const round = Math.max(0, message.round + (random.chance(0.5) ? 1 : -1))
  return said({ ...message, round })
}

function proposals(
  world: CoreWorld,
  from: CoreReplica,
  message: VerifiedMessage<PrePrepare>,
): VerifiedMessage[] {
  const { equivocates, hidesPrepared } = from.behaviour!
  const shown = hidesPrepared && message.round > 0 ? withLeastShown(world, from, message) : message
  return equivocates ? twoFaced(world, shown) : [shown]
}

/** Another block of the same place: whoever gets it gets votes for it too. */
function twoFaced(world: CoreWorld, message: VerifiedMessage<PrePrepare>): VerifiedMessage[] {
  const { random } = world
  const isFresh = message.justification.every((each) => each.prepared === null)
  if (!isFresh || random.chance(0.5)) return [message, ...votesFor(message)]
  const other = withOtherBlock(world, message)
  return random.chance(0.3) ? [message, other, ...votesFor(other)] : [other, ...votesFor(other)]
}

function withOtherBlock(world: CoreWorld, message: VerifiedMessage<PrePrepare>): VerifiedMessage<PrePrepare> {
  const header = { ...message.block.header, timestampMs: message.block.header.timestampMs + 1 }
  const { blockId, block } = world.addBlock({ block: { ...message.block, header }, valid: true })
  return said({ ...message, blockId, block })
}

/** What it does besides with a message that reached it. */
export function onHeard(world: CoreWorld, by: CoreReplica, message: VerifiedMessage): void {
  const { random, replicas } = world
  const { votesForAll, replays } = by.behaviour!
  if (votesForAll && message.type === 'pre-prepare' && by.self !== null)
    for (const vote of votesFor(message, by.self))
      for (let to = 0; to < replicas.length; to++)
        if (to !== by.index && random.chance(0.7)) world.post(by.index, to, honestly(by, vote))
  if (!replays) return
  const { heard } = by
  heard[heard.length < REPLAYED_MESSAGES ? heard.length : random.below(REPLAYED_MESSAGES)] = message
  if (!random.chance(0.1)) return
  const old = random.pick(heard)
  world.post(by.index, random.below(replicas.length), honestly(by, random.chance(0.5) ? old : spoilt(old)))
}

/** Without the proof that is not under its sender's signature: nobody but the relaying peer is to blame. */
function spoilt(message: VerifiedMessage): VerifiedMessage {
  if (message.type === 'round-change') return said({ ...message, preparedCertificate: [] })
  if (message.type === 'pre-prepare') return said({ ...message, justification: [] })
  return message
}

/** PREPARE and COMMIT for a proposal, whatever was said before. */
function votesFor(proposal: PrePrepare, sender = proposal.sender): VerifiedMessage[] {
  const { height, round, blockId } = proposal
  return [
    said<Prepare>({ type: 'prepare', height, round, sender, blockId }),
    said<Commit>({ type: 'commit', height, round, sender, blockId }),
  ]
}

/** Of the ROUND-CHANGEs it holds, the quorum with the lowest claims: a fresh block if none of those is prepared. */
function withLeastShown(
  world: CoreWorld,
  from: CoreReplica,
  message: VerifiedMessage<PrePrepare>,
): VerifiedMessage<PrePrepare> {
  const state = from.state!
  const held = state.rounds.find((each) => each.round === message.round)?.roundChanges ?? []
  const lowest = held
    .filter((each) => each !== undefined)
    .sort((a, b) => (a.prepared?.round ?? -1) - (b.prepared?.round ?? -1))
  const quorum: RoundChange[] = []
  let power = 0n
  for (const each of lowest) {
    if (3n * power > 2n * world.set.totalPower) break
    quorum.push(each)
    power += state.committee!.powers[state.committee!.indexOf.get(each.sender)!]!
  }
  const highest = quorum.at(-1)?.prepared ?? null
  if (3n * power <= 2n * world.set.totalPower) return message
  if (highest) {
    const made = world.blocks.get(highest.blockId)
    return made
      ? said({ ...message, blockId: made.blockId, block: made.block, justification: quorum })
      : message
  }
  const header = { ...message.block.header, proposer: message.sender, height: message.height }
  const wallMs = from.clock.at(world.now).wallMs
  const timestampMs = Math.max(wallMs, state.parentTimeMs + world.scenario.parameters.blockTimeMs)
  const made = world.addBlock({
    block: { ...message.block, header: { ...header, timestampMs }, transactionIds: [message.blockId] },
    valid: true,
  })
  return said({
    ...message,
    blockId: made.blockId,
    block: made.block,
    justification: quorum.map((each) => ({ ...each, preparedCertificate: [] })),
  })
}

function roundChanges(
  world: CoreWorld,
  from: CoreReplica,
  message: VerifiedMessage<RoundChange>,
): VerifiedMessage[] {
  const { random } = world
  const { claims, jumpsAhead } = from.behaviour!
  const near = claims ? claiming(world, from, message, claims) : message
  if (!jumpsAhead) return [near]
  const round = message.round + 1 + random.below(random.chance(0.5) ? 3 : FAR_ROUNDS)
  return [near, said({ ...message, round, prepared: null, preparedCertificate: [] })]
}

function claiming(
  { random }: CoreWorld,
  from: CoreReplica,
  message: VerifiedMessage<RoundChange>,
  claims: 'none' | 'stale' | 'mixed',
): VerifiedMessage<RoundChange> {
  const kind = claims === 'mixed' ? random.pick(['none', 'stale', 'true'] as const) : claims
  if (kind === 'true') return message
  const value = kind === 'stale' ? random.pick([null, ...provable(from, message.round)]) : null
  return said({
    ...message,
    prepared: value && { round: value.round, blockId: value.blockId },
    preparedCertificate: value?.certificate ?? [],
  })
}

/** Values of earlier rounds that it can prove to have been prepared. */
function provable(
  { state }: CoreReplica,
  before: Round,
): Pick<PreparedValue, 'round' | 'blockId' | 'certificate'>[] {
  const { rounds, committee } = state!
  return rounds
    .filter((log) => log.round < before)
    .flatMap(({ round, prepares }) =>
      prepares.tallies
        .filter(({ power }) => 3n * power > 2n * committee!.totalPower)
        .map(({ blockId }) => ({
          round,
          blockId,
          certificate: prepares.byMember.filter((each) => each?.blockId === blockId) as Prepare[],
        })),
    )
}

/** A certificate or a proof with the votes of everyone, for a block of its own. */
function forgeries(world: CoreWorld, from: CoreReplica, message: VerifiedMessage): Envelope[] {
  const { height, round } = message
  const state = from.state
  if (!state?.committee || message.type === 'reject') return []
  const template = world.newestBlock
  if (!template) return []
  const header = {
    ...template.block.header,
    height,
    parentId: state.parentId ?? template.block.header.parentId,
  }
  const made = world.addBlock({ block: { ...template.block, header }, valid: true })
  const members = world.set.members
  if (message.type === 'round-change' && round > 0) {
    const prepared: Prepared = { round: round - 1, blockId: made.blockId }
    const preparedCertificate = members.map(
      ({ address: sender }): Prepare => ({
        type: 'prepare',
        height,
        round: round - 1,
        blockId: made.blockId,
        sender,
        signature: SIGNATURE,
      }),
    )
    const lie = said<RoundChange>({ ...message, prepared, preparedCertificate })
    return [{ kind: 'message', message: lie, hasBody: false, forged: true }]
  }
  const bitmap = new Uint8Array(Math.ceil(members.length / 8)).fill(0xff)
  const certificate = {
    scheme: 0,
    height,
    round,
    blockId: made.blockId,
    validatorsHash: header.validatorsHash,
    bitmap,
    signatures: members.map(() => SIGNATURE),
  }
  return [{ kind: 'decided', height, decided: { ...made, certificate }, forged: true }]
}
