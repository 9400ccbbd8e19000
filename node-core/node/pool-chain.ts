/** What the pool asks of the chain: nonces and admission into the next block. */
import { nextBaseFee } from '../economy/base-fee.ts'
import { gasOf } from '../economy/gas.ts'
import { checkTransaction } from '../execution/check-transaction.ts'
import type { Amount } from '../protocol/ids.ts'
import { senderGasOf } from '../protocol/parameters.ts'
import { accountOf } from '../state/ledger.ts'
import type { Chain } from './chain.ts'
import type { PoolChain } from './transaction-pool.ts'

/** Base fee of the block after the head. */
export function nextBaseFeeOf(chain: Chain): Amount {
  return nextBaseFee(chain.parent, chain.parameters.genesisBaseFeePerGas)
}

export function poolChain(chain: Chain): PoolChain {
  const { parameters } = chain
  /** Of the head, for which the pool asks at every transaction. */
  let held = { head: chain.head, height: chain.height + 1, baseFeePerGas: nextBaseFeeOf(chain) }
  const next = () => {
    if (held.head !== chain.head)
      held = { head: chain.head, height: chain.height + 1, baseFeePerGas: nextBaseFeeOf(chain) }
    return held
  }
  return {
    get baseFeePerGas() {
      return next().baseFeePerGas
    },
    senderGas: senderGasOf(parameters),
    gasOf: ({ transaction }) => gasOf(transaction.payload, parameters),
    nextNonce: (sender) => accountOf(chain.state, sender).nonce,
    check: ({ transaction, bytes }) => {
      const { height, baseFeePerGas } = next()
      const terms = { height, baseFeePerGas, bytes: bytes.length }
      const rejection = checkTransaction(chain.state, parameters, transaction, terms)
      return rejection === null || rejection.code === 'nonce-too-high'
        ? null
        : { code: rejection.code, data: { ...rejection.data } }
    },
  }
}
