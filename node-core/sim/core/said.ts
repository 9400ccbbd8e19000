/** Messages of a run. Whoever makes one, and however, those of a type have their fields in one order. */
import {
  type ConsensusMessage,
  markVerified,
  type Unsigned,
  type VerifiedMessage,
} from '../../protocol/messages.ts'

/** Signatures are not computed: this one stands for all. */
export const SIGNATURE = new Uint8Array(64)

/**
 * PERF: a spread gives a message another layout than the one that it was made of. What reads messages met a dozen of them, and
 * was compiled again and again; now it meets four. PREPARE and COMMIT share one.
 */
export function said<M extends ConsensusMessage>(message: M | Unsigned<M>): VerifiedMessage<M> {
  return markVerified(inOneLayout(message) as M)
}

function inOneLayout(message: Unsigned<ConsensusMessage>): ConsensusMessage {
  const { height, round, sender } = message
  const signature = SIGNATURE
  switch (message.type) {
    case 'prepare':
    case 'commit':
      return { type: message.type, height, round, sender, signature, blockId: message.blockId }
    case 'pre-prepare': {
      const { type, blockId, block, justification } = message
      return { type, height, round, sender, signature, blockId, block, justification }
    }
    case 'round-change': {
      const { type, prepared, preparedCertificate } = message
      return { type, height, round, sender, signature, prepared, preparedCertificate }
    }
    case 'reject': {
      const { type, blockId, code } = message
      return { type, height, round, sender, signature, blockId, code }
    }
  }
}
