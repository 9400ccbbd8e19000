/** What making and sending a transaction takes of a node, whatever its mode. */
import type { Tips } from '../economy/fee-forecast.ts'
import { evidenceFailure } from '../execution/evidence.ts'
import { CodedError } from '../ports/coded-error.ts'
import type { Genesis } from '../protocol/genesis.ts'
import type { Address, Amount, Height } from '../protocol/ids.ts'
import type { EvidenceSubmit, Payload } from '../protocol/transaction.ts'
import { accountOf } from '../state/ledger.ts'
import type { Chain } from './chain.ts'
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
  /** Rejects with the code of evidence that the chain would refuse: whoever catches it sends it, so it may be there already. */
  terms(sender: Address, payload: Payload): Promise<SenderTerms>
  /** Canonical bytes of a signed transaction. */
  submit(bytes: Uint8Array): Promise<Admitted>
}

/** Terms by the state that this node holds. */
export function deskOf(node: LiveNode): TransactionDesk {
  const { chain, pool, economy } = node
  return {
    genesis: chain.genesis,
    terms: async (sender, payload) => {
      if (payload.type === 'evidence.submit') foresee(chain, payload)
      return {
        nonce: pool.nextNonce(sender),
        balance: accountOf(chain.state, sender).balance,
        baseFeePerGas: nextBaseFeeOf(chain),
        tips: economy.fees.tips,
        headHeight: chain.height,
      }
    },
    submit: (bytes) => node.submit(bytes),
  }
}

function foresee(chain: Chain, payload: EvidenceSubmit): void {
  const { state, parameters, parent, height } = chain
  const next = { height: height + 1, timestampMs: parent.timestampMs, parameters }
  const failure = evidenceFailure(state, payload, next)
  if (failure) throw new CodedError(failure.code, { ...failure.data })
}
