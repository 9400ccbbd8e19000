/** What a pure function answered lately, so that asking again costs a look-up. */
import { assert } from './assert.ts'

export class Memo<K, V> {
  readonly #limit: number
  readonly #compute: (key: K) => V
  /** PERF: two maps instead of the order of use, which would have to be kept up at each look. */
  #young = new Map<K, V>()
  #old = new Map<K, V>()

  /** Holds at most twice `limit` answers; those not asked for while `limit` others came are forgotten. */
  constructor(limit: number, compute: (key: K) => V) {
    assert(Number.isInteger(limit) && limit > 0, 'a limit is at least 1')
    this.#limit = limit
    this.#compute = compute
  }

  get(key: K): V {
    const known = this.#young.get(key)
    if (known !== undefined) return known
    const value = this.#old.get(key) ?? this.#compute(key)
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
    return value
  }
}
