/** What travels between the replicas of the core engine. Signatures are not computed: what would fail them says so itself. */
import type { Certificate } from '../../protocol/certificate.ts'
import type { Hash, Height } from '../../protocol/ids.ts'
import type { CompactBlock, VerifiedMessage } from '../../protocol/messages.ts'

/** A block of a run. Whether it is valid is known to the run alone, and to a replica once it has the body. */
export interface SimBlock {
  readonly blockId: Hash
  readonly block: CompactBlock
  readonly valid: boolean
}

export interface DecidedBlock extends SimBlock {
  readonly certificate: Certificate
}

export type Envelope =
  | {
      readonly kind: 'message'
      readonly message: VerifiedMessage
      readonly hasBody: boolean
      /** Holds votes that nobody gave: a node that checks signatures drops it. */
      readonly forged: boolean
    }
  | {
      readonly kind: 'decided'
      readonly height: Height
      readonly decided: DecidedBlock
      readonly forged: boolean
    }
  | { readonly kind: 'request'; readonly fromHeight: Height; readonly asker: number }
