/**
 * COMMITs of the head's decided round: those that came after the quorum still count as participation, whether the block was
 * already the head then or was still being written.
 */
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
  /** Of the height after the head, by sender: the last of each. */
  #next = new Map<Address, Commit>()

  /** A new head; what was gathered for the old one is forgotten, and what came for this one is taken. */
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
    for (const commit of this.#next.values()) this.#take(commit)
    this.#next = new Map()
  }

  /** A verified COMMIT of a member, one's own too: of the head, or of what may become the next one. */
  counted(commit: Commit): void {
    if (commit.height === (this.#certificate?.height ?? 0) + 1) this.#next.set(commit.sender, commit)
    else this.#take(commit)
  }

  #take(commit: Commit): void {
    if (this.belongs(commit) && !this.#commits.has(commit.sender)) this.#commits.set(commit.sender, commit)
  }

  /** Whether this COMMIT is of the head's decided round. */
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
