/** COMMITs of the head's decided round: those that came after the quorum still count as participation. */
import type { Certificate } from '../protocol/certificate.ts'
import { certificateFromCommits } from '../protocol/certificate-builder.ts'
import type { Address } from '../protocol/ids.ts'
import type { Commit } from '../protocol/messages.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { hasSigned } from './signed-power.ts'

export class LateCommits {
  #certificate: Certificate | null = null
  #set: ValidatorSet | null = null
  #commits = new Map<Address, Commit>()

  /** A new head; what was gathered for the old one is forgotten. */
  reset(certificate: Certificate, set: ValidatorSet): void {
    this.#certificate = certificate
    this.#set = set
    this.#commits = new Map()
    let next = 0
    set.members.forEach((member, i) => {
      if (!hasSigned(certificate, i)) return
      this.#commits.set(member.address, {
        type: 'commit',
        height: certificate.height,
        round: certificate.round,
        blockId: certificate.blockId,
        sender: member.address,
        signature: certificate.signatures[next++]!,
      })
    })
  }

  /** Whether this COMMIT belongs to the head's decided round; then it is taken. It must be verified. */
  take(commit: Commit): boolean {
    if (!this.belongs(commit)) return false
    if (!this.#commits.has(commit.sender)) this.#commits.set(commit.sender, commit)
    return true
  }

  belongs(commit: Commit): boolean {
    const certificate = this.#certificate
    return (
      certificate !== null &&
      commit.height === certificate.height &&
      commit.round === certificate.round &&
      commit.blockId === certificate.blockId
    )
  }

  /**
   * The head's certificate with every COMMIT received so far. What was gathered for another block is none of it: a proposal
   * with that would be invalid, and its proposer punished.
   */
  certificate(head: Certificate | null): Certificate | null {
    const isOfHead = head !== null && this.#certificate?.blockId === head.blockId
    if (!this.#set || !isOfHead) return head
    return certificateFromCommits(this.#set, [...this.#commits.values()])
  }
}
