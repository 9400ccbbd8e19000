/** What the one polite live region says: at most one message in 5 s, always the newest, never the same twice in a row. */

export const ANNOUNCE_EVERY_MS = 5000

export interface Announcer {
  /** Takes a message; returns how long to wait before `next`, or null when there is nothing to say. */
  offer(message: string, nowMs: number): number | null
  /** The message to say now, or null. */
  next(nowMs: number): string | null
}

export function createAnnouncer(): Announcer {
  let waiting: string | null = null
  let said: string | null = null
  let saidAtMs = Number.NEGATIVE_INFINITY
  return {
    offer(message, nowMs) {
      waiting = message === said ? null : message
      return waiting === null ? null : Math.max(0, saidAtMs + ANNOUNCE_EVERY_MS - nowMs)
    },
    next(nowMs) {
      if (waiting === null || nowMs < saidAtMs + ANNOUNCE_EVERY_MS) return null
      said = waiting
      saidAtMs = nowMs
      waiting = null
      return said
    },
  }
}
