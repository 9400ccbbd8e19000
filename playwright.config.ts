import { defineConfig } from '@playwright/test'
import { browserLaunchOptions } from './e2e/browser.ts'

export default defineConfig({
  testDir: 'e2e',
  workers: 2,
  projects: [
    { name: 'pages', testMatch: 'sample/**/*.spec.ts' },
    // Each of these runs a whole network: one at a time on a small machine.
    { name: 'mesh', testIgnore: 'sample/**', workers: 1 },
  ],
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: { launchOptions: browserLaunchOptions(), actionTimeout: 30_000 },
})
