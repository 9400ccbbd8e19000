/**
 * Sends to the chain what this node can prove of others, until it is punished. Every validator could; they take turns, so that
 * mostly one pays the fee: who stands first in the set, counted from the height of the offence, sends at once, the others in
 * turn, unless it is on its way.
 */
import { punishableEpoch } from '../economy/epoch-records.ts'
import { CodedError } from '../ports/coded-error.ts'
import { MAX_EVIDENCE_BYTES } from '../protocol/constants.ts'
import {
  accusedBy,
  decodeEvidenceProof,
  type EvidenceProof,
  encodeEvidenceProof,
  offenceId,
} from '../protocol/evidence-proof.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import type { Payload } from '../protocol/transaction.ts'
import { evidenceKey, validatorKey } from '../state/keys.ts'
import { epochOf } from '../state/validator-sets.ts'
import { EVIDENCE_PATIENCE_BLOCKS, EVIDENCE_SENT_AGAIN_BLOCKS, EVIDENCE_TURN_BLOCKS } from './constants.ts'
import type { LiveNode } from './live-node.ts'

/** Signs with the account's key and submits; rejects when it was refused. */
export type SubmitPayload = (payload: Payload) => Promise<void>

interface Reported {
  readonly seenAt: Height
  /** null: not yet. */
  readonly sentAt: Height | null
}

export class EvidenceReporter {
  readonly #node: LiveNode
  readonly #submit: SubmitPayload
  /** Of offences that are not punished yet. */
  #reported = new Map<Hash, Reported>()
  #isLooking = false

  constructor(node: LiveNode, submit: SubmitPayload) {
    this.#node = node
    this.#submit = submit
  }

  /** At every block, and when evidence comes. */
  look(self: Address): void {
    if (this.#isLooking) return
    this.#isLooking = true
    this.#report(self)
      .catch((error: unknown) => this.#complain(String(error)))
      .finally(() => {
        this.#isLooking = false
      })
  }

  async #report(self: Address): Promise<void> {
    const open = new Map<Hash, Reported>()
    for (const proof of await this.#node.evidence.proofs((accused) => this.#isOpen(accused, self))) {
      const id = offenceId(proof)
      const { chain } = this.#node
      if (open.has(id) || chain.state.get(evidenceKey(id))) continue
      const known = this.#reported.get(id) ?? { seenAt: chain.height, sentAt: null }
      const isDue = this.#isDue(known, proof, self)
      open.set(id, isDue ? { ...known, sentAt: chain.height } : known)
      // One after another: each takes the nonce after the one before.
      if (isDue) await this.#send(proof)
    }
    this.#reported = open
  }

  /** It can be punished, and was not: a removal is the last punishment. */
  #isOpen({ sender, height }: ReturnType<typeof accusedBy>, self: Address): boolean {
    const { state, parameters, parent, height: head } = this.#node.chain
    if (sender === self || height > head) return false
    if (state.get(validatorKey(sender))?.tombstoned !== false) return false
    const now = { timestampMs: parent.timestampMs, parameters }
    return punishableEpoch(state, epochOf(height, parameters), now) !== null
  }

  #isDue({ seenAt, sentAt }: Reported, proof: EvidenceProof, self: Address): boolean {
    const { chain } = this.#node
    if (sentAt !== null) return chain.height >= sentAt + EVIDENCE_SENT_AGAIN_BLOCKS
    const { members } = chain.nextSet.set
    const place = members.findIndex(({ address }) => address === self)
    const turn = place < 0 ? members.length : (place + accusedBy(proof).height) % members.length
    if (chain.height < seenAt + Math.min(turn * EVIDENCE_TURN_BLOCKS, EVIDENCE_PATIENCE_BLOCKS)) return false
    return !this.#isOnItsWay(offenceId(proof))
  }

  /** Somebody has sent it, and it waits for a block. */
  #isOnItsWay(id: Hash): boolean {
    return [...this.#node.pool.entries()].some(({ verified }) => {
      const { payload } = verified.transaction
      const decoded = payload.type === 'evidence.submit' ? decodeEvidenceProof(payload.proof) : null
      return decoded?.ok === true && offenceId(decoded.value) === id
    })
  }

  async #send(proof: EvidenceProof): Promise<void> {
    const bytes = encodeEvidenceProof(proof)
    const sent =
      bytes.length > MAX_EVIDENCE_BYTES
        ? Promise.reject(new CodedError('too-large', { bytes: bytes.length, limit: MAX_EVIDENCE_BYTES }))
        : this.#submit({ type: 'evidence.submit', proof: bytes })
    await sent.catch((error: unknown) => this.#complain(`evidence.submit was refused: ${String(error)}`))
  }

  #complain(what: string): void {
    this.#node.options.telemetry.log('warn', 'evidence', what)
  }
}
