/** A decision as it travels: a block and the certificate that proves it. */
import type { Block, Header } from './block.ts'
import type { Certificate } from './certificate.ts'
import type { Hash } from './ids.ts'

/** Whole, for those who are behind. */
export interface DecidedBlock {
  readonly block: Block
  readonly certificate: Certificate
}

/** Announced: bodies come from the pool or are fetched. */
export interface Decided {
  readonly header: Header
  readonly certificate: Certificate
  readonly transactionIds: readonly Hash[]
  readonly evidence: readonly Uint8Array[]
  readonly parentCertificate: Certificate | null
}
