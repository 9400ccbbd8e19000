/** The browser runs out of room: a validating tab says so, signs and decides nothing, and goes on when there is room again. */
import { expect } from '@playwright/test'
import { DevNetwork, QUICK_PARAMETERS } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'
import { hasSigned, untilActive } from './watched-validator.ts'

const NAME = 'Knot'
/** 1,000 of 5,000: the others decide without it. */
const STAKE = '1000'
/** None ends while it is silent: silence without room is not what sends it to jail here. */
const WINDOW = 1_000
const FULL_BLOCKS = 5
const TIMEOUT_MS = 180_000

test('a validating tab whose storage is full says so, signs nothing, and votes again by itself when there is room', async ({
  browser,
}) => {
  test.setTimeout(600_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start({ ...QUICK_PARAMETERS, presenceWindowBlocks: WINDOW })
    const context = await browser.newContext()
    const tab = await Tab.openFunded(context, network.url)
    const { page } = tab
    await tab.becomeValidator(NAME, STAKE)
    const address = await untilActive(network, NAME)

    // The worker that runs the node holds a lock of its own: never two signers of one key.
    const held = await page.evaluate(async () =>
      (await navigator.locks.query()).held?.map(({ name }) => name),
    )
    expect(held?.filter((name) => /^aitbc-.*-signer$/.test(name ?? ''))).toHaveLength(1)

    const head = async () => (await network.call('chain_head', {})).height
    const untilSigned = () =>
      expect.poll(async () => hasSigned(network, address, await head()), { timeout: TIMEOUT_MS }).toBe(true)
    const full = page.getByText('There is no room left.')
    const silent = page.getByText('There is no room left to store what would be signed.')
    const votes = page.getByText('This tab votes; every vote is written down')
    await tab.turnTo('Node')
    await expect(votes).toBeVisible({ timeout: TIMEOUT_MS })
    await untilSigned()

    const session = await context.newCDPSession(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin: network.url, quotaSize: 1 })
    await expect(full).toBeVisible({ timeout: 60_000 })
    await expect(silent).toBeVisible({ timeout: 60_000 })
    const stood = await tab.height()
    const height = await head()
    // A vote may have been under way.
    const first = height + 2
    await expect.poll(head, { timeout: TIMEOUT_MS }).toBeGreaterThan(first + FULL_BLOCKS)
    for (let each = first; each < first + FULL_BLOCKS; each++)
      expect(await hasSigned(network, address, each), `a vote at ${each}`).toBe(false)
    expect((await tab.height()) - stood).toBeLessThanOrEqual(1)
    await page.screenshot({ path: 'test-results/full-disk.png' })

    await session.send('Storage.overrideQuotaForOrigin', { origin: network.url })
    await expect(full).toBeHidden({ timeout: 60_000 })
    await expect.poll(() => tab.height(), { timeout: 60_000 }).toBeGreaterThan(first + FULL_BLOCKS)
    await expect(votes).toBeVisible({ timeout: TIMEOUT_MS })
    await untilSigned()
    for (let validator = 0; validator < network.validators; validator++)
      expect((await network.call('alert_list', {}, validator)).evidence).toEqual([])
  } finally {
    await network.remove()
  }
})
