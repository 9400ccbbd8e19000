/**
 * Remembers what validators signed at the last heights, wherever it was seen: on the wire, inside justifications, in
 * certificates. Two statements that contradict each other are found whichever came first, and however late the second is.
 */
import { assert } from '../lib/assert.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { MAX_VALIDATORS } from '../protocol/constants.ts'
import type { Statement } from '../protocol/evidence.ts'
import type { Address, Height } from '../protocol/ids.ts'
import { type Contradiction, offenceOf, sameSignedFields } from '../protocol/offence.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { BEHIND_HEIGHTS } from './constants.ts'
import { hasSigned } from './signed-power.ts'

/** Statements of one validator kept at one height; those of the lowest rounds give way, COMMITs last. */
const STATEMENTS_PER_SENDER = 64
/** Statements kept altogether, some 300 bytes each; those of the lowest height give way. */
const STATEMENTS = 65_536

assert(STATEMENTS >= STATEMENTS_PER_SENDER * MAX_VALIDATORS, 'one height fits')

export interface EvidenceWatchParts {
  readonly headHeight: () => Height
  /** Both were signed by the same validator, and both signatures were checked. */
  readonly found: (stored: Statement, newer: Statement) => void
}

export class EvidenceWatch {
  readonly #parts: EvidenceWatchParts
  readonly #heights = new Map<Height, Map<Address, Statement[]>>()
  #count = 0

  constructor(parts: EvidenceWatchParts) {
    this.#parts = parts
  }

  /** Its signature must have been checked against the set of its height. */
  saw(statement: Statement): void {
    const { height, sender } = statement
    const head = this.#parts.headHeight()
    if (height < head - BEHIND_HEIGHTS || height > head + 2) return
    const known = this.#of(height, sender)
    if (known.some((each) => sameSignedFields(each, statement))) return
    const against = (offence: Contradiction) => known.find((each) => offenceOf(each, statement) === offence)
    const [double, amnesia] = [against('double-sign'), against('amnesia')]
    if (amnesia) this.#parts.found(amnesia, statement)
    if (double) this.#parts.found(double, statement)
    // What is remembered of a place is its first statement: each later one is found against it.
    if (double) return
    if (known.length >= STATEMENTS_PER_SENDER) this.#giveWay(known)
    known.push(statement)
    this.#count++
    this.#forget(head)
  }

  /** Every COMMIT in a certificate whose signatures were checked. */
  certified(certificate: Certificate, set: ValidatorSet): void {
    const { height, round, blockId, signatures } = certificate
    let next = 0
    set.members.forEach(({ address }, i) => {
      if (!hasSigned(certificate, i)) return
      this.saw({ type: 'commit', height, round, sender: address, blockId, signature: signatures[next++]! })
    })
  }

  #of(height: Height, sender: Address): Statement[] {
    const senders = this.#heights.get(height) ?? new Map<Address, Statement[]>()
    this.#heights.set(height, senders)
    const known = senders.get(sender) ?? []
    senders.set(sender, known)
    return known
  }

  #giveWay(known: Statement[]): void {
    const rank = (each: Statement) => each.round + (each.type === 'commit' ? 2 ** 32 : 0)
    const lowest = known.reduce((least, each) => (rank(each) < rank(least) ? each : least))
    known.splice(known.indexOf(lowest), 1)
    this.#count--
  }

  #forget(head: Height): void {
    const oldest = () => Math.min(...this.#heights.keys())
    while (oldest() < head - BEHIND_HEIGHTS || (this.#count > STATEMENTS && this.#heights.size > 1)) {
      const height = oldest()
      for (const known of this.#heights.get(height)!.values()) this.#count -= known.length
      this.#heights.delete(height)
    }
  }
}
