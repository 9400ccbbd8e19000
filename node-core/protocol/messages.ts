/** Consensus messages. Every signature covers domain, chainId, validatorsHash, type, height, round and blockId. */
import type { Header } from './block.ts'
import type { Certificate } from './certificate.ts'
import type { Address, Hash, Height, Round } from './ids.ts'

interface Signed {
  readonly height: Height
  readonly round: Round
  /** The validator's address (not its key): the set of the height names the key. */
  readonly sender: Address
  /** Ed25519, 64 bytes. Never compared, never part of an id: some browsers randomise it. */
  readonly signature: Uint8Array
}

/** What every node needs to find the body: ids from the pool, the rest beside them. */
export interface CompactBlock {
  readonly header: Header
  readonly transactionIds: readonly Hash[]
  readonly evidence: readonly Uint8Array[]
  readonly parentCertificate: Certificate | null
}

export interface PrePrepare extends Signed {
  readonly type: 'pre-prepare'
  readonly blockId: Hash
  readonly block: CompactBlock
  /** For round > 0: a quorum of ROUND-CHANGE(height, round). Not under the signature. */
  readonly justification: readonly RoundChange[]
}

export interface Prepare extends Signed {
  readonly type: 'prepare'
  readonly blockId: Hash
}

export interface Commit extends Signed {
  readonly type: 'commit'
  readonly blockId: Hash
}

export interface Prepared {
  readonly round: Round
  readonly blockId: Hash
}

export interface RoundChange extends Signed {
  readonly type: 'round-change'
  /** What the sender has prepared: signed. */
  readonly prepared: Prepared | null
  /** A quorum of PREPARE(height, prepared.round, prepared.blockId): proves `prepared`, not under the signature. */
  readonly preparedCertificate: readonly Prepare[]
}

/** Says why a proposal is invalid; outside the signing guard's order. */
export interface Reject extends Signed {
  readonly type: 'reject'
  readonly blockId: Hash
  /** A code of execution/block-errors.ts. */
  readonly code: string
}

export type ConsensusMessage = PrePrepare | Prepare | Commit | RoundChange | Reject
/** The four that the signing guard orders. */
export type GuardedMessage = PrePrepare | Prepare | Commit | RoundChange
export type Unsigned<M extends ConsensusMessage> = M extends ConsensusMessage ? Omit<M, 'signature'> : never

/** A message whose signature, embedded signatures and sender's membership were checked against the height's set. */
export type VerifiedMessage<M extends ConsensusMessage = ConsensusMessage> = M & { readonly [verified]: true }
declare const verified: unique symbol

/** The one door: call it only after every signature in the message was accepted. */
export function markVerified<M extends ConsensusMessage>(message: M): VerifiedMessage<M> {
  return message as VerifiedMessage<M>
}
