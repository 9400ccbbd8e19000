/** What a person does besides does not take a tab's vote away: a busy page, a page that is stuck, a tab behind another. */
import { expect, test } from '@playwright/test'
import type { AddressString } from '../../node-core/node/node-api.ts'
import { hold, keepBusy } from './busy-page.ts'
import { DevNetwork } from './dev-network.ts'
import { openOrdinaryBrowser } from './ordinary-browser.ts'
import { Tab } from './tab.ts'
import { hasSigned, untilActive } from './watched-validator.ts'

const NAME = 'Dunlin'
/** 1,000 of 5,000: the others decide without it, so that each certificate says whether its vote came in time. */
const STAKE = '1000'
/** Watched at a time, and how many of them carry the vote at least: the tab may be late once by the machine's fault. */
const BLOCKS = 10
const LEAST_VOTES = 8
const DECIDED_TIMEOUT_MS = 180_000

/** Of the next BLOCKS certificates those that hold its vote, late ones included: the block after each is decided too. */
async function votesFromNowOn(network: DevNetwork, address: AddressString): Promise<number> {
  const first = (await network.call('chain_head', {})).height + 1
  await expect
    .poll(async () => (await network.call('chain_head', {})).height, { timeout: DECIDED_TIMEOUT_MS })
    .toBeGreaterThanOrEqual(first + BLOCKS)
  let votes = 0
  for (let height = first; height < first + BLOCKS; height++) {
    if (await hasSigned(network, address, height)) votes++
  }
  return votes
}

test('a tab goes on voting while its page is busy, while it is stuck, and while it is hidden', async () => {
  test.setTimeout(600_000)
  const network = new DevNetwork({ validators: 4 })
  const { browser, context } = await openOrdinaryBrowser()
  try {
    await network.start()
    const tab = await Tab.openFunded(context, network.url)
    await tab.becomeValidator(NAME, STAKE)
    const address = await untilActive(network, NAME)
    expect(await votesFromNowOn(network, address), 'at rest').toBeGreaterThanOrEqual(LEAST_VOTES)

    const rest = await keepBusy(tab.page)
    expect(await votesFromNowOn(network, address), 'busy').toBeGreaterThanOrEqual(LEAST_VOTES)
    await rest()

    const release = await hold(tab.page)
    expect(await votesFromNowOn(network, address), 'stuck').toBeGreaterThanOrEqual(LEAST_VOTES)
    await release()

    const other = await context.newPage()
    await other.bringToFront()
    const visibility = () => tab.page.evaluate(() => document.visibilityState)
    await expect.poll(visibility).toBe('hidden')
    expect(await votesFromNowOn(network, address), 'hidden').toBeGreaterThanOrEqual(LEAST_VOTES)
    expect(await visibility()).toBe('hidden')
  } finally {
    await browser.close()
    await network.remove()
  }
})
