/** Why a transaction is refused, or failed inside a block. Codes are closed; figures are decimal text, fit for a receipt. */

/** It cannot be in a block: no nonce is used and no gas is paid. */
export type TransactionRejection =
  | { readonly code: 'wrong-chain'; readonly data: { readonly expected: string; readonly actual: string } }
  | { readonly code: 'too-large'; readonly data: { readonly bytes: string; readonly limit: string } }
  /** The signature's key is not the sender's. */
  | { readonly code: 'address-mismatch'; readonly data: { readonly sender: string } }
  | {
      readonly code: 'expired'
      readonly data: { readonly validUntilHeight: string; readonly height: string }
    }
  | { readonly code: 'nonce-too-low'; readonly data: Nonces }
  /** Others of the sender come first: a pool keeps it waiting. */
  | { readonly code: 'nonce-too-high'; readonly data: Nonces }
  | {
      readonly code: 'gas-limit-too-low'
      readonly data: { readonly needed: string; readonly actual: string }
    }
  /** It fits in no block. */
  | {
      readonly code: 'gas-above-block-limit'
      readonly data: { readonly needed: string; readonly limit: string }
    }
  | { readonly code: 'fee-too-low'; readonly data: { readonly baseFee: string; readonly actual: string } }
  | { readonly code: 'insufficient-balance'; readonly data: Balances }
  | { readonly code: 'batch-empty'; readonly data: NoData }
  | { readonly code: 'batch-too-long'; readonly data: { readonly payloads: string; readonly limit: string } }
  | { readonly code: 'drip-in-batch'; readonly data: NoData }
  | { readonly code: 'faucet-closed'; readonly data: NoData }
  | { readonly code: 'drip-too-early'; readonly data: { readonly nextHeight: string } }
  | { readonly code: 'name-invalid'; readonly data: { readonly limitBytes: string } }
  | {
      readonly code: 'commission-out-of-range'
      readonly data: { readonly minimum: string; readonly maximum: string }
    }
  | {
      readonly code: 'below-minimum-stake'
      readonly data: { readonly minimum: string; readonly actual: string }
    }

/** It is in a block, pays its gas and does nothing else: the code and data of its receipt. */
export type TransactionFailure = (
  | { readonly code: 'insufficient-balance'; readonly data: Balances }
  | { readonly code: 'unknown-validator'; readonly data: { readonly address: string } }
  | { readonly code: 'already-registered'; readonly data: { readonly address: string } }
  /** The consensus key belongs to another validator. */
  | { readonly code: 'key-in-use'; readonly data: { readonly address: string } }
  | { readonly code: 'validator-exiting'; readonly data: { readonly address: string } }
) & {
  /** Of the payload in its batch, from 0. */
  readonly payload?: number
}

export type TransactionErrorCode = TransactionRejection['code'] | TransactionFailure['code']

interface Nonces {
  readonly expected: string
  readonly actual: string
}

interface Balances {
  readonly balance: string
  readonly needed: string
}

type NoData = Readonly<Record<string, never>>
