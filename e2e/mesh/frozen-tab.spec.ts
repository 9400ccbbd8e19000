/** A validating tab that the browser freezes behind others, and wakes: it catches up before it votes, and signs nothing twice. */
import { type CDPSession, expect, type Page, test } from '@playwright/test'
import type { AddressString } from '../../node-core/node/node-api.ts'
import { DevNetwork } from './dev-network.ts'
import { openOrdinaryBrowser } from './ordinary-browser.ts'
import { Tab } from './tab.ts'
import { hasSigned, untilActive } from './watched-validator.ts'

const NAME = 'Knot'
/** 1,000 of 5,000: the others decide without it. */
const STAKE = '1000'
/** Decided while the tab is frozen: longer than what the node takes for a sleep. */
const FROZEN_BLOCKS = 20
const TIMEOUT_MS = 180_000

/** Types and heights of what this validator signed in the given heights, as a Node validator heard it. */
async function heardOf(network: DevNetwork, address: AddressString, heights: readonly number[]) {
  const heard: string[] = []
  for (const height of heights) {
    const { messages } = await network.call('consensus_rounds', { height, messages: true, limit: 1 })
    for (const { validator, type } of messages ?? [])
      if (validator === address) heard.push(`${type} at ${height}`)
  }
  return heard
}

async function freezing(page: Page): Promise<(state: 'frozen' | 'active') => Promise<unknown>> {
  const session: CDPSession = await page.context().newCDPSession(page)
  return (state) => session.send('Page.setWebLifecycleState', { state })
}

test('a frozen tab catches up before it votes again, says that it slept, and signed nothing twice', async () => {
  test.setTimeout(600_000)
  const network = new DevNetwork({ validators: 4 })
  const { browser, context } = await openOrdinaryBrowser()
  try {
    await network.start()
    const tab = await Tab.openFunded(context, network.url)
    const { page } = tab
    await tab.becomeValidator(NAME, STAKE)
    const address = await untilActive(network, NAME)
    const head = async () => (await network.call('chain_head', {})).height
    const signed = (height: number) => hasSigned(network, address, height)
    const untilSigned = () =>
      expect.poll(async () => signed(await head()), { timeout: TIMEOUT_MS }).toBe(true)
    await tab.visit('/node')
    // The visit began the node anew: that one must sign before it is frozen.
    await expect(page.getByText('This tab votes; every vote is written down')).toBeVisible({
      timeout: TIMEOUT_MS,
    })
    await tab.untilGrown(2)
    await untilSigned()
    const before = await head()
    expect(await heardOf(network, address, [before - 2, before - 1, before])).not.toEqual([])

    const other = await context.newPage()
    await other.bringToFront()
    await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden')
    const become = await freezing(page)
    await become('frozen')
    // A vote may have been under way.
    const first = (await head()) + 2
    await expect.poll(head, { timeout: TIMEOUT_MS }).toBeGreaterThan(first + FROZEN_BLOCKS)
    const heights = Array.from({ length: FROZEN_BLOCKS }, (_, i) => first + i)
    expect(await heardOf(network, address, heights), 'while frozen').toEqual([])

    await become('active')
    await page.bringToFront()
    await untilSigned()
    expect(await heardOf(network, address, heights), 'of what passed meanwhile').toEqual([])
    await expect(
      page.getByText('this machine slept; nothing is signed until the peers have said how far they are'),
    ).toBeVisible()
    for (let validator = 0; validator < network.validators; validator++)
      expect((await network.call('alert_list', {}, validator)).evidence).toEqual([])
  } finally {
    await browser.close()
    await network.remove()
  }
})
