/** Storage that the browser may not clear: asked for when there is something to lose, and shown as the browser decided. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { WebServer } from '../../cli/dev/web-server.ts'
import { workerPort } from '../ports.ts'
import { watchQuestions } from '../storage-questions.ts'
import { startBuiltSite } from './built-site.ts'
import { SmallMesh } from './small-mesh.ts'

const PORT = workerPort()
const URL = `http://127.0.0.1:${PORT}`

let site: WebServer
let mesh: SmallMesh

test.beforeAll(async () => {
  mesh = await SmallMesh.create(PORT)
  site = await startBuiltSite(PORT, () => mesh.networkFile)
})
test.afterAll(async () => {
  await site.stop()
  await mesh.remove()
})

/** As a person decides it in the browser's own settings; the page's question is then answered by that. */
async function decide(context: BrowserContext, page: Page, setting: 'granted' | 'denied'): Promise<void> {
  const { targetInfo } = await (await context.newCDPSession(page)).send('Target.getTargetInfo')
  const session = await context.browser()!.newBrowserCDPSession()
  await session.send('Browser.setPermission', {
    permission: { name: 'persistent-storage' },
    setting,
    origin: URL,
    browserContextId: targetInfo.browserContextId,
  })
}

const kept = (page: Page) =>
  page.locator('dt', { hasText: 'Kept when space is short' }).locator('xpath=following-sibling::dd[1]')

async function makeKey(page: Page): Promise<void> {
  await page.getByRole('radio').first().waitFor({ state: 'attached' })
  await page.getByRole('button', { name: 'Look around', exact: true }).click()
  await expect(page.getByRole('navigation').first()).toBeVisible()
}

test('is asked for with the first key, not before; a grant is shown and nothing is left to ask', async ({
  context,
  page,
}) => {
  const asked = await watchQuestions(page)
  await page.goto(URL)
  await decide(context, page, 'granted')
  await page.getByRole('radio').first().waitFor({ state: 'attached' })
  expect(asked()).toBe(0)
  await makeKey(page)
  await expect.poll(asked).toBe(1)
  await page.goto(`${URL}/node`)
  await expect(kept(page)).toHaveText('yes')
  await expect(page.getByText('not kept')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Ask to keep it' })).toHaveCount(0)
  expect(asked()).toBe(1)
})

test('a refusal is shown, with what it means and a way to ask again, and its answer', async ({
  context,
  page,
}) => {
  const asked = await watchQuestions(page)
  await page.goto(URL)
  await decide(context, page, 'denied')
  await makeKey(page)
  await expect.poll(asked).toBe(1)
  await page.goto(`${URL}/node`)
  await expect(kept(page)).toHaveText('no')
  await expect(page.getByText('the browser may clear blocks and keys')).toBeVisible()
  const ask = page.getByRole('button', { name: 'Ask to keep it' })
  await ask.click()
  await expect(page.getByText('The browser said no.')).toBeVisible()
  await expect.poll(asked).toBe(2)
  await decide(context, page, 'granted')
  await ask.click()
  await expect(kept(page)).toHaveText('yes')
  await expect(ask).toHaveCount(0)
})

test('a grant that was given at the button and is taken back later is shown, with what it means', async ({
  context,
  page,
}) => {
  await page.goto(URL)
  await decide(context, page, 'denied')
  await makeKey(page)
  await page.goto(`${URL}/node`)
  await decide(context, page, 'granted')
  const ask = page.getByRole('button', { name: 'Ask to keep it' })
  await ask.click()
  await expect(kept(page)).toHaveText('yes')
  const bar = page.getByRole('contentinfo')
  await expect(bar.getByRole('link', { name: /^Storage .* kept$/ })).not.toContainText('not kept')
  await decide(context, page, 'denied')
  await expect(kept(page)).toHaveText('no')
  await expect(page.getByText('the browser may clear blocks and keys')).toBeVisible()
  await expect(bar.getByRole('link', { name: /not kept$/ })).toBeVisible()
  await expect(ask).toBeVisible()
  await page.screenshot({ path: 'test-results/grant-taken-back.png' })
})
