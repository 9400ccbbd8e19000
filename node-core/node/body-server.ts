/** Answers those who lack a transaction or a proposal that this node has. */
import type { Network } from '../ports/network.ts'
import { encodeCompactBlock } from '../protocol/codec-block.ts'
import type { BlockChecker } from './block-checker.ts'
import { BODY_TRANSACTIONS } from './constants.ts'
import { idOf } from './repositories.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'
import { BODY_PROTOCOL, decodeIds, encodeList, PROPOSAL_PROTOCOL } from './wire-protocols.ts'

interface Sources {
  readonly transactions: TransactionVerifier
  readonly checker: BlockChecker
}

export function serveBodies(network: Network, { transactions, checker }: Sources): void {
  network.handle(BODY_PROTOCOL, async (request) => {
    const ids = decodeIds(request) ?? []
    return encodeList(
      ids.slice(0, BODY_TRANSACTIONS).flatMap((id) => transactions.known(idOf(id))?.bytes ?? []),
    )
  })
  network.handle(PROPOSAL_PROTOCOL, async (request) => {
    const checked = request.length === 32 ? checker.checked(idOf(request)) : undefined
    return checked ? encodeCompactBlock(checked.compact) : new Uint8Array()
  })
}
