/** Ages, spans and clock times in words. Times are ms since the Unix epoch, spans are ms. */

import { integer } from '../i18n/format.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** PERF: made once, see i18n/format.ts. */
const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockSeconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** How long ago: "now", "46 s", "27 min", "6 h"; from a day on the date. A time ahead of the clock counts as now. */
export function ageWords(atMs: number, nowMs: number): string {
  const age = nowMs - atMs
  if (age < SECOND) return 'now'
  return age < DAY ? `${spanWords(age)} ago` : dateWords(atMs)
}

/** The same without "ago", for table cells under a head that says it. */
export function ageCell(atMs: number, nowMs: number): string {
  const age = nowMs - atMs
  if (age < SECOND) return 'now'
  return age < DAY ? spanWords(age) : dateWords(atMs)
}

/** A span: "850 ms", "46 s", "27 min", "6 h 12 min", "21 days". */
export function spanWords(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) {
    const minutes = Math.floor((ms % HOUR) / MINUTE)
    return minutes === 0 ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / HOUR)} h ${minutes} min`
  }
  const days = Math.floor(ms / DAY)
  return days === 1 ? '1 day' : `${days} days`
}

/** "24 Nov 2026" in the reader's time zone. */
export function dateWords(atMs: number): string {
  return dates.format(atMs)
}

/** "14:31" in the reader's time zone. */
export function clockWords(atMs: number): string {
  return clock.format(atMs)
}

/** "14:31:07" */
export function secondWords(atMs: number): string {
  return clockSeconds.format(atMs)
}

/** "24 Nov 2026, 14:31:07" */
export function momentWords(atMs: number): string {
  return `${dateWords(atMs)}, ${secondWords(atMs)}`
}

/** "738 blocks left, about 24 min": blocks never without clock time. null interval: the pace is not known yet. */
export function blocksLeftWords(blocks: number, blockIntervalMs: number | null): string {
  return `${blocksWords(blocks)} left, ${aboutWords(blocks, blockIntervalMs)}`
}

/** "about 44 s", or that the pace is not known yet. */
export function aboutWords(blocks: number, blockIntervalMs: number | null): string {
  if (blockIntervalMs === null) return 'pace not known yet'
  return `about ${spanWords(Math.max(SECOND, blocks * blockIntervalMs))}`
}

/** "1 block", "1,204 blocks" */
export function blocksWords(blocks: number): string {
  return blocks === 1 ? '1 block' : `${integer(blocks)} blocks`
}
