/** "Verify here" in the built app: the tab's own node is asked, and nothing that it says is believed without its proof. */
import { expect } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

const TIMEOUT_MS = 60_000

test('a block, a transaction and an account are verified in a real tab', async ({ browser }) => {
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const tab = await Tab.openFunded(await browser.newContext(), network.url)
    const { page } = tab
    const account = await tab.address()
    const [validator] = (await network.call('validator_list', {})).validators
    await tab.reviewDelegation(validator!.name, '100')
    const hash = await tab.sign('Sign and delegate')
    const { height } = await network.call('chain_transaction', { hash })

    await tab.visit(`/explorer/block/${height}`)
    await page.getByRole('button', { name: 'Verify here' }).click({ timeout: TIMEOUT_MS })
    await expect(page.getByText('Verified', { exact: true })).toBeVisible({ timeout: TIMEOUT_MS })
    await expect(page.getByText(/of four validators signed it, with/)).toBeVisible()
    await expect(page.getByText('hashes to the block id that this page shows')).toBeVisible()

    await tab.visit(`/explorer/transaction/${hash}`)
    await page.getByRole('button', { name: 'Verify here' }).click({ timeout: TIMEOUT_MS })
    await expect(page.getByText('Verified', { exact: true })).toBeVisible({ timeout: TIMEOUT_MS })
    await expect(page.getByText(/It is number \d+ of \d+ in the block/)).toBeVisible()

    await tab.visit(`/explorer/account/${account}`)
    await page.getByRole('button', { name: 'Verify it here' }).click({ timeout: TIMEOUT_MS })
    await expect(page.getByText('Proved', { exact: true })).toBeVisible({ timeout: TIMEOUT_MS })
    await expect(page.getByText(/From the record \w+ hashes lead up to the root/)).toBeVisible()
    await page.screenshot({ path: 'test-results/verified-here.png' })
  } finally {
    await network.remove()
  }
})
