/** The browser runs out of room: the tab says so, stops deciding, keeps answering, and goes on when there is room again. */
import { expect } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

test('a tab whose storage is full says so, and goes on by itself when there is room', async ({ browser }) => {
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const context = await browser.newContext()
    const tab = await Tab.open(context, network.url)
    await tab.firstRun()
    await tab.untilGrown(1)

    // The worker that runs the node holds a lock of its own: never two signers of one key.
    const held = await tab.page.evaluate(async () =>
      (await navigator.locks.query()).held?.map(({ name }) => name),
    )
    expect(held?.filter((name) => /^aitbc-.*-signer$/.test(name ?? ''))).toHaveLength(1)

    const session = await context.newCDPSession(tab.page)
    await tab.visit('/node')
    await tab.untilGrown(1)
    await session.send('Storage.overrideQuotaForOrigin', { origin: network.url, quotaSize: 1 })
    await expect(tab.page.getByText('There is no room left.')).toBeVisible({ timeout: 60_000 })
    const stood = await tab.height()
    const { height } = await network.call('chain_head', {})
    await expect
      .poll(async () => (await network.call('chain_head', {})).height, { timeout: 60_000 })
      .toBeGreaterThan(height + 3)
    expect((await tab.height()) - stood).toBeLessThanOrEqual(1)
    await tab.page.screenshot({ path: 'test-results/full-disk.png' })

    await session.send('Storage.overrideQuotaForOrigin', { origin: network.url })
    await expect(tab.page.getByText('There is no room left.')).toBeHidden({ timeout: 60_000 })
    await expect.poll(() => tab.height(), { timeout: 60_000 }).toBeGreaterThan(height + 3)
  } finally {
    await network.remove()
  }
})
