/** Checks and builds blocks on the decided head: bodies, signatures, randomness, then the pure execution. */

import type { BlockVerdict } from '../consensus/input.ts'
import { checkBlock, type Outcome } from '../execution/apply-block.ts'
import type { Verifier } from '../ports/crypto.ts'
import type { Block } from '../protocol/block.ts'
import { randomnessMessage, randomnessOf } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import type { CompactBlock } from '../protocol/messages.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'
import type { BodySource } from './body-source.ts'
import type { CertificateVerifier } from './certificate-verifier.ts'
import type { Chain } from './chain.ts'
import { CHECKED_BLOCKS } from './constants.ts'

export interface CheckedBlock {
  readonly compact: CompactBlock
  readonly block: Block
  readonly outcome: Outcome
}

export class BlockChecker {
  readonly #chain: Chain
  readonly #bodies: BodySource
  readonly #verifier: Verifier
  readonly #certificates: CertificateVerifier
  /** Valid blocks of the height in progress, made here or checked; the oldest gives way. */
  readonly #checked = new Map<Hash, CheckedBlock>()
  #height = new AbortController()

  constructor(options: {
    chain: Chain
    bodies: BodySource
    verifier: Verifier
    certificates: CertificateVerifier
  }) {
    this.#chain = options.chain
    this.#bodies = options.bodies
    this.#verifier = options.verifier
    this.#certificates = options.certificates
  }

  /** A new height: what was checked on the old head is worthless, and nobody waits for its bodies. */
  startHeight(): void {
    this.#height.abort(new DOMException('the height ended', 'AbortError'))
    this.#height = new AbortController()
    this.#checked.clear()
  }

  checked(id: Hash): CheckedBlock | undefined {
    return this.#checked.get(id)
  }

  /** A block of which the outcome is known: one that this node just made was executed for its header. */
  keep(
    id: Hash,
    compact: CompactBlock,
    transactions: readonly VerifiedTransaction[],
    outcome: Outcome,
  ): void {
    const { header, evidence, parentCertificate } = compact
    const body = { transactions: transactions.map((each) => each.transaction), evidence, parentCertificate }
    if (this.#checked.size >= CHECKED_BLOCKS) this.#checked.delete(this.#checked.keys().next().value!)
    this.#checked.set(id, { compact, block: { header, body }, outcome })
  }

  /** A body known otherwise (restored after a crash) need not be fetched; the very block that was kept is known to be valid. */
  async check(id: Hash, compact: CompactBlock): Promise<BlockVerdict | 'height-ended'> {
    const { signal } = this.#height
    if (this.#checked.get(id)?.compact === compact) return { verdict: 'valid' }
    try {
      const transactions = await this.#bodies.transactions(compact.transactionIds, signal)
      // The chain moves before the replica is told, by a catch-up too: on its own child a block would look invalid.
      if (compact.header.height <= this.#chain.height) return 'height-ended'
      const verdict = await this.checkWhole(id, compact, transactions)
      return signal.aborted ? 'height-ended' : verdict
    } catch (error) {
      if (signal.aborted) return 'height-ended'
      throw error
    }
  }

  /** The compact block of an id that only its certificate named. */
  async find(id: Hash): Promise<CompactBlock | 'height-ended'> {
    const { signal } = this.#height
    try {
      return this.#checked.get(id)?.compact ?? (await this.#bodies.compactBlock(id, signal))
    } catch (error) {
      if (signal.aborted) return 'height-ended'
      throw error
    }
  }

  /**
   * `certified`: a quorum has signed this very block, and each of its honest members has checked the reveal, which costs
   * some 3 ms, and the signatures on the parent's certificate. A node that catches up takes their word for these two checks.
   */
  async checkWhole(
    id: Hash,
    compact: CompactBlock,
    transactions: readonly VerifiedTransaction[],
    trust: 'certified' | 'proposed' = 'proposed',
  ): Promise<BlockVerdict> {
    const parent = this.#chain.parent
    const outside = {
      randomnessValid: trust === 'certified' || (await this.#randomnessValid(compact)),
      parentCertificateValid: trust === 'certified' || (await this.#parentCertificateValid(compact)),
    }
    if (this.#chain.parent.id !== parent.id) return { verdict: 'mismatched' }
    const { header, evidence, parentCertificate } = compact
    const result = checkBlock(
      this.#chain.state,
      parent,
      { header, transactions, evidence, parentCertificate },
      outside,
    )
    if (!result.ok)
      return result.mismatched ? { verdict: 'mismatched' } : { verdict: 'invalid', code: result.code }
    this.keep(id, compact, transactions, result.outcome)
    return { verdict: 'valid' }
  }

  async #randomnessValid(compact: CompactBlock): Promise<boolean> {
    const { header } = compact
    const proposer = this.#chain.nextSet.set.members.find((member) => member.address === header.proposer)
    if (!proposer) return false
    const message = randomnessMessage(header.chainId, this.#chain.parent.randomness)
    const output = await this.#verifier.verifyVrf(proposer.randomnessKey, message, header.randomnessReveal)
    return output !== null && header.randomness === randomnessOf(output)
  }

  /** The parent's certificate may be another quorum of the decided round than the one this node holds. */
  async #parentCertificateValid(compact: CompactBlock): Promise<boolean> {
    const certificate = compact.parentCertificate
    const { head } = this.#chain
    if (!head) return certificate === null
    if (!certificate || certificate.height !== head.header.height || certificate.blockId !== head.id)
      return false
    const at = this.#chain.setAt(certificate.height)
    return at !== null && this.#certificates.verify(certificate, at)
  }
}
