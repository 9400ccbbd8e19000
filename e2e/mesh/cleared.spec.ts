/** The browser's data of this site is cleared under a tab that votes: the tab says so and signs nothing that it could have signed. */
import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'
import { hasSigned, untilActive } from './watched-validator.ts'

const NAME = 'Turnstone'
/** 1,000 of 5,000: the others decide without it. */
const STAKE = '1000'
const PASSWORD = 'correct horse battery'
const VOTE_TIMEOUT_MS = 120_000

test('cleared site data ends the tab’s votes with words that help; after its backup it votes on, above all that it signed', async ({
  browser,
}) => {
  test.setTimeout(480_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const context = await browser.newContext()
    const tab = await Tab.openFunded(context, network.url)
    const { page } = tab
    await tab.becomeValidator(NAME, STAKE)
    const address = await untilActive(network, NAME)
    const head = async () => (await network.call('chain_head', {})).height
    const votesSince = async (from: number) => {
      const height = await head()
      return height > from && (await hasSigned(network, address, height))
    }
    await expect.poll(async () => votesSince(0), { timeout: VOTE_TIMEOUT_MS }).toBe(true)

    await tab.turnTo('Node')
    await page.getByRole('button', { name: 'Back up', exact: true }).click()
    const backing = page.getByRole('dialog')
    await backing.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await backing.getByLabel('The same again').fill(PASSWORD)
    const downloading = page.waitForEvent('download')
    await backing.getByRole('button', { name: 'Download the file' }).click()
    const backup = await readFile(await (await downloading).path())
    await backing.getByRole('button', { name: 'Skip the rehearsal' }).click()

    const session = await context.newCDPSession(page)
    await session.send('Storage.clearDataForOrigin', { origin: network.url, storageTypes: 'all' })
    await expect(page.getByText('The storage cannot be reached any more')).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText('keys that were cleared come back from their backup alone')).toBeVisible()
    const signing = page.getByRole('region', { name: 'Signing' })
    await expect(signing.getByRole('status')).toContainText('Nothing is signed. Load the page again')
    await expect(page.getByText('Its storage cannot be reached any more; under Storage')).toBeVisible()
    await expect(page.getByText('no words for')).toHaveCount(0)
    const log = page.getByRole('region', { name: 'Lines of the log' })
    await expect(log.getByText(/halted: block \d+: storage-lost/).first()).toBeVisible()
    await page.screenshot({ path: 'test-results/cleared.png', fullPage: true })
    await tab.turnTo('Overview')
    await expect(page.getByText('The Node page says what to do.')).toBeVisible()
    await page.screenshot({ path: 'test-results/cleared-overview.png' })
    const gone = await head()

    await page.reload()
    await page.getByRole('link', { name: 'I have a backup' }).click({ timeout: 60_000 })
    const restoring = page.getByRole('dialog', { name: 'Restore keys from a backup' })
    const file = { name: 'backup.json', mimeType: 'application/json', buffer: backup }
    await restoring.getByLabel('Backup file').setInputFiles(file)
    await restoring.getByLabel('Its password').fill(PASSWORD)
    await restoring.getByLabel('Name').fill(NAME)
    await restoring.getByRole('button', { name: 'Restore' }).click()
    const restored = await head()
    await expect(restoring.getByText('The keys are in this browser')).toBeVisible()
    await restoring.getByRole('button', { name: 'Done' }).click()
    await expect.poll(() => votesSince(restored), { timeout: VOTE_TIMEOUT_MS }).toBe(true)

    // A vote under way when the data went belongs to the height after.
    for (let height = gone + 2; height <= restored; height++)
      expect(await hasSigned(network, address, height), `block ${height}`).toBe(false)
    for (let validator = 0; validator < network.validators; validator++)
      expect((await network.call('alert_list', {}, validator)).evidence).toEqual([])
  } finally {
    await network.remove()
  }
})
