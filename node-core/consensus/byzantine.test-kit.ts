/** Ways to misbehave: what a byzantine replica makes of a message for one receiver. */
import type { PrePrepare, Prepare, RoundChange, VerifiedMessage } from '../protocol/messages.ts'
import type { TestNetwork } from './network.test-kit.ts'

export interface ByzantineMode {
  readonly silent?: boolean
  /** Proposes one block to some and another to the others, and votes for both. */
  readonly equivocates?: boolean
  /** Forgets what it has prepared, towards some. */
  readonly forgets?: boolean
  /** Says ROUND-CHANGE for rounds far away. */
  readonly jumpsAhead?: boolean
  /** Leaves out receivers with this probability. */
  readonly leavesOut?: number
  readonly makesInvalid?: boolean
  readonly withholdsBodies?: boolean
}

const FAR_ROUNDS = 1_000_000

/** What this receiver gets. */
export function distort(
  network: TestNetwork,
  mode: ByzantineMode,
  message: VerifiedMessage,
): VerifiedMessage[] {
  const { random } = network
  if (mode.silent || random.chance(mode.leavesOut ?? 0)) return []
  if (message.type === 'pre-prepare' && mode.equivocates) return twoFaced(network, message)
  if (message.type === 'round-change') return restless(network, mode, message)
  return [message]
}

/** A second block of the same place: whoever gets it gets votes for it too. */
function twoFaced(network: TestNetwork, message: VerifiedMessage<PrePrepare>): VerifiedMessage[] {
  const { random } = network
  const isFresh = message.justification.every((each) => each.prepared === null)
  if (!isFresh || random.chance(0.5)) return [message, ...votes(message)]
  const blockId = network.newBlockId()
  const header = { ...message.block.header, timestampMs: message.block.header.timestampMs + 1 }
  const other = { ...message, blockId, block: { ...message.block, header } }
  network.blocks.set(blockId, other.block)
  return random.chance(0.3) ? [message, other, ...votes(other)] : [other, ...votes(other)]
}

function votes({
  height,
  round,
  sender,
  signature,
  blockId,
}: VerifiedMessage<PrePrepare>): VerifiedMessage[] {
  const vote = { height, round, sender, signature, blockId }
  return [
    { type: 'prepare', ...vote } as VerifiedMessage<Prepare>,
    { type: 'commit', ...vote } as VerifiedMessage,
  ]
}

function restless(
  network: TestNetwork,
  mode: ByzantineMode,
  message: VerifiedMessage<RoundChange>,
): VerifiedMessage[] {
  const { random } = network
  const forgotten = { ...message, prepared: null, preparedCertificate: [] }
  const said = mode.forgets && random.chance(0.5) ? forgotten : message
  if (!mode.jumpsAhead) return [said]
  return [
    said,
    { ...forgotten, round: message.round + 1 + random.below(random.chance(0.5) ? 3 : FAR_ROUNDS) },
  ]
}
