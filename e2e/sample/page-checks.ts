/** What every page of the sample is held to, in both themes, wide and on a phone. */
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { PHONE, type SampleSite, SHOTS, THEMES, violations } from './sample-site.ts'

/** Name, switches of the sample, path, a text that is there when the page is ready, and keys that bring it there. */
export type SamplePage = readonly [name: string, query: string, path: string, ready: string, keys?: string]

/** One test for each page and theme; its screenshots are named by `prefix`. */
export function checkAccessibility(
  site: () => SampleSite,
  prefix: string,
  pages: readonly SamplePage[],
): void {
  for (const [name, query, path, ready, keys] of pages) {
    for (const theme of THEMES) {
      test(`${name} breaks no rule of accessibility, ${theme}`, async () => {
        const { page, context, errors } = await site().open(path, query, {
          colorScheme: theme,
          reducedMotion: 'reduce',
        })
        if (keys !== undefined) {
          await expect(page.getByRole('heading', { name: 'Newest transactions' })).toBeVisible()
          await page.keyboard.press(keys)
        }
        await expect(page.getByText(ready).filter({ visible: true }).first()).toBeVisible()
        await page.screenshot({ path: join(SHOTS, `${prefix}${name}-${theme}-1440.png`) })
        expect(await violations(page)).toEqual([])
        await page.setViewportSize(PHONE)
        await page.screenshot({ path: join(SHOTS, `${prefix}${name}-${theme}-390.png`), fullPage: true })
        expect(await violations(page)).toEqual([])
        expect(errors).toEqual([])
        await context.close()
      })
    }
  }
}
