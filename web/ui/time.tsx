import { useMemo, useSyncExternalStore } from 'react'
import { ageCell, ageWords, momentWords } from './time-words.ts'

const TICK_MS = 1_000

/** One clock for the whole page: a single timer while anything watches it, so that all ages change together. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let nowMs = Date.now()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    nowMs = Date.now()
    timer = setInterval(tick, TICK_MS)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  nowMs = Date.now()
  for (const listener of listeners) listener()
}

/** Wall-clock time in ms, new once a second for every reader at once. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs)
}

/** An age that grows by itself; the exact moment in its title. `cell` leaves out "ago". */
export function Age({ atMs, cell = false }: { atMs: number; cell?: boolean }) {
  const now = useNow()
  const title = useMemo(() => momentWords(atMs), [atMs])
  return (
    <time dateTime={new Date(atMs).toISOString()} title={title}>
      {cell ? ageCell(atMs, now) : ageWords(atMs, now)}
    </time>
  )
}
