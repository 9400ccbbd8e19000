/** What a replica is told: facts in the past tense. Results of effects and one's own messages come back as inputs. */
import type { Certificate } from '../protocol/certificate.ts'
import type { Hash, Height, Round, TimestampMs } from '../protocol/ids.ts'
import type { CompactBlock, ConsensusMessage, VerifiedMessage } from '../protocol/messages.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'

/** Two readings taken together. Block times are judged on the wall clock, deadlines on the monotonic one. */
export interface Instant {
  readonly wallMs: TimestampMs
  readonly monotonicMs: number
}

/** Whether the block can be decided by this node, from signed header, matching body and parent state alone. */
export type BlockVerdict =
  | { readonly verdict: 'valid' }
  | { readonly verdict: 'invalid'; readonly code: string }
  /** A body that does not match its roots: dropped without blame (rule 8). */
  | { readonly verdict: 'mismatched' }

export type Input =
  /** Block and certificate of height − 1 are durable here (rule 1). */
  | {
      readonly type: 'height-started'
      readonly height: Height
      readonly parentId: Hash
      readonly parentTimeMs: TimestampMs
      readonly validators: ValidatorSet
      /** From the parent's state, the same on every node: a change of the set waits, so an empty block needs only the block time. */
      readonly pendingSetChange: boolean
      /** This node holds something to include (pool, evidence) or `pendingSetChange`. */
      readonly hasWork: boolean
    }
  | { readonly type: 'work-appeared' }
  | { readonly type: 'message-received'; readonly message: VerifiedMessage }
  /** Answer to `check-block` and `fetch-block`. `block`: what was fetched, so that it can be proposed again (rule 7). */
  | {
      readonly type: 'block-checked'
      readonly blockId: Hash
      readonly result: BlockVerdict
      readonly block?: CompactBlock
    }
  /** Answer to `build-block`; null: it could not be built, the round timer goes on. */
  | {
      readonly type: 'block-built'
      readonly height: Height
      readonly round: Round
      readonly block: CompactBlock | null
      readonly blockId: Hash | null
    }
  /**
   * One's own message is signed and durable; now it may leave, and it counts (answer to `sign-and-persist`). A REJECT, which
   * needs no record, counts when it is signed (answer to `sign-reject`).
   */
  | { readonly type: 'own-message-persisted'; readonly message: VerifiedMessage }
  /** The order to sign could not be carried out: nothing left the process. */
  | {
      readonly type: 'signing-failed'
      readonly height: Height
      readonly round: Round
      readonly messageType: ConsensusMessage['type']
    }
  /** A peer showed certificates at or above this height: sign nothing until caught up (rule 4). */
  | { readonly type: 'peer-ahead'; readonly height: Height }
  /** Somebody else signs with this key, or it cannot be known: sign nothing until `signing-allowed`. */
  | { readonly type: 'signing-barred' }
  /** What kept this replica from signing is over: sign from this height on. */
  | { readonly type: 'signing-allowed'; readonly fromHeight: Height }
  /** No peer asked shows anything at or above the replica's height. */
  | { readonly type: 'caught-up' }
  /** A certificate for the current height came by another way (decided topic, catch-up), verified, body checked valid. */
  | { readonly type: 'certificate-received'; readonly certificate: Certificate }
  /** A deadline may have passed; also implied by every other input. */
  | { readonly type: 'clock-advanced' }

export interface TimedInput {
  readonly at: Instant
  readonly input: Input
}
