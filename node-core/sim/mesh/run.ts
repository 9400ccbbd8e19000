/** Runs a mesh of many nodes, of which some vote and the others follow. */
import { runWorld } from '../core/run.ts'
import { scenario } from '../scenario.ts'
import type { SimResult } from '../sim-result.ts'
import { MeshWorld } from './mesh-world.ts'

export interface MeshOptions {
  readonly seed: number
  readonly nodes: number
  readonly validators: number
  readonly heights: number
}

export interface MeshResult extends SimResult {
  readonly links: number
  /** The fewest and the most links of one node. */
  readonly degree: readonly [number, number]
  readonly duplicates: number
  /** Virtual ms for each height. */
  readonly heightMs: number
}

/** Message loss in the mesh: what gossip along several ways is there for. */
const LOSS = 0.01
const DELAY_MS = 30
/** A node that is a third of the way round the world hears of a proposal after a few hops. */
const PARAMETERS = { roundTimeoutMs: 4_000, messageDelayMs: 1_000 }

export function runMesh({ seed, nodes, validators, heights }: MeshOptions): MeshResult {
  const world = new MeshWorld(
    scenario({
      seed,
      powers: new Array<number>(validators).fill(1),
      followers: nodes - validators,
      heights,
      calmHeights: 1,
      faults: { untilMs: heights * 60_000, loss: LOSS, delayMs: DELAY_MS },
      parameters: PARAMETERS,
    }),
  )
  const result = runWorld(world)
  const degrees = world.neighbours.map((each) => each.length)
  return {
    ...result,
    links: degrees.reduce((sum, degree) => sum + degree, 0) / 2,
    degree: [Math.min(...degrees), Math.max(...degrees)],
    duplicates: world.duplicates,
    heightMs: Math.round(world.now / heights),
  }
}
