import { expect, it } from 'vitest'
import { OWN, PEERS } from './benchmarks.ts'

/** Scripts compare by these names. */
const PROMISED = [
  'transfers_per_second',
  'mixed_per_second',
  'decision_latency_ms_p50',
  'decision_latency_ms_p95',
  'finality_ms_p50',
  'finality_ms_p95',
  'page_to_head_ms',
  'page_to_peer_ms',
  'page_longest_task_ms',
  'worker_memory_mb',
  'tab_handover_ms',
  'first_paint_kb',
  'running_node_kb',
  'sync_blocks_per_second',
  'snapshot_ms',
  'state_root_ms',
  'epoch_change_ms',
  'conservation_blocks',
  'sim_consensus_seeds_per_core_minute',
  'sim_node_seeds_per_core_minute',
]

it('every promised figure is measured, once', () => {
  const names = OWN.flatMap((each) => each.names)
  expect([...names].sort()).toEqual([...PROMISED].sort())
  expect(PEERS.flatMap((each) => each.names).every((name) => name.startsWith('peer_'))).toBe(true)
})
