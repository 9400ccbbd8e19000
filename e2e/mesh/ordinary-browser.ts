/** A browser as people have it: pages behind others are hidden, slowed down, and may be frozen. */
import { type Browser, type BrowserContext, chromium } from '@playwright/test'
import { ordinaryLaunchOptions } from '../browser.ts'
import { workerPort } from '../ports.ts'

const DEBUGGING_PORT = workerPort(130)

/** Playwright shows every page as if it were in front, and switches the slowing of hidden ones off: here neither is so. */
export async function openOrdinaryBrowser(): Promise<{
  readonly browser: Browser
  readonly context: BrowserContext
}> {
  const options = ordinaryLaunchOptions()
  const browser = await chromium.launch({
    ...options,
    args: [
      ...options.args!,
      `--remote-debugging-port=${DEBUGGING_PORT}`,
      // As after five minutes behind another tab.
      '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1',
    ],
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  })
  const plain = await chromium.connectOverCDP(`http://127.0.0.1:${DEBUGGING_PORT}`, { noDefaults: true })
  return { browser, context: plain.contexts()[0]! }
}
