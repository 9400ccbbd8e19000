/** A map with a limit: when it is full, the entry that was not asked for the longest goes. */
import { assert } from './assert.ts'

export class RecentlyUsed<K, V> {
  readonly #limit: number
  /** The one to go first is first. */
  readonly #entries = new Map<K, V>()

  constructor(limit: number) {
    assert(Number.isInteger(limit) && limit > 0, 'a limit is at least 1')
    this.#limit = limit
  }

  get size(): number {
    return this.#entries.size
  }

  /** Also makes it the last to go. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#limit) this.#entries.delete(this.#entries.keys().next().value!)
    this.#entries.set(key, value)
  }
}
