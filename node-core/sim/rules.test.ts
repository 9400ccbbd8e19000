import { describe, expect, it } from 'vitest'
import { runCore } from './core/run.ts'
import { RULE_TRIALS } from './rules.ts'

describe('without one of the rules', () => {
  for (const [name, { without, broken, scenario, shows, seeds }] of Object.entries(RULE_TRIALS))
    it(`${name}: ${without}`, () => {
      for (let seed = 1; seed <= seeds; seed++) {
        const { violation } = runCore(scenario(seed), broken)
        if (violation === null || !shows.test(violation)) continue
        // The same run with the rule keeps every promise.
        expect(runCore(scenario(seed)).violation).toBeNull()
        return
      }
      expect.unreachable(`the checkers saw nothing in ${seeds} seeds`)
    })
})
