/**
 * WalletApi: what only the owner of the keys may do. It exists inside a tab's worker, is reached over a MessagePort by pages
 * of the same origin, and is never behind the RPC. No method returns a private key in the clear.
 */
import type { AddressString, AmountString, HashString, NodeMode, PayloadView } from './node-api.ts'

export interface AccountKeyView {
  readonly address: AddressString
  readonly name: string
  readonly createdAtMs: number
  /** The private key cannot leave the browser's key store any more. */
  readonly sealed: boolean
  readonly backedUpAtMs: number | null
  readonly active: boolean
}

export type SubmitRequest =
  | {
      readonly type: 'transfer'
      readonly to: AddressString
      readonly amount: AmountString
      readonly speed?: Speed
    }
  | { readonly type: 'faucet.drip' }
  /** The worker makes the two validator keys and their proofs. */
  | {
      readonly type: 'validator.register'
      readonly stake: AmountString
      readonly commission: number
      readonly name: string
    }
  | { readonly type: 'validator.update'; readonly commission: number; readonly name: string }
  | { readonly type: 'validator.pause' }
  | { readonly type: 'validator.resume' }
  | { readonly type: 'validator.exit' }
  /** After its time in jail. */
  | { readonly type: 'validator.unjail' }
  /** The worker makes the new pair of keys, with its proofs, and keeps both until the chain has changed to it. */
  | { readonly type: 'validator.rotateKey' }

/** What a tab's node may be; it votes as a light node. */
export type TabMode = Extract<NodeMode, 'light' | 'observer'>

export type Speed = 'slow' | 'standard' | 'fast'

export interface WalletMethods {
  wallet_accounts: { params: Record<string, never>; result: readonly AccountKeyView[] }
  wallet_create: { params: { name: string }; result: AccountKeyView }
  /** Candidate addresses to choose a flag from; `wallet_create` with `choice` keeps that one, the others are forgotten. */
  wallet_offer: { params: { count: number }; result: readonly { choice: string; address: AddressString }[] }
  wallet_choose: { params: { choice: string; name: string }; result: AccountKeyView }
  wallet_activate: { params: { address: AddressString }; result: AccountKeyView }
  /** An encrypted backup file's text (account, validator and randomness keys). 12 ≤ password length. */
  wallet_backup: { params: { password: string }; result: { fileName: string; text: string } }
  /** Opens the file with the password without importing it: a rehearsal. */
  wallet_rehearse: { params: { text: string; password: string }; result: { address: AddressString } }
  wallet_restore: { params: { text: string; password: string; name: string }; result: AccountKeyView }
  /** What it would cost and change; nothing is signed. */
  wallet_review: {
    params: { request: SubmitRequest }
    result: {
      payload: PayloadView
      gas: number
      fee: AmountString
      feeMax: AmountString
      balanceAfter: AmountString
    }
  }
  wallet_submit: { params: { request: SubmitRequest }; result: { hash: HashString } }
  mesh_dial: { params: { address: string }; result: { peer: string } }
  mesh_block: { params: { peer: string; minutes: number }; result: Record<string, never> }
  /** true: leave the relays after direct links stand; false: come back. */
  mesh_dropRelay: { params: { drop: boolean }; result: Record<string, never> }
  /** The signing record as a file that another node can take over from: positions, no key. Nothing is signed here any more. */
  signing_export: { params: Record<string, never>; result: { fileName: string; text: string } }
  /** Signs here again though the record was exported: the caller vouches that no other node signs by it. */
  signing_resume: { params: Record<string, never>; result: Record<string, never> }
  /** The higher of the two records counts from then on; `changed` false: the one here was. */
  signing_import: {
    params: { text: string }
    result: {
      readonly position: { readonly height: number; readonly round: number; readonly type: string } | null
      readonly changed: boolean
      readonly signsFromHeight: number
    }
  }
  /** Kept for this browser; the node starts again in that mode, and the answer comes when it has. */
  node_mode: { params: { mode: TabMode }; result: Record<string, never> }
  node_persist: { params: Record<string, never>; result: { persistent: boolean } }
}

export type WalletMethod = keyof WalletMethods

export interface WalletApi {
  call<M extends WalletMethod>(
    method: M,
    params: WalletMethods[M]['params'],
  ): Promise<WalletMethods[M]['result']>
}
