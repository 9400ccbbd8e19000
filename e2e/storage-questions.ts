/** How often a page asks its browser to keep what it stores. */
import type { Page } from '@playwright/test'

/** From the next load of the page on; the browser itself answers. */
export async function watchQuestions(page: Page): Promise<() => number> {
  let asked = 0
  await page.exposeFunction('storageAskedFor', () => asked++)
  await page.addInitScript(() => {
    const { persist } = StorageManager.prototype
    StorageManager.prototype.persist = function (this: StorageManager) {
      void (globalThis as unknown as { storageAskedFor(): Promise<void> }).storageAskedFor()
      return persist.call(this)
    }
  })
  return () => asked
}
