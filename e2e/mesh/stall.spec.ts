/** Tabs that hold more than a third of the power close: the chain waits and says why; they come back: it goes on. */
import { expect } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

test('the chain waits for a third that is away, the page says why, and goes on when it is back', async ({
  browser,
}) => {
  test.setTimeout(480_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const profile = await browser.newContext()
    const tab = await Tab.openFunded(profile, network.url)
    // 2,400 of 6,400: more than a third.
    await tab.becomeValidator('Redshank', '2400')
    const power = async () =>
      (await network.call('validator_list', {})).validators.find((each) => each.name === 'Redshank')?.power ??
      0
    await expect.poll(power, { timeout: 120_000 }).toBeGreaterThan(333_333)

    const observer = await Tab.open(await browser.newContext(), network.url)
    await observer.firstRun()
    await observer.untilGrown(1)
    const before = await network.call('chain_head', {})
    await tab.page.close()
    await expect(
      observer.page.getByRole('main').getByText(/of the power is heard, and a block needs/),
    ).toBeVisible({ timeout: 60_000 })
    await observer.page.screenshot({ path: 'test-results/stall.png' })
    const waiting = await network.call('chain_head', {})
    expect(waiting.height - before.height).toBeLessThanOrEqual(3)

    const again = await Tab.open(profile, network.url)
    await observer.untilGrown(2, 120_000)
    await expect.poll(() => again.height(), { timeout: 60_000 }).toBeGreaterThan(waiting.height)
    const kept = await network.call('chain_block', { height: waiting.height })
    expect(kept.blockId).toBe(waiting.blockId)
  } finally {
    await network.remove()
  }
})
