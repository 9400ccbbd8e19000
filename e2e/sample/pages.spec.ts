/** The frame and its pages over the sample network: readable by all, by keyboard, on a phone, and honest when things are not well. */
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { checkAccessibility } from './page-checks.ts'
import { PHONE, type SampleSite, SHOTS, servedSample } from './sample-site.ts'

const PAGES = [
  ['overview', '?freeze', '/', 'Newest transactions'],
  ['consensus', '?freeze', '/consensus', 'Round changes'],
  ['first-run', '?state=boot&new', '/start', 'Pick your flag'],
  ['not-supported', '?state=unsupported&new', '/start', 'Missing: WebRTC'],
  ['overview-stalled', '?state=stalled', '/', 'Stalled'],
  ['overview-empty', '?state=empty', '/', 'no block yet'],
  ['overview-error', '?state=error', '/', 'No answer in time'],
  ['overview-offline', '?state=offline', '/', 'No peer is reachable'],
  ['consensus-many', '?state=many&freeze', '/consensus', 'Station 100'],
  ['not-found', '?freeze', '/nowhere', 'There is no page at this address'],
] as const

const OPENED = [
  ['palette', '?freeze', '/', 'open beside', 'Control+k'],
  ['shortcuts', '?freeze', '/', 'Pause live updates', '?'],
] as const

test.describe.configure({ mode: 'parallel', timeout: 240_000 })

const site = servedSample('frame')

const open = (path: string, query = '', options: Parameters<SampleSite['open']>[2] = {}) =>
  site().open(path, query, options)

checkAccessibility(site, '', [...PAGES, ...OPENED])

for (const [name, query, path, ready] of PAGES) {
  test(`${name} fits a narrow screen without sideways scrolling`, async () => {
    const { page, context } = await open(path, query, { viewport: { width: 320, height: 640 } })
    await expect(page.getByText(ready).filter({ visible: true }).first()).toBeVisible()
    const tooWide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(tooWide).toBe(0)
    await context.close()
  })
}

test('the palette finds and opens by keyboard alone', async () => {
  const { page, context } = await open('/', '?freeze')
  await expect(page.getByText('Healthy.')).toBeVisible()
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search and actions' })
  await expect(palette.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('482')
  const options = palette.getByRole('option')
  await expect(options.first()).toContainText('48,218')
  await expect(options.first()).toContainText('height, forming')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
  await expect(page).toHaveURL(/#\/explorer\/block\/48217$/)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('pause live')
  await expect(palette.getByRole('option').first()).toContainText('Pause live updates')
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()
  await context.close()
})

test('shortcuts lead to pages and are listed', async () => {
  const { page, context } = await open('/', '?freeze')
  await expect(page.getByText('Healthy.')).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/#\/consensus$/)
  await expect(page.locator('main')).toBeFocused()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Shortcuts' })
  await expect(help).toContainText('Pause live updates')
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await context.close()
})

test('a stalled chain says why, on the page, in the status bar and in the tab’s title', async () => {
  const { page, context } = await open('/', '?state=stalled')
  await expect(page.getByText('Stalled. Only 50.9')).toBeVisible()
  await expect(page.getByText('Lodestone, Kestrel, Skerry and one more are silent')).toBeVisible()
  await expect(page.getByRole('contentinfo').getByRole('link', { name: /Stalled, 50\.9/ })).toBeVisible()
  await expect(page.getByRole('status')).toHaveText(/Stalled, 50\.9/)
  await expect(page).toHaveTitle(/^Stalled, 50\.9\s% heard · AITBC mesh$/)
  await page.goto(page.url().replace('#/', '#/consensus'))
  await expect(page.getByText(/must come back/)).toBeVisible()
  await context.close()
})

test('title and icon follow the chain', async () => {
  const { page, context } = await open('/')
  await expect(page).toHaveTitle(/^48,2\d\d · AITBC mesh$/)
  const icon = page.locator('link[rel="icon"]')
  await expect(icon).toHaveAttribute('href', /^data:image\/svg/)
  const first = await page.title()
  await expect(page).not.toHaveTitle(first)
  await context.close()
})

test('pausing holds the page and counts what it misses; going on catches up', async () => {
  const { page, context } = await open('/')
  const head = page.getByRole('contentinfo').getByText(/^Height/)
  await expect(head).toContainText('48,2')
  await page.keyboard.press('p')
  const held = await head.textContent()
  await expect(page.getByRole('contentinfo').getByText(/Paused, [1-9]\d* blocks? behind/)).toBeVisible({
    timeout: 10_000,
  })
  expect(await head.textContent()).toBe(held)
  await page.keyboard.press('p')
  await expect(page.getByRole('contentinfo').getByText('Paused')).toBeHidden()
  expect(await head.textContent()).not.toBe(held)
  await context.close()
})

test('heights and filters are in the address, and can be stepped through', async () => {
  const { page, context } = await open('/consensus?height=48211', '?freeze')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('48,211')
  await page.getByRole('link', { name: 'Height before' }).click()
  await expect(page).toHaveURL(/height=48210/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('48,210')
  await page.keyboard.press(']')
  await expect(page).toHaveURL(/height=48211/)
  await page.getByRole('button', { name: /^Missing/ }).click()
  await expect(page).toHaveURL(/votes=missing/)
  const votes = page.getByRole('table', { name: 'Votes at height 48,211' })
  await expect(votes.getByRole('row')).toHaveCount(1 + 1)
  await page.reload()
  await expect(page.getByRole('button', { name: /^Missing/ })).toHaveAttribute('aria-pressed', 'true')
  await context.close()
})

test('a newcomer picks a flag and looks around', async () => {
  const { page, context } = await open('/', '?new')
  await expect(page).toHaveURL(/#\/start/)
  const flags = page.getByRole('radio')
  await expect(flags).toHaveCount(12)
  await expect(flags.first()).toBeChecked()
  await flags.first().focus()
  await page.keyboard.press('ArrowRight')
  await expect(flags.nth(1)).toBeChecked()
  await page.getByRole('button', { name: 'Look around' }).click()
  await expect(page).toHaveURL(/#\/$/)
  await expect(page.getByText('Light', { exact: true }).first()).toBeVisible()
  await context.close()
})

test('a phone has five items at the bottom, and the rest behind More', async () => {
  const { page, context } = await open('/', '?freeze', { viewport: PHONE })
  const bar = page.getByRole('navigation', { name: 'Main, short' })
  await expect(bar.locator('a, button')).toHaveText(['Overview', 'Consensus', 'Validators', 'Wallet', 'More'])
  await bar.getByRole('button', { name: 'More' }).click()
  const more = page.getByRole('dialog', { name: 'More' })
  await more.getByRole('link', { name: 'Mesh' }).click()
  await expect(page).toHaveURL(/#\/mesh$/)
  await expect(more).toBeHidden()
  await context.close()
})

test('nothing moves by itself for those who ask for less motion', async () => {
  const { page, context } = await open('/', '', { reducedMotion: 'reduce' })
  await expect(page.getByText('Healthy.')).toBeVisible()
  const title = await page.title()
  await expect(page).not.toHaveTitle(title)
  const moving = await page.evaluate(
    () =>
      document
        .getAnimations()
        .filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 0).length,
  )
  expect(moving).toBe(0)
  await context.close()
})

test('an error shows its code and offers a retry and its details', async () => {
  const { page, context } = await open('/', '?state=error')
  await expect(page.getByRole('button', { name: 'Try again' }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy details' }).first()).toBeVisible()
  await expect(page.getByText('timeout', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Healthy.')).toBeHidden()
  await context.close()
})

test('a sorted head stands on the line of the others', async () => {
  const { page, context } = await open('/validators', '?freeze')
  await expect(page.getByRole('columnheader', { name: 'Power' }).first()).toHaveAttribute(
    'aria-sort',
    'descending',
  )
  const baselines = await page
    .getByRole('table')
    .first()
    .getByRole('columnheader')
    .evaluateAll((heads) =>
      heads.flatMap((head) => {
        // A head for those alone who do not see the table stands on no line.
        if (head.querySelector('.sr')) return []
        const words = document.createRange()
        words.selectNodeContents(head.querySelector('button') ?? head)
        return Math.round(words.getBoundingClientRect().bottom)
      }),
    )
  expect(Math.max(...baselines) - Math.min(...baselines)).toBeLessThanOrEqual(1)
  await context.close()
})

test('on a phone a name keeps its line, however long its value is', async () => {
  const { page, context } = await open('/node', '?freeze', { viewport: PHONE })
  await expect(page.getByText('Clock, against the peers')).toBeVisible()
  const lines = await page.getByText('Clock, against the peers').evaluate((element) => {
    const words = document.createRange()
    words.selectNodeContents(element)
    return words.getClientRects().length
  })
  expect(lines).toBe(1)
  await context.close()
})

test('a long value gives way before its name does', async () => {
  const { page, context } = await open('/node', '?freeze')
  const name = page.getByText('relays', { exact: true })
  await expect(name).toBeVisible()
  const [words, value] = await name.evaluate((element) => {
    const row = element.closest('dt')!
    return [element, row.nextElementSibling!.firstElementChild!].map((each) =>
      each.getBoundingClientRect().toJSON(),
    )
  })
  expect(words.right).toBeLessThan(value.left)
  await page.screenshot({ path: join(SHOTS, 'node-long-value.png'), fullPage: true })
  await context.close()
})

test('the mark waxes with the joining', async () => {
  const { page, context } = await open('/start', '?state=boot&new')
  await expect(page.getByText('Certificates verified to 34,210 of 48,217')).toBeVisible()
  const lit = page.locator('.first-run > header svg path').first()
  await expect(lit).toHaveAttribute('d', /^M/)
  await context.close()
})
