/** How often of the newest times something that was foretold came true. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Millionths } from '../protocol/ids.ts'

export class HitCount {
  readonly #most: number
  readonly #newest: boolean[] = []
  #hits = 0

  constructor(most: number) {
    this.#most = most
  }

  add(hit: boolean): void {
    this.#newest.push(hit)
    if (hit) this.#hits++
    if (this.#newest.length > this.#most && this.#newest.shift()) this.#hits--
  }

  get count(): number {
    return this.#newest.length
  }

  /** null: nothing has been checked. */
  get rate(): Millionths | null {
    return this.count === 0 ? null : Math.floor((this.#hits * ONE_MILLION) / this.count)
  }
}
