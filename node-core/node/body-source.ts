/** Finds what a compact block names: from memory, else from peers, again and again until found or no longer wanted. */
import { concatBytes } from '../lib/bytes.ts'
import type { Clock } from '../ports/clock.ts'
import type { Network, PeerId } from '../ports/network.ts'
import { decodeCompactBlock } from '../protocol/codec-block.ts'
import { blockId, hashBytes } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import type { CompactBlock } from '../protocol/messages.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'
import { BODY_RETRY_MS, BODY_TIMEOUT_MS, BODY_TRANSACTIONS } from './constants.ts'
import { delay } from './delay.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'
import { BODY_PROTOCOL, decodeList, PROPOSAL_PROTOCOL } from './wire-protocols.ts'

export class BodySource {
  readonly #network: Network
  readonly #verifier: TransactionVerifier
  readonly #clock: Clock

  constructor(options: { network: Network; verifier: TransactionVerifier; clock: Clock }) {
    this.#network = options.network
    this.#verifier = options.verifier
    this.#clock = options.clock
  }

  /**
   * Resolves when every transaction is here; rejects only when `signal` aborts. A transaction whose signature is bad is
   * never found: an id does not cover the signature, so the proposal is left waiting and nobody is blamed.
   */
  async transactions(ids: readonly Hash[], signal: AbortSignal): Promise<VerifiedTransaction[]> {
    for (;;) {
      const missing = ids.filter((id) => !this.#verifier.known(id))
      if (missing.length === 0) return ids.map((id) => this.#verifier.known(id)!)
      for (const peer of this.#peers()) {
        if (await this.#fetch(peer, missing.slice(0, BODY_TRANSACTIONS), signal)) break
      }
      signal.throwIfAborted()
      if (missing.some((id) => !this.#verifier.known(id))) await delay(this.#clock, BODY_RETRY_MS, signal)
    }
  }

  /** The compact block of an id that a quorum certified. */
  async compactBlock(id: Hash, signal: AbortSignal): Promise<CompactBlock> {
    for (;;) {
      for (const peer of this.#peers()) {
        const bytes = await this.#request(peer, PROPOSAL_PROTOCOL, hashBytes(id), signal)
        const decoded = bytes && bytes.length > 0 ? decodeCompactBlock(bytes) : null
        if (decoded?.ok && blockId(decoded.value.header) === id) return decoded.value
      }
      await delay(this.#clock, BODY_RETRY_MS, signal)
    }
  }

  async #fetch(peer: PeerId, ids: readonly Hash[], signal: AbortSignal): Promise<boolean> {
    const bytes = await this.#request(peer, BODY_PROTOCOL, concatBytes(...ids.map(hashBytes)), signal)
    const items = bytes && decodeList(bytes, ids.length)
    if (!items) return false
    const wanted = new Set(ids)
    const verdicts = await Promise.all(items.map((item) => this.#verifier.judgeBytes(item, wanted)))
    for (const verdict of verdicts) if (verdict.ok) this.#verifier.remember(verdict.verified)
    return verdicts.some((verdict) => verdict.ok)
  }

  async #request(
    peer: PeerId,
    protocol: string,
    request: Uint8Array,
    signal: AbortSignal,
  ): Promise<Uint8Array | null> {
    try {
      return await this.#network.request(peer, protocol, request, { timeoutMs: BODY_TIMEOUT_MS, signal })
    } catch {
      signal.throwIfAborted()
      return null
    }
  }

  #peers(): PeerId[] {
    return this.#network
      .connections()
      .filter((connection) => !connection.relayed)
      .map((connection) => connection.peer)
  }
}
