import { useCallback, useEffect, useRef, useState } from 'react'

export interface Deferred {
  /** Runs `act` after the delay unless it is undone; at once when the page is left. */
  start(act: () => void): void
  undo(): void
  /** Epoch ms at which it will run; null: nothing waits. */
  readonly dueAtMs: number | null
}

/** An act with time for second thoughts: shown as done, done when `delayMs` have passed without an undo. */
export function useDeferred(delayMs: number): Deferred {
  const [dueAtMs, setDueAtMs] = useState<number | null>(null)
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; act: () => void } | null>(null)
  const settle = useCallback((run: boolean) => {
    const held = waiting.current
    waiting.current = null
    if (held === null) return
    clearTimeout(held.timer)
    if (run) held.act()
  }, [])
  useEffect(() => () => settle(true), [settle])
  const start = (act: () => void) => {
    settle(true)
    const timer = setTimeout(() => {
      settle(true)
      setDueAtMs(null)
    }, delayMs)
    waiting.current = { timer, act }
    setDueAtMs(Date.now() + delayMs)
  }
  const undo = () => {
    settle(false)
    setDueAtMs(null)
  }
  return { start, undo, dueAtMs }
}
