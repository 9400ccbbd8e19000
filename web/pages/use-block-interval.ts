import { useMemo } from 'react'
import { useNode } from '../hooks/node-context.tsx'
import { rangeStats } from '../store/derive.ts'

/** Mean time between blocks as this tab saw it in the last five minutes, ms; null before two blocks. */
export function useBlockIntervalMs(): number | null {
  const samples = useNode((state) => state.samples)
  const nowMs = useNode((state) => state.nowMs)
  return useMemo(() => rangeStats(samples, '5min', nowMs).blockIntervalMs, [samples, nowMs])
}
