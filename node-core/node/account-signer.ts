/** Makes and signs transactions of one account: nonce, gas and fees come from the node. */

import { CodedError } from '../ports/coded-error.ts'
import type { SigningKey } from '../ports/crypto.ts'
import { encodeTransaction } from '../protocol/codec-transaction.ts'
import { SCHEME_ED25519 } from '../protocol/constants.ts'
import { transactionSigningBytes } from '../protocol/hash.ts'
import type { Address, Hash } from '../protocol/ids.ts'
import type { Payload, UnsignedTransaction } from '../protocol/transaction.ts'
import type { LiveNode } from './live-node.ts'
import { feeEstimate, maximumFeePerGas, TIP_BLOCKS, tipsOf } from './views/economy-view.ts'

export type Speed = 'slow' | 'standard' | 'fast'

export interface Review {
  readonly unsigned: UnsignedTransaction
  /** What it costs at the next block's base fee. */
  readonly fee: bigint
  /** The most it can cost. */
  readonly feeMax: bigint
}

export async function reviewTransaction(
  node: LiveNode,
  sender: Address,
  payload: Payload,
  speed: Speed = 'standard',
): Promise<Review> {
  const { chain } = node
  const newest =
    chain.height === 0 ? [] : await chain.loadRange(Math.max(1, chain.height - TIP_BLOCKS + 1), TIP_BLOCKS)
  const tips = tipsOf(newest)
  const estimate = feeEstimate(node, sender, payload, tips)
  const tip = tips[speed]
  const baseFeePerGas = BigInt(estimate.baseFeePerGas)
  const maxFeePerGas = maximumFeePerGas(baseFeePerGas, tip)
  const unsigned: UnsignedTransaction = {
    chainId: chain.genesis.chainId,
    sender,
    nonce: estimate.nonce,
    gasLimit: estimate.gas,
    maxFeePerGas,
    maxPriorityFeePerGas: tip,
    validUntilHeight: estimate.validUntilHeight,
    payload,
  }
  return {
    unsigned,
    fee: BigInt(estimate.gas) * (baseFeePerGas + tip),
    feeMax: BigInt(estimate.gas) * maxFeePerGas,
  }
}

/** Rejects with the refusal's code. */
export async function signAndSubmit(
  node: LiveNode,
  key: SigningKey,
  unsigned: UnsignedTransaction,
): Promise<Hash> {
  const bytes = await key.sign(transactionSigningBytes(unsigned))
  const transaction = { ...unsigned, signature: { scheme: SCHEME_ED25519, publicKey: key.publicKey, bytes } }
  const result = await node.submit(encodeTransaction(transaction))
  if (!result.ok) throw new CodedError(result.code, result.data)
  return result.id
}
