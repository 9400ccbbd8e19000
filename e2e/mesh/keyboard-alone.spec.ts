/** A payment and a delegation on a real chain, by the keys alone: from the page to the block that decided them. */
import { expect, type Page } from '@playwright/test'
import { MOST_STOPS, stopOf } from '../sample/tab-stops.ts'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

const DECIDED_TIMEOUT_MS = 60_000

/** Presses Tab until focus stands there. Fails when it comes by everything and finds nothing of that name. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < MOST_STOPS; i++) {
    const stop = await stopOf(page)
    if (typeof name === 'string' ? stop.name === name : name.test(stop.name)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${name}`)
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

async function fill(page: Page, name: RegExp, text: string): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.type(text)
}

/** In the review that is open: signs, waits for the block, closes. */
async function signByKeys(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: button, exact: true })).toBeEnabled()
  await press(page, button)
  await expect(dialog.getByText(/^Decided in block/)).toBeVisible({ timeout: DECIDED_TIMEOUT_MS })
  await press(page, 'Done')
  await expect(dialog).toBeHidden()
}

test('one pays and delegates with the keys alone', async ({ browser }) => {
  test.setTimeout(300_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const tab = await Tab.openFunded(await browser.newContext(), network.url)
    const { page } = tab
    const { validators } = await network.call('validator_list', {})
    const [payee, chosen] = [validators[0]!, validators[1]!]
    const balance = async () =>
      BigInt((await network.call('chain_account', { address: payee.address })).balance)
    const before = await balance()

    await press(page, 'Wallet')
    await press(page, 'Send')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toBeVisible()
    await fill(page, /^To/, payee.address)
    await fill(page, /^Amount/, '12.5')
    await press(page, 'Review')
    await signByKeys(page, 'Sign and send')
    await expect.poll(async () => (await balance()) - before).toBeGreaterThanOrEqual(12_500_000_000n)

    await press(page, 'Validators & stake')
    await expect(page.getByRole('button', { name: `Delegate to ${chosen.name}` })).toBeVisible()
    await press(page, `Delegate to ${chosen.name}`)
    await expect(dialog).toBeVisible()
    await fill(page, /^Amount/, '100')
    await press(page, 'Review')
    await signByKeys(page, 'Sign and delegate')
    expect((await network.call('validator_get', { address: chosen.address })).delegators).toBe(
      chosen.delegators + 1,
    )
  } finally {
    await network.remove()
  }
})
