import { useEffect, useMemo, useState } from 'react'
import type { ConsensusView } from '../../node-core/node/node-api.ts'
import { useNode } from './node-context.tsx'

const STEP_MS = 250

/**
 * The height being decided with its clock moving on between events, 4 times a second, so that a round's timer
 * runs while nothing arrives. Stands still while paused or once decided.
 */
export function useLiveConsensus(): ConsensusView | null {
  const view = useNode((state) => state.consensus)
  const arrivedMs = useNode((state) => state.consensusAtMs)
  const paused = useNode((state) => state.paused)
  const [nowMs, setNowMs] = useState(0)
  const moving = !paused && view !== null && view.committedMs === null
  useEffect(() => {
    if (!moving) return
    const timer = setInterval(() => setNowMs(Date.now()), STEP_MS)
    return () => clearInterval(timer)
  }, [moving])
  return useMemo(() => {
    if (view === null || !moving) return view
    return { ...view, nowMs: view.nowMs + Math.max(0, nowMs - arrivedMs) }
  }, [view, moving, nowMs, arrivedMs])
}
