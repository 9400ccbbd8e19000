/** Every page by keyboard alone: each stop of the Tab key is seen and named, and its main action is reached. */
import { expect, type Page, test } from '@playwright/test'
import { addressOf, hexOf } from './people.ts'
import { servedSample } from './sample-site.ts'
import { MOST_STOPS, stopOf, walkAround } from './tab-stops.ts'

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

test.describe.configure({ timeout: 120_000 })

const site = servedSample('more')

/** Walked once around: those above, and those without a main action. */
const ROUNDS = [
  ['/', '?freeze'],
  ['/consensus', '?freeze&evidence'],
  ['/mesh', '?freeze'],
  ['/validators', '?freeze'],
  [`/validators/${addressOf('Lodestone')}`, '?freeze'],
  ['/wallet', '?freeze'],
  ['/economy', '?freeze'],
  ['/explorer', '?freeze'],
  ['/explorer/block/48211', '?freeze'],
  [`/explorer/transaction/${hexOf(32, 'transaction', 48_211, 0)}`, '?freeze'],
  [`/explorer/account/${addressOf('Lodestone')}`, '?freeze'],
  ['/alerts', '?freeze'],
  ['/node', '?freeze'],
  ['/nowhere', '?freeze'],
  ['/start', '?state=boot&new'],
] as const

async function loaded(page: Page): Promise<void> {
  await expect(page.locator('main')).toBeVisible()
  await expect(page.locator('.skeleton')).toHaveCount(0)
}

for (const [path, query, action, shows] of PAGES)
  test(`${path} is walked through to “${action.source}” by keys alone`, async () => {
    const { page, context } = await site().open(path, query, { reducedMotion: 'reduce' })
    await loaded(page)
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
      await expect.poll(async () => (await stopOf(page)).name).toMatch(action)
    } else {
      await expect(page).toHaveURL(shows.url)
      if ('pressed' in shows)
        await expect(page.getByRole('button', { name: action })).toHaveAttribute('aria-pressed', 'true')
    }
    await context.close()
  })

for (const [path, query] of ROUNDS)
  test(`the Tab key leads once around ${path}, past everything and in the order of reading`, async () => {
    const { page, context } = await site().open(path, query, { reducedMotion: 'reduce' })
    await loaded(page)
    const { stops, around, outOfOrder, missed } = await walkAround(page)
    expect(around, 'it leads around').toBe(true)
    expect(stops.flatMap(({ hidden }) => hidden ?? [])).toEqual([])
    expect(stops.filter(({ name }) => name === '')).toEqual([])
    expect(outOfOrder).toEqual([])
    expect(missed).toEqual([])
    await context.close()
  })
