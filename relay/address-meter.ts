/** Counts what each network address uses, and refuses what is over its limits. */
import { isIPv6 } from 'node:net'
import { TokenBucket } from '../node-core/mesh/token-bucket.ts'
import { type AddressLimits, METERED_ADDRESSES } from './limits.ts'

interface Usage {
  connections: number
  readonly openings: TokenBucket
  readonly requests: TokenBucket
}

export class AddressMeter {
  readonly #limits: AddressLimits
  readonly #usages = new Map<string, Usage>()

  constructor(limits: AddressLimits) {
    this.#limits = limits
  }

  takeRequest(address: string, nowMs: number): boolean {
    return this.#usage(address, nowMs).requests.take(1, nowMs)
  }

  /** True: the connection is counted until `closed` is called. */
  open(address: string, nowMs: number): boolean {
    const usage = this.#usage(address, nowMs)
    if (usage.connections >= this.#limits.connections || !usage.openings.take(1, nowMs)) return false
    usage.connections += 1
    return true
  }

  closed(address: string): void {
    const usage = this.#usages.get(address)
    if (usage) usage.connections -= 1
  }

  #usage(address: string, nowMs: number): Usage {
    const known = this.#usages.get(address)
    if (known) return known
    if (this.#usages.size >= METERED_ADDRESSES) this.#forgetIdle()
    const usage = {
      connections: 0,
      openings: new TokenBucket(this.#limits.openingsPerSecond, this.#limits.openingBurst, nowMs),
      requests: new TokenBucket(this.#limits.requestsPerSecond, this.#limits.requestBurst, nowMs),
    }
    this.#usages.set(address, usage)
    return usage
  }

  /** Who has a connection is kept: the number of connections is bounded elsewhere. */
  #forgetIdle(): void {
    for (const [address, usage] of this.#usages) if (usage.connections === 0) this.#usages.delete(address)
  }
}

/** One party: an IPv4 address, or the /64 of an IPv6 address, of which a household has 2^64. */
export function partyOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  if (!isIPv6(address)) return address
  const [head, tail] = address.split('%')[0]!.split('::') as [string, string | undefined]
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
