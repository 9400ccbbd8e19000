/** Multisig accounts as NodeApi shows them. */
import type { AddressString, PayloadView } from './node-api.ts'

export interface MultisigProposalView {
  readonly proposal: number
  readonly proposer: AddressString
  readonly payload: PayloadView
  readonly approvals: readonly AddressString[]
  readonly expiresAtHeight: number
  readonly state: 'waiting' | 'ready' | 'expired'
}

export interface MultisigView {
  readonly account: AddressString
  readonly threshold: number
  readonly members: readonly AddressString[]
  readonly balance: string
  /** Open ones, oldest first. */
  readonly proposals: readonly MultisigProposalView[]
}
