/** Makes and signs transactions of one account: nonce, gas and fees come from the node. */

import { CodedError } from '../ports/coded-error.ts'
import type { SigningKey } from '../ports/crypto.ts'
import { encodeTransaction } from '../protocol/codec-transaction.ts'
import { SCHEME_ED25519 } from '../protocol/constants.ts'
import { transactionSigningBytes } from '../protocol/hash.ts'
import type { Address, Hash } from '../protocol/ids.ts'
import type { Payload, Transaction, UnsignedTransaction } from '../protocol/transaction.ts'
import type { TransactionDesk } from './transaction-desk.ts'
import { feeEstimate, maximumFeePerGas } from './views/fees-view.ts'

export type Speed = 'slow' | 'standard' | 'fast'

export interface Review {
  readonly unsigned: UnsignedTransaction
  /** Of the sender, before it. */
  readonly balance: bigint
  /** What it costs at the next block's base fee. */
  readonly fee: bigint
  /** The most it can cost. */
  readonly feeMax: bigint
}

export async function reviewTransaction(
  desk: TransactionDesk,
  sender: Address,
  payload: Payload,
  speed: Speed = 'standard',
): Promise<Review> {
  const terms = await desk.terms(sender, payload)
  const estimate = feeEstimate(desk.genesis.parameters, terms, payload)
  const tip = terms.tips[speed]
  const maxFeePerGas = maximumFeePerGas(terms.baseFeePerGas, tip)
  const unsigned: UnsignedTransaction = {
    chainId: desk.genesis.chainId,
    sender,
    nonce: terms.nonce,
    gasLimit: estimate.gas,
    maxFeePerGas,
    maxPriorityFeePerGas: tip,
    validUntilHeight: estimate.validUntilHeight,
    payload,
  }
  return {
    unsigned,
    balance: terms.balance,
    fee: BigInt(estimate.gas) * (terms.baseFeePerGas + tip),
    feeMax: BigInt(estimate.gas) * maxFeePerGas,
  }
}

/** Rejects with the refusal's code. */
export async function signAndSubmit(
  desk: TransactionDesk,
  key: SigningKey,
  unsigned: UnsignedTransaction,
): Promise<Hash> {
  const bytes = await key.sign(transactionSigningBytes(unsigned))
  return submitSigned(desk, {
    ...unsigned,
    signature: { scheme: SCHEME_ED25519, publicKey: key.publicKey, bytes },
  })
}

/** Rejects with the refusal's code. */
export async function submitSigned(desk: TransactionDesk, transaction: Transaction): Promise<Hash> {
  const result = await desk.submit(encodeTransaction(transaction))
  if (!result.ok) throw new CodedError(result.code, result.data)
  return result.id
}
