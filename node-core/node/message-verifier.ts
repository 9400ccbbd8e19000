/** Checks every signature of a consensus message, once: what is verified is remembered. */

import { isProvedRoundChange, judgeJustification } from '../consensus/justification.ts'
import { committeeOf } from '../consensus/quorum.ts'
import { toHex } from '../lib/bytes.ts'
import type { Verifier } from '../ports/crypto.ts'
import {
  blockId,
  certificateHash,
  evidenceRoot,
  messageSigningBytes,
  transactionsRoot,
} from '../protocol/hash.ts'
import type { ChainId, Hash } from '../protocol/ids.ts'
import {
  type ConsensusMessage,
  markVerified,
  type PrePrepare,
  type RoundChange,
  type VerifiedMessage,
} from '../protocol/messages.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { VERIFIED_TOGETHER, VERIFIED_VOTES } from './constants.ts'

/** `relayer`: the fault is in a part that the sender's signature does not cover. */
export type MessageVerdict =
  | { readonly ok: true; readonly message: VerifiedMessage }
  | { readonly ok: false; readonly reason: MessageFault; readonly blame: 'sender' | 'relayer' }

export type MessageFault =
  | 'not-member'
  | 'bad-signature'
  | 'bad-justification'
  | 'bad-prepared-certificate'
  | 'block-mismatch'

/** The set of a height and its hash, computed once by the caller. */
export interface HeightSet {
  readonly set: ValidatorSet
  readonly hash: Hash
}

export class MessageVerifier {
  readonly #verifier: Verifier
  readonly #chainId: ChainId
  /** Insertion-ordered: the oldest is forgotten first. */
  readonly #known = new Set<string>()
  readonly #seen: (message: ConsensusMessage) => void

  /** `seen` hears of every message whose own signature holds, those inside of others too, when it is first met. */
  constructor(verifier: Verifier, chainId: ChainId, seen: (message: ConsensusMessage) => void) {
    this.#verifier = verifier
    this.#chainId = chainId
    this.#seen = seen
  }

  /**
   * Votes that travel beside a message are not under its signature, so anybody could put thousands of bad ones there, and each
   * would cost a millisecond or two: whether they could prove anything is judged before they are verified.
   */
  async verify(message: ConsensusMessage, at: HeightSet): Promise<MessageVerdict> {
    if (message.type === 'pre-prepare' && !compactBlockMatches(message))
      return refuse('block-mismatch', 'relayer')
    const own = await this.#signature(message, at)
    if (own !== 'good') return refuse(own, 'relayer')
    if (message.type === 'round-change') {
      const proved =
        isProvedRoundChange(committeeOf(at.set), message) && (await this.#certificate(message, at))
      if (!proved) return refuse('bad-prepared-certificate', 'relayer')
    }
    if (message.type === 'pre-prepare') {
      const justified = isJustified(message, at) && (await this.#justification(message, at))
      if (!justified) return refuse('bad-justification', 'relayer')
    }
    return { ok: true, message: markVerified(message) }
  }

  /** One's own messages, just signed, need no second look. */
  remember(message: ConsensusMessage): void {
    if (this.#known.size >= VERIFIED_VOTES) this.#known.delete(this.#known.values().next().value!)
    this.#known.add(fingerprint(message))
  }

  async #signature(
    message: ConsensusMessage,
    at: HeightSet,
  ): Promise<'good' | 'not-member' | 'bad-signature'> {
    const member = at.set.members.find((validator) => validator.address === message.sender)
    if (!member) return 'not-member'
    if (this.#known.has(fingerprint(message))) return 'good'
    const bytes = messageSigningBytes(this.#chainId, at.hash, message)
    if (!(await this.#verifier.verifyEd25519(member.validatorKey, bytes, message.signature)))
      return 'bad-signature'
    this.remember(message)
    this.#seen(message)
    return 'good'
  }

  #certificate(message: RoundChange, at: HeightSet): Promise<boolean> {
    return everyInLots(
      message.preparedCertificate,
      async (prepare) => (await this.#signature(prepare, at)) === 'good',
    )
  }

  #justification(message: PrePrepare, at: HeightSet): Promise<boolean> {
    return everyInLots(
      message.justification,
      async (change) => (await this.#signature(change, at)) === 'good' && this.#certificate(change, at),
    )
  }
}

/** Stops after the first lot with a bad one. */
async function everyInLots<T>(items: readonly T[], isGood: (item: T) => Promise<boolean>): Promise<boolean> {
  for (let from = 0; from < items.length; from += VERIFIED_TOGETHER) {
    const verdicts = await Promise.all(items.slice(from, from + VERIFIED_TOGETHER).map(isGood))
    if (!verdicts.every((good) => good)) return false
  }
  return true
}

/** Rule 2 by the structure alone, with no more votes beside it than the rule asks for. */
function isJustified(message: PrePrepare, at: HeightSet): boolean {
  const votes = message.justification.reduce((sum, change) => sum + change.preparedCertificate.length, 0)
  return votes <= at.set.members.length && judgeJustification(committeeOf(at.set), message) !== 'unjustified'
}

/** The parts beside the header are committed to by it. */
function compactBlockMatches(message: PrePrepare): boolean {
  const { header, transactionIds, evidence, parentCertificate } = message.block
  return (
    blockId(header) === message.blockId &&
    header.height === message.height &&
    header.transactionsRoot === transactionsRoot(transactionIds) &&
    header.evidenceRoot === evidenceRoot(evidence) &&
    header.lastCertificateHash === certificateHash(parentCertificate)
  )
}

function fingerprint(message: ConsensusMessage): string {
  const subject =
    message.type === 'round-change'
      ? `${message.prepared?.round ?? '-'}:${message.prepared?.blockId ?? '-'}`
      : message.type === 'reject'
        ? `${message.blockId}:${message.code}`
        : message.blockId
  return `${message.type}:${message.height}:${message.round}:${message.sender}:${subject}:${toHex(message.signature)}`
}

function refuse(reason: MessageFault, blame: 'sender' | 'relayer'): MessageVerdict {
  return { ok: false, reason, blame }
}
