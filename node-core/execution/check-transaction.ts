/** Admission: whether a transaction may be in the next block. The pool asks it, and so does every check of a block. */
import { maximumFee } from '../economy/fees.ts'
import { gasOf } from '../economy/gas.ts'
import { addressOf } from '../protocol/address.ts'
import { MAX_BATCH_PAYLOADS, MAX_MULTISIG_MEMBERS } from '../protocol/constants.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Amount, Height } from '../protocol/ids.ts'
import { areMultisigTerms } from '../protocol/multisig-account.ts'
import { senderGasOf } from '../protocol/parameters.ts'
import type {
  EvidenceSubmit,
  SinglePayload,
  Transaction,
  UnsignedTransaction,
} from '../protocol/transaction.ts'
import { CHAIN_KEY } from '../state/keys.ts'
import { accountOf } from '../state/ledger.ts'
import type { StateView } from '../state/store.ts'
import { checkDrip } from './faucet.ts'
import type { TransactionRejection } from './transaction-errors.ts'
import { checkTerms } from './validator-terms.ts'

export interface AdmissionTerms {
  /** Of the block that would include it. */
  readonly height: Height
  readonly baseFeePerGas: Amount
  /** Size of the transaction's canonical encoding. */
  readonly bytes: number
}

/**
 * null: admissible. What depends on the transaction alone comes first, then nonces, then money: a transaction that waits for
 * others of its sender ('nonce-too-high') is not judged by a balance that they may change.
 * The signature and what else it takes keys to check are verified outside: outside-proofs.ts.
 */
export function checkTransaction(
  view: StateView,
  parameters: ChainParameters,
  transaction: Transaction,
  terms: AdmissionTerms,
): TransactionRejection | null {
  return (
    checkOrigin(view, parameters, transaction, terms) ??
    checkPayload(transaction, parameters) ??
    checkGas(transaction, parameters, terms) ??
    checkNonce(view, transaction) ??
    checkMoney(view, transaction, parameters, terms)
  )
}

function checkOrigin(
  view: StateView,
  parameters: ChainParameters,
  transaction: Transaction,
  { bytes, height }: AdmissionTerms,
): TransactionRejection | null {
  const { chainId, sender, validUntilHeight } = transaction
  const expected = view.get(CHAIN_KEY)!.chainId
  if (chainId !== expected) return { code: 'wrong-chain', data: { expected, actual: chainId } }
  const limit = parameters.maximumTransactionBytes
  if (bytes > limit) return { code: 'too-large', data: { bytes: String(bytes), limit: String(limit) } }
  if (!isOfItsKey(transaction)) return { code: 'address-mismatch', data: { sender } }
  if (height <= validUntilHeight) return null
  return { code: 'expired', data: { validUntilHeight: String(validUntilHeight), height: String(height) } }
}

/** PERF: asked before the signature, by the pool, whoever proposes, and who checks; a transaction never changes in place. */
const ofTheirKeys = new WeakSet<Transaction>()

/** The sender is the address of the key that signed. */
export function isOfItsKey(transaction: Transaction): boolean {
  if (ofTheirKeys.has(transaction)) return true
  const { sender, signature } = transaction
  if (addressOf(signature.scheme, signature.publicKey) !== sender) return false
  ofTheirKeys.add(transaction)
  return true
}

function checkPayload(
  { payload }: UnsignedTransaction,
  parameters: ChainParameters,
): TransactionRejection | null {
  if (payload.type !== 'batch') return checkSingle(payload, parameters)
  const { length } = payload.payloads
  if (length === 0) return { code: 'batch-empty', data: {} }
  if (length > MAX_BATCH_PAYLOADS) {
    return { code: 'batch-too-long', data: { payloads: String(length), limit: String(MAX_BATCH_PAYLOADS) } }
  }
  for (const single of payload.payloads) {
    if (single.type === 'faucet.drip') return { code: 'drip-in-batch', data: {} }
    const rejection = checkSingle(single, parameters)
    if (rejection) return rejection
  }
  return null
}

function checkSingle(
  payload: SinglePayload | EvidenceSubmit,
  parameters: ChainParameters,
): TransactionRejection | null {
  if (payload.type === 'multisig.propose') return checkSingle(payload.payload, parameters)
  if (payload.type === 'multisig.create' && !areMultisigTerms(payload)) {
    return { code: 'multisig-invalid', data: { limit: String(MAX_MULTISIG_MEMBERS) } }
  }
  if (payload.type === 'validator.update') return checkTerms(payload, parameters)
  if (payload.type !== 'validator.register') return null
  const minimum = parameters.minimumSelfStake
  if (payload.stake < minimum) {
    return { code: 'below-minimum-stake', data: { minimum: String(minimum), actual: String(payload.stake) } }
  }
  return checkTerms(payload, parameters)
}

function checkGas(
  transaction: UnsignedTransaction,
  parameters: ChainParameters,
  { baseFeePerGas }: AdmissionTerms,
): TransactionRejection | null {
  const { gasLimit, maxFeePerGas, payload } = transaction
  const gas = gasOf(payload, parameters)
  const limit = senderGasOf(parameters)
  if (gas > limit)
    return { code: 'gas-above-block-limit', data: { needed: String(gas), limit: String(limit) } }
  if (gasLimit < gas) {
    return { code: 'gas-limit-too-low', data: { needed: String(gas), actual: String(gasLimit) } }
  }
  if (maxFeePerGas >= baseFeePerGas) return null
  return { code: 'fee-too-low', data: { baseFee: String(baseFeePerGas), actual: String(maxFeePerGas) } }
}

function checkNonce(view: StateView, { sender, nonce }: UnsignedTransaction): TransactionRejection | null {
  const expected = accountOf(view, sender).nonce
  if (nonce === expected) return null
  const code = nonce < expected ? 'nonce-too-low' : 'nonce-too-high'
  return { code, data: { expected: String(expected), actual: String(nonce) } }
}

/** The sender must have the highest fee it offers and all that it sends or stakes. */
function checkMoney(
  view: StateView,
  transaction: UnsignedTransaction,
  parameters: ChainParameters,
  { height }: AdmissionTerms,
): TransactionRejection | null {
  const { sender, payload } = transaction
  const { balance } = accountOf(view, sender)
  let available = balance
  if (payload.type === 'faucet.drip') {
    const rejection = checkDrip(view, sender, { parameters, height })
    if (rejection) return rejection
    available += parameters.faucetDrip
  }
  const needed = maximumFee(transaction, gasOf(payload, parameters)) + outgoing(transaction)
  if (available >= needed) return null
  return { code: 'insufficient-balance', data: { balance: String(balance), needed: String(needed) } }
}

function outgoing({ payload }: UnsignedTransaction): Amount {
  return singles(payload).reduce((sum, single) => {
    if (single.type === 'transfer' || single.type === 'stake.delegate') return sum + single.amount
    return single.type === 'validator.register' ? sum + single.stake : sum
  }, 0n)
}

/** What it asks for, one by one. */
export function singles(
  payload: UnsignedTransaction['payload'],
): readonly (SinglePayload | EvidenceSubmit)[] {
  return payload.type === 'batch' ? payload.payloads : [payload]
}
