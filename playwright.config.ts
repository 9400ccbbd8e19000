import { defineConfig } from '@playwright/test'
import { browserLaunchOptions } from './e2e/browser.ts'

export default defineConfig({
  testDir: 'e2e',
  // Each test of the mesh runs a whole network: one at a time on a small machine.
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: { launchOptions: browserLaunchOptions(), actionTimeout: 30_000 },
})
