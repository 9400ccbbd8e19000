/** Why a block is refused. */

/** The body is not the one that the header names: nobody is to blame for the header (the body may have been spoilt on its way). */
export type MismatchCode = 'transactions-mismatch' | 'evidence-mismatch' | 'certificate-mismatch'

/** By the signed header, a body that matches it and the parent's state alone: the same on every node. */
export type InvalidBlockCode =
  | 'wrong-version'
  | 'wrong-chain'
  | 'wrong-height'
  | 'wrong-parent'
  | 'wrong-validators-hash'
  | 'wrong-next-validators-hash'
  | 'wrong-gas-limit'
  | 'wrong-base-fee'
  | 'invalid-randomness-reveal'
  | 'proposer-not-member'
  | 'timestamp-too-early'
  | 'invalid-parent-certificate'
  | 'too-many-transactions'
  | 'too-much-evidence'
  | 'block-too-large'
  | 'wrong-order'
  | 'inadmissible-transaction'
  | 'gas-limit-exceeded'
  | 'sender-share-exceeded'
  | 'wrong-gas-used'
  | 'wrong-receipts-root'
  | 'wrong-state-root'

export type BlockErrorCode = MismatchCode | InvalidBlockCode

const MISMATCHES: ReadonlySet<string> = new Set<MismatchCode>([
  'transactions-mismatch',
  'evidence-mismatch',
  'certificate-mismatch',
])

export function isMismatch(code: BlockErrorCode): code is MismatchCode {
  return MISMATCHES.has(code)
}
