/** Catch-up: asks peers for certified blocks from the head on, checks each as if it had just been proposed, adopts it. */
import { assert } from '../lib/assert.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { decodeDecidedBlock, encodeDecidedBlock } from '../protocol/codec-block.ts'
import type { DecidedBlock } from '../protocol/decided.ts'
import { blockId } from '../protocol/hash.ts'
import type { Height } from '../protocol/ids.ts'
import type { BlockChecker } from './block-checker.ts'
import type { CertificateVerifier } from './certificate-verifier.ts'
import type { Chain } from './chain.ts'
import { SYNC_BLOCKS, SYNC_BYTES, SYNC_TIMEOUT_MS } from './constants.ts'
import { signedPower } from './signed-power.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'
import {
  decodeList,
  decodeSyncRequest,
  encodeList,
  encodeSyncRequest,
  SYNC_PROTOCOL,
} from './wire-protocols.ts'

export interface SyncPorts {
  /** The chain moved: consensus goes on from the new head. */
  advanced(): void
  /** Progress for people and for the replica. */
  progress(state: { readonly headHeight: Height; readonly targetHeight: Height }): void
  /** A peer gave something that does not hold. */
  misbehaved(peer: PeerId, reason: string): void
}

/** A shorter answer means that this node is as good as at the head. */
const AT_HEAD_BLOCKS = 4

export type AdoptResult = 'adopted' | 'known' | 'not-next' | 'bad-certificate' | 'bad-block'

export class Sync {
  readonly #chain: Chain
  readonly #network: Network
  readonly #checker: BlockChecker
  readonly #certificates: CertificateVerifier
  readonly #transactions: TransactionVerifier
  readonly #telemetry: Telemetry
  readonly #ports: SyncPorts
  #running: Promise<void> | null = null
  #stopped = false

  constructor(options: {
    chain: Chain
    network: Network
    checker: BlockChecker
    certificates: CertificateVerifier
    transactions: TransactionVerifier
    telemetry: Telemetry
    ports: SyncPorts
  }) {
    this.#chain = options.chain
    this.#network = options.network
    this.#checker = options.checker
    this.#certificates = options.certificates
    this.#transactions = options.transactions
    this.#telemetry = options.telemetry
    this.#ports = options.ports
    options.network.handle(SYNC_PROTOCOL, (request) => this.#serve(request))
  }

  stop(): void {
    this.#stopped = true
  }

  /** Fetches until this peer has nothing more, or fails. One run at a time; a call while one runs joins it. */
  from(peer: PeerId, targetHeight: Height): Promise<void> {
    this.#running ??= this.#run(peer, targetHeight).finally(() => {
      this.#running = null
    })
    return this.#running
  }

  get running(): boolean {
    return this.#running !== null
  }

  /** One decided block that came by any way: checked whole, adopted if it is the next. */
  async adopt({ block, certificate }: DecidedBlock): Promise<AdoptResult> {
    const { height } = block.header
    if (height <= this.#chain.height) return 'known'
    if (height !== this.#chain.height + 1) return 'not-next'
    const id = blockId(block.header)
    if (certificate.blockId !== id || certificate.height !== height) return 'bad-certificate'
    if (!(await this.#certificates.verify(certificate, this.#chain.nextSet))) return 'bad-certificate'
    const verdicts = await Promise.all(
      block.body.transactions.map((transaction) => this.#transactions.verify(transaction)),
    )
    const transactions = verdicts.flatMap((verdict) => (verdict.ok ? [verdict.verified] : []))
    if (transactions.length !== verdicts.length) return 'bad-block'
    if (height !== this.#chain.height + 1) return 'known'
    const compact = {
      header: block.header,
      transactionIds: transactions.map((transaction) => transaction.id),
      evidence: block.body.evidence,
      parentCertificate: block.body.parentCertificate,
    }
    const verdict = await this.#checker.checkWhole(id, compact, transactions, 'certified')
    if (verdict.verdict !== 'valid') return height <= this.#chain.height ? 'known' : 'bad-block'
    const checked = this.#checker.checked(id)
    if (!checked) return 'known'
    const adopted = await this.#chain.adopt(block, certificate, checked.outcome, {
      decisionMs: null,
      ownCommit: null,
      signedPower: signedPower(this.#chain.nextSet.set, certificate),
    })
    if (adopted) this.#ports.advanced()
    return adopted ? 'adopted' : 'known'
  }

  async #run(peer: PeerId, targetHeight: Height): Promise<void> {
    while (!this.#stopped) {
      const fromHeight = this.#chain.height + 1
      const request = encodeSyncRequest({ fromHeight, limit: SYNC_BLOCKS })
      const items = decodeList(
        await this.#network.request(peer, SYNC_PROTOCOL, request, { timeoutMs: SYNC_TIMEOUT_MS }),
        SYNC_BLOCKS,
      )
      if (!items) return this.#ports.misbehaved(peer, 'sync-malformed')
      if (items.length === 0) return
      for (const item of items) {
        const decoded = decodeDecidedBlock(item)
        if (!decoded.ok) return this.#ports.misbehaved(peer, 'sync-malformed')
        const result = await this.adopt(decoded.value)
        if (result === 'bad-certificate' || result === 'bad-block' || result === 'not-next') {
          this.#telemetry.log(
            'warn',
            'sync',
            `block ${decoded.value.block.header.height} from ${peer} is refused: ${result}`,
          )
          return this.#ports.misbehaved(peer, `sync-${result}`)
        }
      }
      assert(this.#chain.height >= fromHeight - 1, 'the head never goes back')
      this.#ports.progress({
        headHeight: this.#chain.height,
        targetHeight: Math.max(targetHeight, this.#chain.height),
      })
      // At the head: from here on consensus keeps up, or asks again. Going on would chase a moving head for ever.
      if (items.length < AT_HEAD_BLOCKS) return
    }
  }

  async #serve(request: Uint8Array): Promise<Uint8Array> {
    const query = decodeSyncRequest(request)
    const items: Uint8Array[] = []
    let bytes = 0
    const last = query ? Math.min(this.#chain.height, query.fromHeight + query.limit - 1) : -1
    for (let height = query?.fromHeight ?? 0; height <= last; height++) {
      const stored = await this.#chain.load(height)
      if (!stored) break
      const item = encodeDecidedBlock({ block: stored.block, certificate: stored.certificate })
      bytes += item.length
      if (items.length > 0 && bytes > SYNC_BYTES) break
      items.push(item)
    }
    return encodeList(items)
  }
}
