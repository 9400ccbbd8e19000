/** Answers those who lack a transaction or a proposal that this node has. */
import type { Network } from '../ports/network.ts'
import { NetworkError } from '../ports/network-error.ts'
import { encodeCompactBlock } from '../protocol/codec-block.ts'
import { HASH_BYTES } from '../protocol/constants.ts'
import type { BlockChecker } from './block-checker.ts'
import { BODY_BYTES } from './constants.ts'
import { idOf } from './repositories.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'
import { BODY_PROTOCOL, decodeIds, encodeList, PROPOSAL_PROTOCOL } from './wire-protocols.ts'

interface Sources {
  readonly transactions: TransactionVerifier
  readonly checker: BlockChecker
}

export function serveBodies(network: Network, { transactions, checker }: Sources): void {
  network.handle(BODY_PROTOCOL, async (request) => {
    const ids = decodeIds(request)
    if (!ids) throw new NetworkError('refused')
    return encodeList(bodiesOf(ids, transactions))
  })
  network.handle(PROPOSAL_PROTOCOL, async (request) => {
    if (request.length !== HASH_BYTES) throw new NetworkError('refused')
    const checked = checker.checked(idOf(request))
    return checked ? encodeCompactBlock(checked.compact) : new Uint8Array()
  })
}

/** Each once, and no more bytes than fit in an answer: what is left out is asked for again. */
function bodiesOf(ids: readonly Uint8Array[], transactions: TransactionVerifier): Uint8Array[] {
  const found: Uint8Array[] = []
  let room = BODY_BYTES
  for (const id of new Set(ids.map(idOf))) {
    const bytes = transactions.known(id)?.bytes
    if (!bytes) continue
    room -= bytes.length
    if (room < 0) break
    found.push(bytes)
  }
  return found
}
