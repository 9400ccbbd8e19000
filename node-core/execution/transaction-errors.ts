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
  /** Members are not 1 to 16, distinct and sorted, or the threshold is not among 1 to their number. */
  | { readonly code: 'multisig-invalid'; readonly data: { readonly limit: string } }
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
  | StakeFailure
  | ConsensusFailure
  | EvidenceFailure
  | MultisigFailure
) & {
  /** Of the payload in its batch, from 0. */
  readonly payload?: number
}

type StakeFailure =
  | { readonly code: 'below-minimum-delegation'; readonly data: Least }
  /** What is left would be less than a validator must have of its own: it leaves by validator.exit. */
  | { readonly code: 'own-stake-below-minimum'; readonly data: Least }
  | { readonly code: 'unknown-delegation'; readonly data: { readonly validator: string } }
  | {
      readonly code: 'insufficient-stake'
      readonly data: { readonly stake: string; readonly needed: string }
    }
  | { readonly code: 'too-many-delegators'; readonly data: Limit }
  /** It leaves, is removed for good, or was slashed to nothing: it takes no more stake. */
  | { readonly code: 'validator-closed'; readonly data: { readonly address: string } }
  | { readonly code: 'same-validator'; readonly data: NoData }
  /** Stake that was moved cannot be moved on before; `releasesAtMs` is empty while that time is not known. */
  | { readonly code: 'redelegation-locked'; readonly data: { readonly releasesAtMs: string } }
  | { readonly code: 'too-many-redelegations'; readonly data: Limit }
  | { readonly code: 'unknown-position'; readonly data: { readonly position: string } }
  /** `releasesAtMs` is empty until the last epoch with its power has ended. */
  | { readonly code: 'still-unbonding'; readonly data: { readonly releasesAtMs: string } }
  | { readonly code: 'nothing-to-claim'; readonly data: NoData }
  | { readonly code: 'stake-cooling-down'; readonly data: { readonly endsAtMs: string } }

type ConsensusFailure =
  | { readonly code: 'not-jailed'; readonly data: NoData }
  | { readonly code: 'validator-jailed'; readonly data: { readonly releasesAtMs: string } }
  | { readonly code: 'tombstoned'; readonly data: { readonly address: string } }
  | { readonly code: 'rotation-too-early'; readonly data: { readonly nextAtMs: string } }
  | { readonly code: 'admission-by-stake'; readonly data: NoData }
  /** Of the validator set, or of the multisig account. */
  | { readonly code: 'not-a-member'; readonly data: { readonly address: string } }
  | { readonly code: 'already-voted'; readonly data: { readonly address: string } }
  | { readonly code: 'too-many-votes'; readonly data: Limit }

type EvidenceFailure = {
  readonly code:
    | 'evidence-malformed'
    /** The two do not contradict each other, or the REJECTs are not a quorum of one code. */
    | 'evidence-no-offence'
    /** Older than the unbonding period. */
    | 'evidence-too-old'
    /** Of a height that is not decided yet. */
    | 'evidence-too-new'
    | 'evidence-known'
    /** Signed under another validator set than that of its height, or not by a member's key. */
    | 'evidence-wrong-set'
  readonly data: { readonly detail: string }
}

type MultisigFailure =
  | { readonly code: 'unknown-multisig'; readonly data: { readonly address: string } }
  | { readonly code: 'unknown-proposal'; readonly data: { readonly proposal: string } }
  /** Executed, revoked, or taken away after its expiry. */
  | { readonly code: 'proposal-closed'; readonly data: { readonly proposal: string } }
  | { readonly code: 'proposal-expired'; readonly data: { readonly expiresAtHeight: string } }
  /** The member has as many open at this account as one may; others may still propose. */
  | { readonly code: 'too-many-proposals'; readonly data: Limit }
  | { readonly code: 'already-approved'; readonly data: { readonly address: string } }
  | { readonly code: 'not-approved'; readonly data: { readonly address: string } }
  | {
      readonly code: 'not-enough-approvals'
      readonly data: { readonly approvals: string; readonly threshold: string }
    }

interface Least {
  readonly minimum: string
  readonly actual: string
}

interface Limit {
  readonly limit: string
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
