import { describe, expect, it } from 'vitest'
import { runMesh } from './run.ts'

const MINUTES = 60_000

describe('a mesh in one process', () => {
  it(
    '1,000 nodes, of which 100 vote, all decide 50 heights',
    () => {
      const heights = 50
      const result = runMesh({ seed: 1, nodes: 1_000, validators: 100, heights })
      expect(result.violation).toBeNull()
      // A run ends without a violation only when every node has them.
      expect(result.heights).toBeGreaterThanOrEqual(heights)
      expect(result.degree[0]).toBeGreaterThanOrEqual(3)
    },
    3 * MINUTES,
  )
})
