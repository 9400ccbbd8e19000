/** A browser as people have it: pages behind others are hidden, slowed down, and may be frozen. */
import { type Browser, type BrowserContext, chromium } from '@playwright/test'
import { browserLaunchOptions } from '../browser.ts'

/** Playwright shows every page as if it were in front, and switches the slowing of hidden ones off: here neither is so. */
export async function openOrdinaryBrowser(debuggingPort: number): Promise<{
  readonly browser: Browser
  readonly context: BrowserContext
}> {
  const options = browserLaunchOptions()
  const browser = await chromium.launch({
    ...options,
    args: [
      ...options.args!,
      `--remote-debugging-port=${debuggingPort}`,
      // As after five minutes behind another tab.
      '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1',
    ],
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  })
  const plain = await chromium.connectOverCDP(`http://127.0.0.1:${debuggingPort}`, { noDefaults: true })
  return { browser, context: plain.contexts()[0]! }
}
