/** Decisions told and heard on their own topic: the proposer announces, everyone else may get a block by it. */
import type { Clock } from '../ports/clock.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { encodeDecided } from '../protocol/codec-block.ts'
import type { Decided as DecidedMessage } from '../protocol/decided.ts'
import { blockId } from '../protocol/hash.ts'
import type { Height } from '../protocol/ids.ts'
import type { BlockChecker } from './block-checker.ts'
import type { CertificateVerifier } from './certificate-verifier.ts'
import type { Chain, Decided } from './chain.ts'
import { BEHIND_HEIGHTS } from './constants.ts'
import { OldCertificates, type OldCertificatesParts } from './old-certificates.ts'
import type { ReplicaRunner } from './replica-runner.ts'

export interface DecidedAnnouncementsParts {
  readonly chain: Chain
  readonly network: Network
  readonly checker: BlockChecker
  readonly certificates: CertificateVerifier
  readonly telemetry: Telemetry
  readonly clock: Clock
  readonly runner: () => ReplicaRunner | null
  /** A certificate that holds of a height that is long decided, for another block. */
  readonly refused: OldCertificatesParts['refused']
  /** Somebody says that the chain is longer than here. */
  readonly claimed: (peer: PeerId, height: Height) => void
}

export class DecidedAnnouncements {
  readonly #parts: DecidedAnnouncementsParts
  readonly #old: OldCertificates

  constructor(parts: DecidedAnnouncementsParts) {
    this.#parts = parts
    this.#old = new OldCertificates(parts)
  }

  announce({ block, certificate, outcome }: Decided): void {
    const { header, body } = block
    const message = {
      header,
      certificate,
      transactionIds: outcome.transactionIds,
      evidence: body.evidence,
      parentCertificate: body.parentCertificate,
    }
    this.#parts.network
      .publish('decided', encodeDecided(message))
      .catch(() => this.#parts.telemetry.count('decided_not_sent'))
  }

  async received(decided: DecidedMessage, from: PeerId): Promise<'good' | 'stale' | 'bad'> {
    const { chain, checker, certificates, runner, claimed } = this.#parts
    const { header, certificate } = decided
    if (header.height <= chain.height) return this.#ofThePast(certificate)
    if (header.height > chain.height + 1) {
      claimed(from, header.height)
      return 'stale'
    }
    const id = blockId(header)
    if (certificate.blockId !== id || certificate.height !== header.height) return 'bad'
    if (!(await certificates.verify(certificate, chain.nextSet))) return 'bad'
    const compact = {
      header,
      transactionIds: decided.transactionIds,
      evidence: decided.evidence,
      parentCertificate: decided.parentCertificate,
    }
    void checker.check(id, compact).then((result) => {
      if (result === 'height-ended') return
      runner()?.feed({ type: 'block-checked', blockId: id, result })
      runner()?.feed({ type: 'certificate-received', certificate })
    })
    return 'good'
  }

  /** Of a height that is decided here: worth a look only when it certifies something else, which convicts who signed both. */
  async #ofThePast(certificate: Certificate): Promise<'stale' | 'bad'> {
    const { chain, certificates } = this.#parts
    const { height, round, blockId: id } = certificate
    if (height < chain.height - BEHIND_HEIGHTS) {
      await this.#old.received(certificate)
      return 'stale'
    }
    if (height > chain.height) return 'stale'
    const own = (await chain.loadHeader(height))?.certificate
    const at = chain.setAt(height)
    if (!own || !at || (own.blockId === id && own.round === round)) return 'stale'
    return (await certificates.verify(certificate, at)) ? 'stale' : 'bad'
  }
}
