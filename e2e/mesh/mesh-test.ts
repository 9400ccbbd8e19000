/** Playwright's `test`, after which no tab is left: tabs of a profile that stays open go on as a mesh of their own. */
import { test as base, type Page } from '@playwright/test'

const SHOWN_CHARACTERS = 1_500

export const test = base.extend<{ tabsEndWithTheTest: undefined }>({
  tabsEndWithTheTest: [
    async ({ browser }, use, info) => {
      await use(undefined)
      const contexts = browser.contexts()
      if (info.status !== info.expectedStatus)
        for (const page of contexts.flatMap((context) => context.pages())) await tell(page)
      await Promise.all(contexts.map((context) => context.close()))
    },
    { auto: true },
  ],
})

/** What a page showed when its test failed, into the output: on another machine there is nothing else to look at. */
async function tell(page: Page): Promise<void> {
  const text = await page.locator('body').textContent({ timeout: 5_000 }).catch(String)
  console.log(`at the failure ${page.url()} showed: ${text?.slice(0, SHOWN_CHARACTERS)}`)
}
