import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const TESTS = ['**/*.test.ts', '**/*.test.tsx']
const NO_TESTS = ['node_modules/**', 'dist/**', 'e2e/**']
/** They hold sockets, files and timers of the platform, and stand in for some of it. */
const ADAPTERS = 'node-core/adapters'
/** It weighs its own process, again and again: one that other tests have filled takes minutes for that. */
const CROWD = 'node-core/rpc/crowd.hostile.test.ts'

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves one core free by itself, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        test: {
          name: 'adapters',
          include: [...TESTS.map((name) => `${ADAPTERS}/${name}`), CROWD],
          exclude: NO_TESTS,
        },
      },
      // The others share what they import: loading it anew for each file takes longer than most of them do.
      {
        extends: true,
        test: {
          name: 'others',
          include: TESTS,
          exclude: [...NO_TESTS, `${ADAPTERS}/**`, CROWD],
          isolate: false,
        },
      },
    ],
  },
})
