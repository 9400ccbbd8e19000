/**
 * One party on both sides of deals, or a few that praise each other and hardly anyone else. It looks at deals alone: on a chain
 * without any it is silent.
 */
import type { Address } from '../../protocol/ids.ts'
import { type Finding, namedHeights, namedSuspects } from './finding.ts'
import type { Deal, Observation } from './observation.ts'
import { WASH_WINDOW_MS } from './windows.ts'

/** Deals of one party with itself or within a ring, and praise of one by another in it: no more of them are chance. */
export const CHANCE_DEALS = 2
/** Of the praise that a worker has, at least a quarter comes from the one before it in a ring. */
const RING_DIVISOR = 4
/** Of the praise that those of a ring have, at least three quarters comes from within. */
const INSULAR = { part: 3, whole: 4 }
/** Parties of a ring; more of them that work for each other are a market. */
const RING_PARTIES = 6
const HIGH_DEALS = 10

export function detectWashTrading({ nowMs, deals }: Pick<Observation, 'nowMs' | 'deals'>): Finding {
  const recent = deals.filter(({ timeMs }) => timeMs > nowMs - WASH_WINDOW_MS)
  const rings = ringsOf(recent)
  const washed = new Map<string, Deal[]>()
  for (const deal of recent) {
    const ring = deal.clientParty === deal.workerParty ? deal.clientParty : ringWith(rings, deal)
    if (ring === null) continue
    const list = washed.get(ring)
    if (list) list.push(deal)
    else washed.set(ring, [deal])
  }
  const groups = [...washed.values()].sort((a, b) => b.length - a.length)
  const value = groups[0]?.length ?? 0
  const guilty = groups.filter(({ length }) => length > CHANCE_DEALS).flat()
  return {
    type: 'wash-trading',
    threat: guilty.length === 0 ? null : value >= HIGH_DEALS ? 'high' : 'medium',
    windowMs: WASH_WINDOW_MS,
    value,
    threshold: CHANCE_DEALS,
    unit: 'count',
    evidence:
      guilty.length === 0
        ? []
        : [
            { label: 'deals among themselves', value: String(guilty.length) },
            { label: 'rings', value: String(rings.length) },
          ],
    heights: namedHeights(guilty.map(({ height }) => height)),
    suspects: namedSuspects(guilty.flatMap(({ client, worker }) => [client, worker])),
    response: 'no-reputation',
  }
}

/** The name of the ring that both are of; null: none. */
function ringWith(rings: readonly ReadonlySet<Address>[], { clientParty, workerParty }: Deal): string | null {
  const index = rings.findIndex((ring) => ring.has(clientParty) && ring.has(workerParty))
  return index < 0 ? null : `ring ${index}`
}

/** Parties that reach each other by praise of which each has a good part from the one before. */
function ringsOf(deals: readonly Deal[]): ReadonlySet<Address>[] {
  const praised = praiseOf(deals)
  const leads = new Map<Address, Address[]>()
  for (const [to, givers] of praised) {
    const all = [...givers.values()].reduce((sum, count) => sum + count, 0)
    for (const [from, count] of givers) {
      if (count <= CHANCE_DEALS || count * RING_DIVISOR < all) continue
      const onwards = leads.get(from)
      if (onwards) onwards.push(to)
      else leads.set(from, [to])
    }
  }
  const reach = new Map([...leads.keys()].map((from) => [from, reachedFrom(from, leads)]))
  const rings: ReadonlySet<Address>[] = []
  for (const [from, reached] of reach) {
    if (!reached.has(from) || rings.some((ring) => ring.has(from))) continue
    const ring = new Set([...reached].filter((each) => reach.get(each)?.has(from)))
    if (ring.size <= RING_PARTIES && isInsular(ring, praised)) rings.push(ring)
  }
  return rings
}

function isInsular(
  ring: ReadonlySet<Address>,
  praised: ReadonlyMap<Address, ReadonlyMap<Address, number>>,
): boolean {
  let [within, all] = [0, 0]
  for (const worker of ring) {
    for (const [from, count] of praised.get(worker) ?? []) {
      all += count
      if (ring.has(from)) within += count
    }
  }
  return within * INSULAR.whole >= all * INSULAR.part
}

/** By worker: which clients praised it, how often. */
function praiseOf(deals: readonly Deal[]): Map<Address, Map<Address, number>> {
  const praised = new Map<Address, Map<Address, number>>()
  for (const { clientParty, workerParty, isPraised } of deals) {
    if (clientParty === workerParty || !isPraised) continue
    const givers = praised.get(workerParty) ?? new Map<Address, number>()
    praised.set(workerParty, givers)
    givers.set(clientParty, (givers.get(clientParty) ?? 0) + 1)
  }
  return praised
}

/** `from` itself only by a way around. */
function reachedFrom(from: Address, leads: ReadonlyMap<Address, readonly Address[]>): Set<Address> {
  const reached = new Set<Address>()
  const open = [...(leads.get(from) ?? [])]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue
    reached.add(at)
    open.push(...(leads.get(at) ?? []))
  }
  return reached
}
