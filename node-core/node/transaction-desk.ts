/** What making and sending a transaction takes of a node, whatever its mode. */
import type { Tips } from '../economy/fee-forecast.ts'
import type { Genesis } from '../protocol/genesis.ts'
import type { Address, Amount, Height } from '../protocol/ids.ts'
import { accountOf } from '../state/ledger.ts'
import type { Admitted, LiveNode } from './live-node.ts'
import { nextBaseFeeOf } from './pool-chain.ts'

export interface SenderTerms {
  /** Of the sender's next transaction, after those that wait. */
  readonly nonce: number
  readonly balance: Amount
  /** Of the next block, base units per gas. */
  readonly baseFeePerGas: Amount
  readonly tips: Tips
  readonly headHeight: Height
}

export interface TransactionDesk {
  readonly genesis: Genesis
  terms(sender: Address): Promise<SenderTerms>
  /** Canonical bytes of a signed transaction. */
  submit(bytes: Uint8Array): Promise<Admitted>
}

/** Terms by the state that this node holds. */
export function deskOf(node: LiveNode): TransactionDesk {
  const { chain, pool, economy } = node
  return {
    genesis: chain.genesis,
    terms: async (sender) => ({
      nonce: pool.nextNonce(sender),
      balance: accountOf(chain.state, sender).balance,
      baseFeePerGas: nextBaseFeeOf(chain),
      tips: economy.fees.tips,
      headHeight: chain.height,
    }),
    submit: (bytes) => node.submit(bytes),
  }
}
