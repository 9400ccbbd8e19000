import { defineConfig } from '@playwright/test'
import { browserLaunchOptions } from './e2e/browser.ts'

export default defineConfig({
  testDir: 'e2e',
  workers: 2,
  projects: [
    { name: 'samples', testMatch: 'samples.setup.ts' },
    { name: 'app', testMatch: 'app.setup.ts' },
    { name: 'pages', testMatch: 'sample/**/*.spec.ts', dependencies: ['samples'] },
    // Each test a whole network, which waits for blocks most of its time: two at a time share two cores.
    { name: 'mesh', testIgnore: 'sample/**', dependencies: ['app'] },
  ],
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: { launchOptions: browserLaunchOptions(), actionTimeout: 30_000 },
})
