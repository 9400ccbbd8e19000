/** Who else is there: when to ask, whom to ask, what to remember of the answers. Pure. */
import type { PeerId } from '../ports/network.ts'
import { EXCHANGED_ADDRESSES, KNOWN_PEERS } from './limits.ts'
import type { PeerAddresses } from './peer-exchange.ts'

/** Between two rounds of asking, ms: with enough links, and while alone or below the degree. */
export const DISCOVERY_INTERVAL_MS = 30_000
export const DISCOVERY_HURRY_MS = 2_000
/** A peer neither heard of nor met for this long is forgotten, ms. */
export const KNOWN_PEER_LIFETIME_MS = 7 * 24 * 60 * 60 * 1_000
/** Pauses after failed dials, ms: doubled each time. */
export const BACKOFF_FIRST_MS = 1_000
export const BACKOFF_LAST_MS = 30_000
/** Direct peers asked in one round, besides all relays. */
export const ASKED_PEERS = 2
/** Where a peer starts, and how far one dial moves it. */
const FIRST_SCORE = 0.5
const SCORE_STEP = 0.1

export interface KnownPeer {
  readonly peer: PeerId
  readonly addresses: readonly string[]
  /** 0 to 1: how often dials worked. */
  readonly score: number
  /** First heard of since this node runs. */
  readonly heardAtMs: number
  readonly seenAtMs: number
  /** Failed dials in a row. */
  readonly failures: number
  readonly nextDialAtMs: number
}

export function discoveryDelayMs(hurry: boolean): number {
  return hurry ? DISCOVERY_HURRY_MS : DISCOVERY_INTERVAL_MS
}

/** Between half and the whole of 1 s, 2 s, 4 s … 30 s, so that not all nodes come back at once. `random` in [0, 1). */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures, 16))
  return Math.round(full / 2 + (random * full) / 2)
}

/** Newly heard peers and addresses put in front; the stalest peers make room. */
export function rememberPeers(
  known: readonly KnownPeer[],
  heard: readonly PeerAddresses[],
  self: PeerId,
  nowMs: number,
): KnownPeer[] {
  const byPeer = new Map(known.map((entry) => [entry.peer, entry]))
  for (const { peer, addresses } of heard) {
    if (peer === self) continue
    const before = byPeer.get(peer)
    byPeer.set(peer, {
      peer,
      addresses: [...new Set([...addresses, ...(before?.addresses ?? [])])].slice(0, EXCHANGED_ADDRESSES),
      score: before?.score ?? FIRST_SCORE,
      heardAtMs: before?.heardAtMs ?? nowMs,
      seenAtMs: nowMs,
      failures: before?.failures ?? 0,
      nextDialAtMs: before?.nextDialAtMs ?? 0,
    })
  }
  return [...byPeer.values()]
    .filter((entry) => nowMs - entry.seenAtMs <= KNOWN_PEER_LIFETIME_MS)
    .sort((a, b) => b.seenAtMs - a.seenAtMs || b.score - a.score || (a.peer < b.peer ? -1 : 1))
    .slice(0, KNOWN_PEERS)
}

export function recordDial(
  known: readonly KnownPeer[],
  peer: PeerId,
  outcome: 'connected' | 'failed',
  nowMs: number,
  random: number,
): KnownPeer[] {
  return known.map((entry) => {
    if (entry.peer !== peer) return entry
    if (outcome === 'connected')
      return {
        ...entry,
        seenAtMs: nowMs,
        failures: 0,
        nextDialAtMs: 0,
        score: Math.min(1, entry.score + SCORE_STEP),
      }
    return {
      ...entry,
      failures: entry.failures + 1,
      nextDialAtMs: nowMs + backoffMs(entry.failures, random),
      score: Math.max(0, entry.score - SCORE_STEP),
    }
  })
}

/** What was stored by an earlier run, its waiting times forgotten. Anything that is not a list of peers is left out. */
export function restorePeers(stored: unknown, nowMs: number): KnownPeer[] {
  if (!Array.isArray(stored)) return []
  const restored: KnownPeer[] = []
  for (const entry of stored.slice(0, KNOWN_PEERS) as unknown[]) {
    if (typeof entry !== 'object' || entry === null) continue
    const { peer, addresses, score, seenAtMs } = entry as Record<string, unknown>
    if (typeof peer !== 'string' || !Array.isArray(addresses) || !Number.isFinite(seenAtMs)) continue
    if (!addresses.every((address) => typeof address === 'string')) continue
    restored.push({
      peer,
      addresses: addresses.slice(0, EXCHANGED_ADDRESSES),
      score: typeof score === 'number' && score >= 0 && score <= 1 ? score : FIRST_SCORE,
      heardAtMs: nowMs,
      seenAtMs: Math.min(seenAtMs as number, nowMs),
      failures: 0,
      nextDialAtMs: 0,
    })
  }
  return restored
}

export interface AskObservation {
  readonly relays: readonly { readonly address: string; readonly connected: boolean }[]
  readonly direct: readonly PeerId[]
  /** In [0, 1). */
  readonly random: () => number
}

export interface Question {
  readonly peer: PeerId
  /** The relay's address, for answers relative to it; null for a node. */
  readonly relayAddress: string | null
}

/** All connected relays and a few direct peers at random. */
export function whomToAsk(observation: AskObservation): Question[] {
  const relays = observation.relays
    .filter((relay) => relay.connected)
    .map((relay) => ({ peer: peerOfAddress(relay.address), relayAddress: relay.address }))
    .filter((question): question is { peer: PeerId; relayAddress: string } => question.peer !== null)
  const remaining = [...observation.direct]
  const peers: Question[] = []
  while (peers.length < ASKED_PEERS && remaining.length > 0) {
    const [peer] = remaining.splice(Math.floor(observation.random() * remaining.length), 1)
    peers.push({ peer: peer!, relayAddress: null })
  }
  return [...relays, ...peers]
}

/** The last /p2p/ of a multiaddr; null where it names none. */
export function peerOfAddress(address: string): PeerId | null {
  const named = address.lastIndexOf('/p2p/')
  if (named < 0) return null
  const peer = address.slice(named + 5).split('/')[0]!
  return peer === '' ? null : peer
}
