/** Evidence as NodeApi shows it. */
import type { AddressString, HashString } from './node-api.ts'

/** One signed statement: what its sender answers for. */
export interface StatementView {
  readonly type: 'pre-prepare' | 'prepare' | 'commit' | 'round-change'
  readonly round: number
  /** null: a ROUND-CHANGE, which names none. */
  readonly blockId: HashString | null
  /** What a ROUND-CHANGE claims to have prepared; null: nothing, or another type. */
  readonly prepared: { readonly round: number; readonly blockId: HashString } | null
  /** 0x-hex. */
  readonly signature: string
}

export interface EvidenceView {
  /** Of what the two statements say; the same on every node. */
  readonly id: HashString
  readonly offence: 'double-sign' | 'amnesia'
  readonly validator: AddressString
  readonly height: number
  readonly atMs: number
  /** messages: found here; gossip: told by a peer, and checked here. */
  readonly source: 'messages' | 'gossip'
  /** Canonical bytes of the two signed statements, 0x-hex. */
  readonly first: string
  readonly second: string
  readonly statements: readonly [StatementView, StatementView]
  /**
   * Canonical bytes of the whole, 0x-hex: the `proof` of an `evidence.submit`. null: the set of that height is not kept here
   * any more.
   */
  readonly bytes: string | null
}
