/**
 * WalletApi: what only the owner of the keys may do. It exists inside a tab's worker, is reached over a MessagePort by pages
 * of the same origin, and is never behind the RPC. No method returns a private key in the clear.
 */
import type { Batch } from '../protocol/transaction.ts'
import type { AddressString, AmountString, HashString, NodeMode, PayloadView } from './node-api.ts'

export interface AccountKeyView {
  readonly address: AddressString
  readonly name: string
  readonly createdAtMs: number
  /** The private key cannot leave the browser's key store any more. */
  readonly sealed: boolean
  readonly backedUpAtMs: number | null
  readonly active: boolean
  /** Its key is a passkey: the page asks for it at each signature, and no backup of ours can hold it. */
  readonly passkey: boolean
}

export interface ClaimRequest {
  readonly type: 'stake.claimRewards'
  readonly validator: AddressString
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
  | { readonly type: 'validator.unjail' }
  /** The worker makes the new keys and their proofs; the old ones vote until the last epoch that names them is over. */
  | { readonly type: 'validator.rotateKey' }
  | { readonly type: 'validator.admit' | 'validator.expel'; readonly validator: AddressString }
  | {
      readonly type: 'stake.delegate' | 'stake.undelegate'
      readonly validator: AddressString
      readonly amount: AmountString
    }
  | {
      readonly type: 'stake.redelegate'
      readonly from: AddressString
      readonly to: AddressString
      readonly amount: AmountString
    }
  | { readonly type: 'stake.withdraw'; readonly position: number }
  | ClaimRequest
  /** Done whole or not at all. */
  | Batch<ClaimRequest>
  | { readonly type: 'stake.compound'; readonly validator: AddressString; readonly enabled: boolean }
  /** `proof`: the bytes of what `alert_list` gives. */
  | { readonly type: 'evidence.submit'; readonly proof: string }
  /** Members in any order. */
  | {
      readonly type: 'multisig.create'
      readonly threshold: number
      readonly members: readonly AddressString[]
    }
  /** `payload`: as NodeApi shows payloads; a registration or new keys come with their proofs. */
  | {
      readonly type: 'multisig.propose'
      readonly account: AddressString
      readonly payload: PayloadView
      readonly expiresAtHeight: number
    }
  | {
      readonly type: 'multisig.approve' | 'multisig.revoke' | 'multisig.execute'
      readonly account: AddressString
      readonly proposal: number
    }

/** What a passkey is to sign, 0x-hex. */
export interface PasskeyQuestion {
  /** Names the transaction that waits in the worker. */
  readonly attempt: string
  readonly credentialId: string
  /** 32 bytes. */
  readonly challenge: string
}

/** What it signed, 0x-hex; the signature in DER, as authenticators give it. */
export interface PasskeyAssertion {
  readonly credentialId: string
  readonly authenticatorData: string
  readonly clientDataJson: string
  readonly signature: string
}

export type PasskeyAnswer = { readonly attempt: string } & Omit<PasskeyAssertion, 'credentialId'>

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
  /** Of an account with a passkey the page asks for it between the two calls below, which callers of this one never see. */
  wallet_submit: { params: { request: SubmitRequest }; result: { hash: HashString } }
  /** The page's browser makes the passkey; the account is of its public key. Needs a page of a name, not of an IP address. */
  wallet_passkey_create: { params: { name: string }; result: AccountKeyView }
  /** Finds an account again whose passkey is here and of which this browser knows nothing: the person is asked twice. */
  wallet_passkey_restore: { params: { name: string }; result: AccountKeyView }
  /** The key from two of its signatures, over anything. */
  wallet_passkey_recover: {
    params: { name: string; assertions: readonly PasskeyAssertion[] }
    result: AccountKeyView
  }
  /** Keeps an account of a passkey that the page's browser made. `publicKey`: SubjectPublicKeyInfo, 0x-hex. */
  wallet_passkey_keep: {
    params: { name: string; credentialId: string; publicKey: string }
    result: AccountKeyView
  }
  /** null: the active account's key is here, `wallet_submit` will do. */
  wallet_passkey_begin: { params: { request: SubmitRequest }; result: PasskeyQuestion | null }
  wallet_passkey_finish: { params: PasskeyAnswer; result: { hash: HashString } }
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
