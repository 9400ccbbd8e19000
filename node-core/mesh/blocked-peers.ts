/** Peers refused until a time. */
import type { PeerId } from '../ports/network.ts'
import { BLOCKED_PEERS } from './limits.ts'

export class BlockedPeers {
  readonly #untilMs = new Map<PeerId, number>()

  block(peer: PeerId, untilMs: number): void {
    this.#untilMs.set(peer, untilMs)
    if (this.#untilMs.size <= BLOCKED_PEERS) return
    const [first] = [...this.#untilMs].sort((a, b) => a[1] - b[1])
    this.#untilMs.delete(first![0])
  }

  has(peer: PeerId, nowMs: number): boolean {
    const untilMs = this.#untilMs.get(peer)
    if (untilMs === undefined) return false
    if (nowMs < untilMs) return true
    this.#untilMs.delete(peer)
    return false
  }
}
