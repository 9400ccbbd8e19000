/** A fresh block on a parent, from what waits, and its outcome: what everyone else finds by checking it. */
import { assert } from '../lib/assert.ts'
import type { Header } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { MAX_BLOCK_EVIDENCE, MAX_BLOCK_TRANSACTIONS } from '../protocol/constants.ts'
import { certificateHash, evidenceRoot, receiptsRoot, transactionsRoot } from '../protocol/hash.ts'
import type { Address, Amount, Hash, TimestampMs } from '../protocol/ids.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'
import type { ChainState } from '../state/store.ts'
import { contentSize, contextOf, MAX_CONTENT_BYTES, type Outcome, type ParentInfo } from './apply-block.ts'
import { earliestTimestamp, givenFields } from './header-fields.ts'
import { canonicalOrder } from './ordering.ts'
import { BlockRun } from './run-block.ts'

export interface ProposalInput {
  readonly proposer: Address
  /** The block's time is this or later: never before what the rules allow for its content. */
  readonly timestampMs: TimestampMs
  /** Proof and hash of the proposer's random function over the parent's randomness. */
  readonly randomnessReveal: Uint8Array
  readonly randomness: Hash
  /** What waits, at the block's base fee. Those that cannot be in the block are left out, and what follows them. */
  readonly candidates:
    | readonly VerifiedTransaction[]
    | ((baseFeePerGas: Amount) => readonly VerifiedTransaction[])
  readonly evidence: readonly Uint8Array[]
  /** null at height 1 alone. */
  readonly parentCertificate: Certificate | null
  /** Of transactions and evidence. */
  readonly maxBytes: number
}

export interface Proposal {
  readonly header: Header
  readonly transactions: readonly VerifiedTransaction[]
  readonly outcome: Outcome
}

export function proposeBlock(state: ChainState, parent: ParentInfo, input: ProposalInput): Proposal {
  const { proposer, randomnessReveal, randomness, evidence, parentCertificate } = input
  assert(evidence.length <= MAX_BLOCK_EVIDENCE, 'a block holds the evidence')
  const given = givenFields(state, parent)
  const { candidates } = input
  const waiting = typeof candidates === 'function' ? candidates(given.baseFeePerGas) : candidates
  const ordered = canonicalOrder(waiting, given.baseFeePerGas)

  const build = (isEmpty: boolean) => {
    const timestampMs = Math.max(input.timestampMs, earliestTimestamp(state, parent, { isEmpty }))
    const context = contextOf(state, { ...given, proposer, timestampMs })
    const run = new BlockRun(state, context, parentCertificate)
    const transactions = isEmpty ? [] : fill(run, ordered, input)
    return { timestampMs, transactions, run }
  }
  let built = build(ordered.length === 0 && evidence.length === 0)
  if (built.transactions.length === 0 && evidence.length === 0) built = build(true)

  const { timestampMs, transactions, run } = built
  const outcome = run.finish()
  const header: Header = {
    ...given,
    timestampMs,
    proposer,
    transactionsRoot: transactionsRoot(outcome.transactionIds),
    receiptsRoot: receiptsRoot(outcome.receipts),
    stateRoot: outcome.overlay.root(),
    evidenceRoot: evidenceRoot(evidence),
    lastCertificateHash: certificateHash(parentCertificate),
    gasUsed: outcome.gasUsed,
    randomnessReveal,
    randomness,
  }
  return { header, transactions, outcome }
}

/**
 * Takes what fits, in order. Leaving one out leaves out the later ones of its sender (their nonces), so what is taken is
 * in canonical order again.
 */
function fill(
  run: BlockRun,
  ordered: readonly VerifiedTransaction[],
  { maxBytes, evidence }: ProposalInput,
): VerifiedTransaction[] {
  let room =
    Math.min(maxBytes, MAX_CONTENT_BYTES) - evidence.reduce((sum, each) => sum + contentSize(each), 0)
  const taken: VerifiedTransaction[] = []
  for (const transaction of ordered) {
    if (taken.length === MAX_BLOCK_TRANSACTIONS) break
    const size = contentSize(transaction.bytes)
    if (size > room || !run.include(transaction).ok) continue
    room -= size
    taken.push(transaction)
  }
  return taken
}
