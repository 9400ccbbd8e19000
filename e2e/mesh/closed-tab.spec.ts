/** A validating tab that is closed: what it does not sign from then on is no offence. */
import { expect } from '@playwright/test'
import type { AddressString } from '../../node-core/node/node-api.ts'
import { DevNetwork, QUICK_PARAMETERS } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'
import { hasSigned, untilActive } from './watched-validator.ts'

const NAME = 'Knot'
/** 1,000 of 5,000: the others decide without it. */
const STAKE = '1000'
/** Whoever is missing in more than half of such a window goes to jail. */
const WINDOW = 16
const TIMEOUT_MS = 240_000

test('a tab that was paused before it was closed is neither slashed nor jailed', async ({ browser }) => {
  test.setTimeout(600_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start({ ...QUICK_PARAMETERS, presenceWindowBlocks: WINDOW })
    const tab = await Tab.openFunded(await browser.newContext(), network.url)
    await tab.becomeValidator(NAME, STAKE)
    const address = await untilActive(network, NAME)
    await tab.page.getByRole('button', { name: 'Pause my validator' }).click()
    const dialog = tab.page.getByRole('dialog', { name: 'Pause my validator' })
    await expect(dialog.getByText('absence is not counted')).toBeVisible()
    await tab.sign('Sign and pause')
    // It is in the set for an epoch or two yet.
    await tab.page.close()

    await expectUnpunished(network, address)
  } finally {
    await network.remove()
  }
})

test('a tab that is just closed is paused by itself, and votes on when it is opened again', async ({
  browser,
}) => {
  test.setTimeout(900_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start({ ...QUICK_PARAMETERS, presenceWindowBlocks: WINDOW })
    const context = await browser.newContext()
    const tab = await Tab.openFunded(context, network.url)
    await tab.becomeValidator(NAME, STAKE)
    const address = await untilActive(network, NAME)
    await expect(tab.page.getByText('When its last tab closes it is paused by itself')).toBeVisible()
    await tab.page.close({ runBeforeUnload: true })
    await expectUnpunished(network, address)

    const again = await Tab.open(context, network.url)
    await untilActive(network, NAME)
    const signs = async () => hasSigned(network, address, (await network.call('chain_head', {})).height)
    await expect.poll(signs, { timeout: TIMEOUT_MS }).toBe(true)

    // What a person pauses stays paused, whether the tab is closed or not.
    await again.visit('/validators')
    await again.page.getByRole('button', { name: 'Pause my validator' }).click()
    await again.sign('Sign and pause')
    await again.page.close({ runBeforeUnload: true })
    const third = await Tab.open(context, network.url)
    await expect(third.page.getByRole('contentinfo')).toContainText('Height')
    await third.untilGrown(15)
    expect((await network.call('validator_get', { address })).state).toMatch(/^paus(ing|ed)$/)
  } finally {
    await network.remove()
  }
})

/** It pauses, and the window after that ends without a word against it. */
async function expectUnpunished(network: DevNetwork, address: AddressString): Promise<void> {
  const head = async () => (await network.call('chain_head', {})).height
  const own = () => network.call('validator_get', { address })
  await expect.poll(async () => (await own()).state, { timeout: TIMEOUT_MS }).toBe('paused')
  const closed = await head()
  const judged = (Math.ceil(closed / WINDOW) + 1) * WINDOW
  await expect.poll(head, { timeout: TIMEOUT_MS }).toBeGreaterThan(judged + 1)
  expect(await hasSigned(network, address, await head())).toBe(false)
  expect(await own()).toMatchObject({
    state: 'paused',
    stake: '1000000000000',
    jail: null,
    slashes: [],
    offences: { unavailable: 0, slow: 0 },
  })
}
