/** Runs one scenario on whole nodes: pool, execution, storage, journal and catch-up are the real ones. */
import type { BrokenRule } from '../broken-rule.ts'
import type { Scenario } from '../scenario.ts'
import type { SimResult } from '../sim-result.ts'
import { NodeWorld } from './node-world.ts'
import { startTraffic } from './traffic.ts'

/** Events between two looks at the nodes. */
const INSPECT_EVERY = 200

/** Of the rules that a run may do without, this engine knows `believesForgeries`. */
export async function runNodes(scenario: Scenario, broken: BrokenRule = {}): Promise<SimResult> {
  const world = new NodeWorld(scenario, broken)
  const { checkers, plan, queue } = world
  let events = 0
  for (const node of world.replicas) node.start()
  startTraffic(world)
  await settled()
  /** Only a block changes who is punished: looked at about once a height. */
  let lookAt = 0
  const isOver = async () => {
    if (!isDone(world) || world.decisions < lookAt) return false
    lookAt = world.decisions + world.honest.length
    return (await world.punishment.owed()).length === 0
  }
  while (checkers.violation === null && !(await isOver())) {
    const atMs = queue.nextAtMs
    if (atMs > plan.deadlineMs) {
      checkers.fail(await whyNotDone(world))
      break
    }
    world.now = Math.max(world.now, atMs)
    queue.pop()!()
    if (world.isUnsettled) {
      world.isUnsettled = false
      events++
      await settled()
      if (events % INSPECT_EVERY === 0) world.inspect()
    }
  }
  world.inspect()
  world.recount()
  for (const { live } of world.replicas) void live?.stop()
  await settled()
  return {
    violation: checkers.violation,
    seed: scenario.seed,
    heights: checkers.decided.size,
    rounds: checkers.highestRound,
    crashes: world.crashes,
    events,
    messages: world.messages,
    punished: world.punishment.punished(),
    damagedStores: world.damagedStores,
    recoveryMs: Math.round(world.now - plan.calmSinceMs),
  }
}

function isDone({ plan, honest }: NodeWorld): boolean {
  return plan.isCalm && honest.every((each) => each.height >= plan.target)
}

async function whyNotDone(world: NodeWorld): Promise<string> {
  const places = world.replicas.map((each) => each.place).join(' ')
  if (!isDone(world)) return `no progress after the faults (${places})`
  return `not punished: ${(await world.punishment.owed()).slice(0, 3).join('; ')} (${places})`
}

/** Every promise that can settle has: nothing here waits for anything but events of the run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
