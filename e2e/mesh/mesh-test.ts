/** Playwright's `test`, after which no tab is left: tabs of a profile that stays open go on as a mesh of their own. */
import { test as base } from '@playwright/test'

export const test = base.extend<{ tabsEndWithTheTest: undefined }>({
  tabsEndWithTheTest: [
    async ({ browser }, use) => {
      await use(undefined)
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    { auto: true },
  ],
})
