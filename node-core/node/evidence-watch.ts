/**
 * Remembers what validators signed at the last heights, wherever it was seen: on the wire, inside justifications, in
 * certificates. Two statements that contradict each other are found whichever came first, and however late the second is.
 */
import type { Certificate } from '../protocol/certificate.ts'
import type { Statement } from '../protocol/evidence.ts'
import type { Address, Height } from '../protocol/ids.ts'
import { type Contradiction, offenceOf, sameSignedFields } from '../protocol/offence.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { BEHIND_HEIGHTS, STATEMENTS, STATEMENTS_PER_SENDER } from './constants.ts'
import { hasSigned } from './signed-power.ts'

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
