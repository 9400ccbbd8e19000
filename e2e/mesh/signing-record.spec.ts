/** A validator moves from one browser to another by its backup and its signing record, as a person does it at both. */
import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'
import { hasSigned, untilActive } from './watched-validator.ts'

const NAME = 'Turnstone'
/** 1,000 of 5,000: the others decide without it, so that each certificate says whether it signed. */
const STAKE = '1000'
const PASSWORD = 'correct horse battery'
/** Decided while it must not sign. */
const SILENT_BLOCKS = 5
const VOTE_TIMEOUT_MS = 120_000

const EXPORTED = 'The signing record was exported: this node signs nothing more.'

async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}

async function exportRecord(tab: Tab): Promise<{ name: string; text: string }> {
  const { page } = tab
  await page.getByRole('button', { name: 'Export the record' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('This tab then signs nothing more with this key')).toBeVisible()
  const file = await saved(page, () =>
    dialog.getByRole('button', { name: 'Stop signing and export' }).click(),
  )
  await expect(dialog.getByRole('status')).toContainText(`Saved as ${file.name}.`)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText(EXPORTED)).toBeVisible()
  return file
}

test('its record stops the browser that exports it, comes back on a word, and moves with the keys', async ({
  browser,
}) => {
  test.setTimeout(480_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const old = await Tab.openFunded(await browser.newContext(), network.url)
    await old.becomeValidator(NAME, STAKE)
    const address = await untilActive(network, NAME)
    const head = async () => (await network.call('chain_head', {})).height
    const signed = (height: number) => hasSigned(network, address, height)
    const untilSigned = async () => {
      const from = await head()
      const since = async () => {
        const height = await head()
        return height > from && (await signed(height))
      }
      await expect.poll(since, { timeout: VOTE_TIMEOUT_MS }).toBe(true)
    }
    /** From a height that it has not signed: a vote under way when it was stopped belongs to the one before. */
    const expectSilence = async () => {
      const from = (await head()) + 2
      await expect.poll(head, { timeout: VOTE_TIMEOUT_MS }).toBeGreaterThan(from + SILENT_BLOCKS)
      for (let height = from; height < from + SILENT_BLOCKS; height++)
        expect(await signed(height), `block ${height}`).toBe(false)
    }
    await untilSigned()

    await old.visit('/node')
    await exportRecord(old)
    await expectSilence()
    await old.page.reload()
    await expect(old.page.getByText(EXPORTED)).toBeVisible()

    await old.page.getByRole('button', { name: 'Sign here again' }).click()
    const again = old.page.getByRole('dialog')
    await expect(again.getByText('Only if the exported file was imported nowhere')).toBeVisible()
    await again.getByRole('button', { name: 'No other node signs: sign here again' }).click()
    await again.getByRole('button', { name: 'Done' }).click()
    await untilSigned()
    await expect(old.page.getByText('This tab votes; every vote is written down')).toBeVisible()

    await old.page.getByRole('button', { name: 'Back up', exact: false }).first().click()
    const backing = old.page.getByRole('dialog')
    await backing.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await backing.getByLabel('The same again').fill(PASSWORD)
    const keys = await saved(old.page, () =>
      backing.getByRole('button', { name: 'Download the file' }).click(),
    )
    await backing.getByRole('button', { name: 'Skip the rehearsal' }).click()
    const record = await exportRecord(old)

    const fresh = await Tab.open(await browser.newContext(), network.url)
    await fresh.firstRun()
    await fresh.visit('/node?do=restore')
    const restoring = fresh.page.getByRole('dialog')
    const file = ({ name, text }: typeof keys) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    })
    await restoring.getByLabel('Backup file').setInputFiles(file(keys))
    await restoring.getByLabel('Its password').fill(PASSWORD)
    await restoring.getByLabel('Name').fill(NAME)
    await restoring.getByRole('button', { name: 'Restore' }).click()
    await restoring.getByRole('button', { name: 'Done' }).click()

    await fresh.page.getByRole('button', { name: 'Import a record' }).click({ timeout: 60_000 })
    const importing = fresh.page.getByRole('dialog')
    await importing.getByLabel('Signing record').setInputFiles(file(keys))
    await importing.getByRole('button', { name: 'Import' }).click()
    await expect(importing.getByText('The record here is as it was.')).toBeVisible()
    await importing.getByLabel('Signing record').setInputFiles(file(record))
    await importing.getByRole('button', { name: 'Import' }).click()
    await expect(importing.getByText(/Taken over\. This tab signs from height [\d,]+ on\./)).toBeVisible()
    await importing.getByRole('button', { name: 'Done' }).click()
    await untilSigned()
    await expect(old.page.getByText(EXPORTED)).toBeVisible()

    for (let validator = 0; validator < network.validators; validator++)
      expect((await network.call('alert_list', {}, validator)).evidence).toEqual([])
  } finally {
    await network.remove()
  }
})
