/** From what an adapter refuses to a word about the peer: what nobody honest sends, at once; haste, when it goes on. */
import type { Misconduct, PeerId } from '../ports/network.ts'
import { METERED_PEERS, REFUSALS_OF_A_FLOOD } from './limits.ts'

export class ConductWatch {
  readonly #report: (peer: PeerId, reason: Misconduct) => void
  /** Refusals of messages and requests beyond a peer's rate since the last report of it. */
  readonly #refusals = new Map<PeerId, number>()

  constructor(report: (peer: PeerId, reason: Misconduct) => void) {
    this.#report = report
  }

  misbehaved(peer: PeerId, reason: Misconduct): void {
    this.#report(peer, reason)
  }

  /** Of a burst of others a peer passes on some; nobody honest goes on against a closed door. */
  tooFast(peer: PeerId): void {
    const refusals = (this.#refusals.get(peer) ?? 0) + 1
    // Re-inserted, so that the first entry is the peer that was refused longest ago.
    this.#refusals.delete(peer)
    this.#refusals.set(peer, refusals % REFUSALS_OF_A_FLOOD)
    if (this.#refusals.size > METERED_PEERS) this.#refusals.delete(this.#refusals.keys().next().value!)
    if (refusals === REFUSALS_OF_A_FLOOD) this.#report(peer, 'flood')
  }
}
