/** What a replica orders: data, carried out by node/replica-runner in the order given. */
import type { Certificate } from '../protocol/certificate.ts'
import type { Address, Hash, Height, Round } from '../protocol/ids.ts'
import type {
  CompactBlock,
  ConsensusMessage,
  GuardedMessage,
  PrePrepare,
  Prepare,
  Reject,
  Unsigned,
  VerifiedMessage,
} from '../protocol/messages.ts'

/** A signed proposal, and a quorum of REJECTs of it with one code. */
export interface InvalidBlockProof {
  readonly proposal: VerifiedMessage<PrePrepare>
  readonly rejects: readonly VerifiedMessage<Reject>[]
}

/** A position that the guard has allowed; later orders are never below it. */
export interface SigningOrder {
  readonly message: Unsigned<GuardedMessage>
  /** What became prepared since the order before; mostly with the COMMIT. Body, this and the signature are one durable write (rule 3). */
  readonly prepared: {
    readonly round: Round
    readonly blockId: Hash
    readonly block: CompactBlock
    readonly certificate: readonly Prepare[]
  } | null
}

export type Effect =
  /** Sign, make durable, then answer `own-message-persisted`. Orders are carried out one after another. */
  | { readonly type: 'sign-and-persist'; readonly order: SigningOrder }
  /** Sign a REJECT; it is outside the guard's order and needs no record. Broadcast it when signed, and answer with it. */
  | {
      readonly type: 'sign-reject'
      readonly message: Unsigned<Extract<ConsensusMessage, { type: 'reject' }>>
    }
  /** `repeat`: sent again as stored; not a new signature. */
  | { readonly type: 'broadcast'; readonly message: VerifiedMessage; readonly repeat: boolean }
  /** Make a fresh block for this round on the decided parent; answer `block-built`. */
  | {
      readonly type: 'build-block'
      readonly height: Height
      readonly round: Round
      readonly notBeforeMs: number
    }
  /** Find the body, check it against roots and execute it; answer `block-checked`. Missing bodies are fetched until the height ends. */
  | { readonly type: 'check-block'; readonly blockId: Hash; readonly block: CompactBlock }
  /** A quorum certified an id whose block is not known here: fetch it from those who signed, then answer `block-checked`. */
  | {
      readonly type: 'fetch-block'
      readonly height: Height
      readonly blockId: Hash
      readonly from: readonly Address[]
    }
  /** Adopt, make block and certificate durable in one write, announce; then `height-started` for the next height. */
  | {
      readonly type: 'decide'
      readonly height: Height
      readonly round: Round
      readonly blockId: Hash
      readonly certificate: Certificate
    }
  /** The sender is behind: give it that height's block and certificate, at a bounded rate (rule 4). */
  | { readonly type: 'send-decided'; readonly height: Height; readonly to: Address }
  /** Someone is ahead: ask peers for certificates from this height on. */
  | { readonly type: 'request-decided'; readonly fromHeight: Height }
  /** Call `clock-advanced` at or after this monotonic time; replaces the wake set before. null: none. */
  | { readonly type: 'set-wake'; readonly atMonotonicMs: number | null }
  /** Two signed messages that contradict each other. */
  | { readonly type: 'evidence-found'; readonly first: VerifiedMessage; readonly second: VerifiedMessage }
  /** A quorum says of one signed proposal that it is invalid, for one reason. */
  | { readonly type: 'invalid-block-proved'; readonly proof: InvalidBlockProof }
  /** For people: what happened in the round, with the reason. Never changes the protocol. */
  | { readonly type: 'note'; readonly note: RoundNote }
  /** A certified block is invalid here: stop and alarm (rule 4). */
  | { readonly type: 'halt'; readonly height: Height; readonly blockId: Hash; readonly code: string }

export type RoundNote =
  | {
      readonly kind: 'round-entered'
      readonly height: Height
      readonly round: Round
      readonly reason: 'start' | 'timeout' | 'others-moved' | 'proposal' | 'invalid-proposal' | 'restart'
    }
  | {
      readonly kind: 'proposal-accepted'
      readonly height: Height
      readonly round: Round
      readonly blockId: Hash
      readonly proposer: Address
    }
  | {
      readonly kind: 'proposal-dropped'
      readonly height: Height
      readonly round: Round
      readonly proposer: Address
      readonly reason: 'late' | 'too-soon' | 'unjustified' | 'mismatched' | 'invalid' | 'not-proposer'
    }
  | { readonly kind: 'prepared'; readonly height: Height; readonly round: Round; readonly blockId: Hash }
  | {
      readonly kind: 'signing-refused'
      readonly height: Height
      readonly round: Round
      readonly messageType: ConsensusMessage['type']
      readonly reason: string
    }
