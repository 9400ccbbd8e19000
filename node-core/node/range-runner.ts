/**
 * Executes ranges of certified blocks on the head. A quorum that signed a block signed all before it, since each names its
 * parent: so the last certificate of a range that the known sets cover is verified by its signatures, and the others are those
 * that the blocks after them carry, which their headers name. All of a range is executed, and durable together.
 */
import type { Certificate } from '../protocol/certificate.ts'
import type { Height } from '../protocol/ids.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'
import type { BlockChecker } from './block-checker.ts'
import type { BlockRange } from './block-feed.ts'
import type { CertificateVerifier } from './certificate-verifier.ts'
import type { Chain } from './chain.ts'
import { signedPower } from './signed-power.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'

/** refused: whoever gave the block at this height gave something wrong. diverged: this node cannot follow what a quorum signed. */
export type RangeResult =
  | { readonly type: 'adopted' }
  | { readonly type: 'overtaken' }
  | { readonly type: 'refused'; readonly height: Height; readonly reason: string }
  | { readonly type: 'diverged'; readonly height: Height; readonly code: string }

interface Parts {
  readonly chain: Chain
  readonly checker: BlockChecker
  readonly certificates: CertificateVerifier
  readonly transactions: TransactionVerifier
}

type Entry = BlockRange['blocks'][number]

export class RangeRunner {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Signatures of transactions are verified before a range has its turn, beside the execution of those before it. */
  prepare(range: BlockRange): void {
    for (const { block } of range.blocks)
      for (const transaction of block.body.transactions)
        this.#parts.transactions.verify(transaction).catch(() => undefined)
  }

  async adopt({ blocks }: BlockRange): Promise<RangeResult> {
    const { chain } = this.#parts
    let rest = blocks.filter(({ block }) => block.header.height > chain.height)
    while (rest.length > 0) {
      const first = rest[0]!.block.header.height
      if (first !== chain.height + 1) return { type: 'overtaken' }
      const covered = rest.filter(({ block }) => chain.setAt(block.header.height) !== null)
      const last = covered.at(-1)!
      const { height } = last.block.header
      if (rest[0]!.block.header.parentId !== chain.parent.id) return refused(first, 'wrong-parent')
      if (!(await this.#parts.certificates.verify(last.certificate, chain.setAt(height)!)))
        return refused(height, 'bad-certificate')
      const result = await this.#execute(covered)
      if (result.type !== 'adopted') return result
      rest = rest.slice(covered.length)
    }
    return { type: 'adopted' }
  }

  async #execute(entries: readonly Entry[]): Promise<RangeResult> {
    const { chain } = this.#parts
    const written: Promise<boolean>[] = []
    let result: RangeResult = { type: 'adopted' }
    for (let i = 0; i < entries.length && result.type === 'adopted'; i++) {
      const next = entries[i + 1]
      const certificate = next ? next.block.body.parentCertificate! : entries[i]!.certificate
      result = await this.#one(entries[i]!, certificate, written)
    }
    await Promise.all(written)
    return chain.height >= entries.at(-1)!.block.header.height ? { type: 'adopted' } : result
  }

  async #one(
    { block, id }: Entry,
    certificate: Certificate,
    written: Promise<boolean>[],
  ): Promise<RangeResult> {
    const { chain, checker } = this.#parts
    const { header, body } = block
    const transactions = await this.#verified(body.transactions)
    if (!transactions) return refused(header.height, 'bad-transaction')
    const compact = {
      header,
      transactionIds: transactions.map((transaction) => transaction.id),
      evidence: body.evidence,
      parentCertificate: body.parentCertificate,
    }
    const verdict = await checker.checkWhole(id, compact, transactions, 'certified')
    if (header.height !== chain.height + 1) return { type: 'overtaken' }
    if (verdict.verdict === 'invalid') return { type: 'diverged', height: header.height, code: verdict.code }
    const checked = checker.checked(id)
    if (verdict.verdict !== 'valid' || !checked) return refused(header.height, 'bad-body')
    const durable = chain.adopt(checked.block, certificate, checked.outcome, {
      decisionMs: null,
      ownCommit: null,
      signedPower: signedPower(chain.setAt(header.height)!.set, certificate),
    })
    // All of a range are awaited together; until then a failure is nobody's.
    durable.catch(() => undefined)
    written.push(durable)
    return { type: 'adopted' }
  }

  /** null: a signature does not hold. An id does not cover it, so that is the giver's doing. */
  async #verified(
    transactions: Entry['block']['body']['transactions'],
  ): Promise<VerifiedTransaction[] | null> {
    const verdicts = await Promise.all(
      transactions.map((transaction) => this.#parts.transactions.verify(transaction)),
    )
    const verified = verdicts.flatMap((verdict) => (verdict.ok ? [verdict.verified] : []))
    return verified.length === verdicts.length ? verified : null
  }
}

function refused(height: Height, reason: string): RangeResult {
  return { type: 'refused', height, reason }
}
