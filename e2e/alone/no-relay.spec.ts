/** No relay is reachable: the page says so, goes on trying, and shows what it holds. */
import { expect, test } from '@playwright/test'
import { Tab } from '../mesh/tab.ts'
import { workerPort } from '../ports.ts'
import { startBuiltSite } from './built-site.ts'
import { SmallMesh } from './small-mesh.ts'

const PORT = workerPort()

test('a page without a relay says so, keeps what it has, and joins by itself when there is one', async ({
  browser,
}) => {
  const mesh = await SmallMesh.create(PORT)
  const site = await startBuiltSite(PORT, () => mesh.networkFile)
  const context = await browser.newContext()
  try {
    const tab = await Tab.open(context, `http://127.0.0.1:${PORT}`)
    const { page } = tab
    const says = page.getByRole('main').getByText('No relay is reachable.')
    await expect(page.getByText('No relay answers; trying again')).toBeVisible()
    await page.getByRole('button', { name: 'Look around' }).click()
    await expect(says).toBeVisible()
    await expect(page.getByText('Nobody to hear blocks from yet')).toBeVisible()
    await page.screenshot({ path: 'test-results/no-relay.png' })

    await mesh.start()
    await tab.untilGrown(2, 120_000)
    await expect(says).toBeHidden()

    await mesh.stop()
    await expect(says).toBeVisible()
    await expect(page.getByText('Kept as last seen.')).toBeVisible()
    const held = await tab.height()
    await page.screenshot({ path: 'test-results/no-relay-held.png' })

    // A new page and a new node: all they know is what this browser has stored.
    await tab.visit(`/explorer/block/${held}`)
    await expect(page.getByRole('heading', { name: `Block ${held}`, exact: true })).toBeVisible()
    await expect.poll(() => tab.height()).toBe(held)
    await tab.visit('/')
    await expect(says).toBeVisible()

    await mesh.start()
    await tab.untilGrown(2, 120_000)
    await expect(says).toBeHidden()
  } finally {
    await context.close()
    await site.stop()
    await mesh.remove()
  }
})
