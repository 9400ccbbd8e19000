/** Every page by keyboard alone: each stop of the Tab key is seen and named, and its main action is reached. */
import { expect, type Page, test } from '@playwright/test'
import { servedSample } from './sample-site.ts'

/** Path, switches, the main action's name, and what shows that it ran. */
const PAGES = [
  ['/', '?freeze', /^1 h$/, { url: /./, pressed: true }],
  ['/consensus', '?freeze', /^Raw messages$/, { dialog: 'Raw messages' }],
  ['/mesh', '?freeze', /^Dial a peer$/, { dialog: 'Dial a peer' }],
  ['/validators', '?freeze', /^Pause my validator$/, { dialog: 'Pause my validator' }],
  ['/validators', '?freeze', /^Claim 4\.50 AIT$/, { dialog: 'Claim rewards' }],
  ['/wallet', '?freeze', /^Share an account$/, { dialog: 'Share an account' }],
  ['/economy', '?freeze', /^Rewards paid as a table$/, { url: /economy/, pressed: true }],
  ['/explorer', '?freeze', /^48,217/, { url: /explorer\/block\/48217/ }],
  ['/wallet', '?freeze', /^Send$/, { dialog: 'Send AIT' }],
  ['/node', '?freeze', /^Back up$/, { dialog: 'Back up my keys' }],
  ['/start', '?state=boot&new', /^Look around$/, { url: /#\/$/ }],
] as const

/** More stops than any page has before its main action. */
const MOST_STOPS = 150

test.describe.configure({ timeout: 120_000 })

const site = servedSample('more')

interface Stop {
  readonly name: string
  /** Why somebody could not see where focus is; null: it is seen. */
  readonly hidden: string | null
}

/** Where focus stands. */
function stopOf(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const labelled = element.getAttribute('aria-labelledby')
    const input = element as HTMLInputElement
    const name =
      element.getAttribute('aria-label') ??
      (labelled && document.getElementById(labelled)?.textContent) ??
      input.labels?.[0]?.textContent ??
      element.textContent ??
      ''
    // A radio button stands under the flag that it picks: its label shows the focus.
    const seen = element.matches('.sr') ? (input.labels?.[0] ?? element) : element
    const style = getComputedStyle(seen)
    const box = seen.getBoundingClientRect()
    const ringed = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
    const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0
    const hidden = !inside
      ? 'outside the window'
      : !ringed && element !== document.body
        ? 'no focus ring'
        : null
    return { name: name.trim(), hidden: hidden && `${element.outerHTML.slice(0, 120)}: ${hidden}` }
  })
}

for (const [path, query, action, shows] of PAGES)
  test(`${path} is walked through to “${action.source}” by keys alone`, async () => {
    const { page, context } = await site().open(path, query, { reducedMotion: 'reduce' })
    await expect(page.locator('main')).toBeVisible()
    await expect(page.locator('.skeleton')).toHaveCount(0)
    const hidden: string[] = []
    const nameless: string[] = []
    let found = false
    for (let stop = 0; stop < MOST_STOPS && !found; stop++) {
      await page.keyboard.press('Tab')
      const at = await stopOf(page)
      if (at.hidden !== null) hidden.push(at.hidden)
      if (at.name === '') nameless.push(String(stop))
      found = action.test(at.name)
      // One stop for a group of choices: the arrow keys go on within it.
      if (!found && at.name === '5 min') {
        await page.keyboard.press('ArrowRight')
        found = action.test((await stopOf(page)).name)
      }
    }
    expect(found, `${action} was reached`).toBe(true)
    expect(hidden).toEqual([])
    expect(nameless).toEqual([])
    await page.keyboard.press('Enter')
    if ('dialog' in shows) {
      const dialog = page.getByRole('dialog', { name: shows.dialog })
      await expect(dialog).toBeVisible()
      await page.keyboard.press('Tab')
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
      await page.keyboard.press('Escape')
      await expect(dialog).toBeHidden()
    } else {
      await expect(page).toHaveURL(shows.url)
      if ('pressed' in shows)
        await expect(page.getByRole('button', { name: action })).toHaveAttribute('aria-pressed', 'true')
    }
    await context.close()
  })
