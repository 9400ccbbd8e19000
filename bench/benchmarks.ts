/** Everything that the command can measure, in the order in which it does. */
import type { Benchmark } from './figure.ts'
import { buildSize } from './figures/build-size.ts'
import { conservation } from './figures/conservation.ts'
import { epochChange } from './figures/epoch-change.ts'
import { latency } from './figures/latency.ts'
import { mixed } from './figures/mixed.ts'
import { pageStart } from './figures/page-start.ts'
import { pageTasks } from './figures/page-tasks.ts'
import { coreSeeds, nodeSeeds } from './figures/simulator.ts'
import { stateRoot } from './figures/state-root.ts'
import { blockSync, snapshot } from './figures/sync.ts'
import { tabHandover } from './figures/tab-handover.ts'
import { transfers } from './figures/transfers.ts'
import { workerMemory } from './figures/worker-memory.ts'
import { anvil } from './peers/anvil.ts'
import { etcd } from './peers/etcd.ts'
import { hardhat } from './peers/hardhat.ts'

export const OWN: readonly Benchmark[] = [
  transfers,
  mixed,
  latency,
  stateRoot,
  epochChange,
  conservation,
  blockSync,
  snapshot,
  coreSeeds,
  nodeSeeds,
  buildSize,
  pageStart,
  pageTasks,
  tabHandover,
  workerMemory,
]

/** Other systems on the same machine, for comparison: none of them tolerates liars. */
export const PEERS: readonly Benchmark[] = [etcd, anvil, hardhat]
