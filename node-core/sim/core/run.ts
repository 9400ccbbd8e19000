/** Runs one scenario on the consensus core alone: execution and signatures are stubs, everything else is as in a node. */
import type { BrokenRule } from '../broken-rule.ts'
import type { Scenario } from '../scenario.ts'
import type { SimResult } from '../sim-result.ts'
import { CoreWorld } from './core-world.ts'

const UNBROKEN: BrokenRule = {}

export function runCore(scenario: Scenario, broken: BrokenRule = UNBROKEN): SimResult {
  return runWorld(new CoreWorld(scenario, broken))
}

export function runWorld(world: CoreWorld): SimResult {
  let events = 0
  let decisions = -1
  try {
    for (const replica of world.replicas) replica.start()
    while (world.checkers.violation === null) {
      // Looked at only after a decision: with a thousand replicas the look itself is work.
      if (world.plan.isCalm && decisions !== world.decisions && isDone(world)) break
      decisions = world.plan.isCalm ? world.decisions : -1
      if (world.queue.nextAtMs > world.plan.deadlineMs) {
        const places = world.replicas.map((each) => each.place).join(' ')
        world.checkers.fail(`no progress after the faults (${places})`)
        break
      }
      world.runNext()
      events++
    }
  } catch (error) {
    world.checkers.fail(`the core threw: ${String(error)}`)
  }
  return {
    violation: world.checkers.violation,
    seed: world.scenario.seed,
    heights: world.checkers.decided.size,
    rounds: world.checkers.highestRound,
    crashes: world.crashes,
    events,
    messages: world.messages,
    punished: {},
    damagedStores: 0,
    recoveryMs: Math.round(world.now - world.plan.calmSinceMs),
  }
}

function isDone({ plan, honest }: CoreWorld): boolean {
  for (const each of honest) if (each.chain.length < plan.target) return false
  return true
}
