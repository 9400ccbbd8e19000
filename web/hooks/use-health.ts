import { useMemo } from 'react'
import { type Health, healthOf } from '../i18n/health.ts'
import { type RangeStats, rangeStats } from '../store/derive.ts'
import { lastAnswered } from '../store/last-answered.ts'
import { useNode } from './node-context.tsx'

/** PERF: half a dozen parts of a page ask for the same figures with each block. */
const sharedStats = lastAnswered(rangeStats)

/** Figures of the chosen time range, as this tab saw it. */
export function useRangeStats(): RangeStats {
  const samples = useNode((state) => state.samples)
  const range = useNode((state) => state.range)
  // The window moves with the clock in steps of 5 s: figures of minutes need no more.
  const nowMs = useNode((state) => Math.ceil(state.nowMs / 5000) * 5000)
  return sharedStats(samples, range, nowMs)
}

export function useHealth(): Health {
  const status = useNode((state) => state.status)
  const consensus = useNode((state) => state.consensus)
  const headHeight = useNode((state) => state.blocks.at(-1)?.height ?? state.status?.head?.height ?? null)
  const failed = useNode((state) => state.failed)
  const blocksError = useNode((state) => (state.blocks.length === 0 ? state.blocksError : null))
  const stats = useRangeStats()
  return useMemo(
    () => healthOf({ status, consensus, headHeight, stats, failed, blocksError }),
    [status, consensus, headHeight, stats, failed, blocksError],
  )
}
