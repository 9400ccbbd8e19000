/**
 * Evidence as it comes in: found here among verified messages and certificates, or told by a peer. What holds is kept, shown
 * and passed on; what does not is refused with a code and counted.
 */
import type { InvalidBlockProof as RejectedProposal } from '../consensus/effect.ts'
import { punishableEpoch } from '../economy/epoch-records.ts'
import type { Clock } from '../ports/clock.ts'
import type { Verifier } from '../ports/crypto.ts'
import type { GossipVerdict, Network } from '../ports/network.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { bitmapOf } from '../protocol/certificate-builder.ts'
import { decodeEvidence, encodeEvidence, evidenceId, pairOf } from '../protocol/codec-evidence.ts'
import { proposalStatement, type Statement, type StatementPair, statementOf } from '../protocol/evidence.ts'
import type { accusedBy, EvidenceProof, InvalidBlockProof } from '../protocol/evidence-proof.ts'
import { messageSigningBytes, validatorsHash } from '../protocol/hash.ts'
import type { Address, Height } from '../protocol/ids.ts'
import type { ConsensusMessage, VerifiedMessage } from '../protocol/messages.ts'
import { offenceOf } from '../protocol/offence.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { epochOf } from '../state/validator-sets.ts'
import type { Chain } from './chain.ts'
import { BEHIND_HEIGHTS, KEPT_INVALID_BLOCKS } from './constants.ts'
import { type Evidence, EvidenceBook, type EvidenceRefusal, type EvidenceSource } from './evidence-book.ts'
import { EvidenceWatch } from './evidence-watch.ts'

export type EvidenceFault =
  | EvidenceRefusal
  | 'malformed'
  /** The two do not contradict each other. */
  | 'no-offence'
  /** No set of that height is known here: too far ahead, or before this node's time. */
  | 'unknown-height'
  | 'not-member'
  | 'bad-signature'
  /** Older than the unbonding period: nothing can be slashed for it any more. */
  | 'expired'

/** Faults that an honest peer's message may have: it knows other heights, or sent at the same time. */
const HONEST_FAULTS: ReadonlySet<EvidenceFault> = new Set([
  'known',
  'enough-of-this-validator',
  'older-than-all-kept',
  'unknown-height',
  'expired',
])

export interface EvidenceDeskOptions {
  readonly chain: Chain
  readonly storage: Storage
  readonly network: Network
  readonly verifier: Verifier
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Who is to hear when somebody else signs with this node's key. */
  readonly owner: () => KeyOwner
  readonly kept: (evidence: Evidence) => void
}

export interface KeyOwner {
  readonly identity: { readonly address: Address } | null
  ownSeen(statement: Statement, where: 'message'): void
  keyUsedElsewhere(statement: Statement, where: 'block' | 'evidence'): void
}

export class EvidenceDesk {
  readonly book: EvidenceBook
  readonly #options: EvidenceDeskOptions
  readonly #watch: EvidenceWatch
  /** In memory: everyone who took part in the quorum has it too. */
  #invalidBlocks: readonly InvalidBlockProof[] = []

  constructor(options: EvidenceDeskOptions) {
    this.#options = options
    this.book = new EvidenceBook(options.storage)
    this.#watch = new EvidenceWatch({
      headHeight: () => options.chain.height,
      found: (stored, newer) => this.#found(stored, newer),
    })
  }

  /** Reads what is kept, and what the last blocks show to be signed: a late message may contradict it. */
  async open(): Promise<void> {
    await this.book.open()
    const { chain } = this.#options
    if (chain.height === 0) return
    const from = Math.max(1, chain.height - BEHIND_HEIGHTS + 1)
    for (const { certificate } of await chain.loadRange(from, BEHIND_HEIGHTS)) {
      const at = chain.setAt(certificate.height)
      if (at) this.#watch.certified(certificate, at.set)
    }
  }

  /** A message whose signature holds, wherever it was. */
  seen(message: ConsensusMessage): void {
    const statement = statementOf(message)
    if (!statement) return
    const owner = this.#options.owner()
    if (statement.sender === owner.identity?.address) owner.ownSeen(statement, 'message')
    else this.#watch.saw(statement)
  }

  /** A certificate that holds. */
  certified(certificate: Certificate, set: ValidatorSet): void {
    this.#watch.certified(certificate, set)
  }

  /** Two that the replica found to contradict each other. */
  caught(first: VerifiedMessage, second: VerifiedMessage): void {
    const [a, b] = [statementOf(first), statementOf(second)]
    if (a && b) this.#found(a, b)
  }

  /** A quorum that the replica found: every signature in it was checked here. */
  rejected({ proposal, rejects }: RejectedProposal): void {
    const at = this.#options.chain.setAt(proposal.height)
    if (!at) return
    const proof: InvalidBlockProof = {
      type: 'invalid-block',
      set: at.set,
      proposal: proposalStatement(proposal),
      code: rejects[0]!.code,
      bitmap: bitmapOf(at.set, new Set(rejects.map(({ sender }) => sender))),
      signatures: rejects.map(({ signature }) => signature),
    }
    const { telemetry } = this.#options
    const { sender, height } = proposal
    telemetry.log(
      'warn',
      'evidence',
      `${sender} proposed an invalid block at height ${height}: ${proof.code}`,
    )
    this.#invalidBlocks = [...this.#invalidBlocks, proof].slice(-KEPT_INVALID_BLOCKS)
  }

  /** For the chain: of whom and of what height is asked first. A pair whose set is not known here any more is left out. */
  async proofs(isWanted: (accused: ReturnType<typeof accusedBy>) => boolean): Promise<EvidenceProof[]> {
    const pairs = this.book.all().filter(({ first }) => isWanted(first))
    const proofs = await Promise.all(pairs.map((pair) => this.proofOf(pair)))
    return [
      ...proofs.filter((proof) => proof !== null),
      ...this.#invalidBlocks.filter(({ proposal }) => isWanted(proposal)),
    ]
  }

  /** null: the set of that height is not known here any more. */
  async proofOf({ first, second }: StatementPair): Promise<EvidenceProof | null> {
    const set = await this.#options.chain.loadSetAt(first.height)
    const member = set?.members.find(({ address }) => address === first.sender)
    if (!set || !member) return null
    const { validatorKey } = member
    return {
      type: 'contradiction',
      validatorsHash: validatorsHash(set),
      validatorKey,
      pair: { first, second },
    }
  }

  /** Both signatures were checked here. Of two by one's own key, one is another signer's. */
  #found(a: Statement, b: Statement): void {
    const owner = this.#options.owner()
    if (a.sender === owner.identity?.address) {
      owner.keyUsedElsewhere(b, 'block')
      return
    }
    const pair = pairOf(a, b)
    if (this.book.refusal(evidenceId(pair), pair) !== null) return
    const { network, telemetry } = this.#options
    const { sender, height } = pair.first
    telemetry.log('warn', 'evidence', `${sender} contradicts itself at height ${height}: ${offenceOf(a, b)}`)
    this.#keep(pair, 'messages')
    network.publish('evidence', encodeEvidence(pair)).catch(() => telemetry.count('evidence_not_sent'))
  }

  /** From a peer. The reason is there when it is refused. */
  async receive(
    bytes: Uint8Array,
  ): Promise<{ readonly verdict: GossipVerdict; readonly reason: EvidenceFault | null }> {
    const decoded = decodeEvidence(bytes)
    const fault = decoded.ok ? await this.#fault(decoded.value) : 'malformed'
    if (fault !== null || !decoded.ok) {
      this.#options.telemetry.count('evidence_refused', { code: fault ?? 'malformed' })
      return { verdict: fault && HONEST_FAULTS.has(fault) ? 'ignore' : 'reject', reason: fault }
    }
    this.#keep(decoded.value, 'gossip')
    return { verdict: 'accept', reason: null }
  }

  /** What costs nothing comes first, the signatures last; then once more what may have changed meanwhile. */
  async #fault(pair: StatementPair): Promise<EvidenceFault | null> {
    const { first, second } = pair
    if (offenceOf(first, second) === null) return 'no-offence'
    const id = evidenceId(pair)
    const refusal = this.book.refusal(id, pair)
    if (refusal !== null) return refusal
    const { chain, verifier } = this.#options
    if (first.height > chain.height + 1) return 'unknown-height'
    const set = await chain.loadSetAt(first.height)
    if (!set) return 'unknown-height'
    const member = set.members.find(({ address }) => address === first.sender)
    if (!member) return 'not-member'
    if (this.#expired(first.height)) return 'expired'
    const hash = validatorsHash(set)
    for (const statement of [first, second]) {
      const signed = messageSigningBytes(chain.genesis.chainId, hash, statement)
      if (!(await verifier.verifyEd25519(member.validatorKey, signed, statement.signature)))
        return 'bad-signature'
    }
    return this.book.refusal(id, pair)
  }

  #expired(height: Height): boolean {
    const { state, parameters, parent } = this.#options.chain
    const now = { timestampMs: parent.timestampMs, parameters }
    return punishableEpoch(state, epochOf(height, parameters), now) === null
  }

  #keep(pair: StatementPair, source: EvidenceSource): void {
    const { clock, telemetry, kept, owner } = this.#options
    const evidence = { ...pair, id: evidenceId(pair), atMs: clock.wallMs(), source }
    telemetry.count('evidence_kept', { source })
    this.book.add(evidence).catch((error: unknown) => {
      telemetry.log('error', 'evidence', `evidence was not stored: ${String(error)}`)
    })
    if (pair.first.sender === owner().identity?.address) owner().keyUsedElsewhere(pair.second, 'evidence')
    kept(evidence)
  }
}
