/** The Consensus page as a debugger of a real chain: a height that was decided, who voted for it, and what they signed. */
import { expect, type Page } from '@playwright/test'
import { fromHex, toHex } from '../../node-core/lib/bytes.ts'
import { formatAddress } from '../../node-core/protocol/address.ts'
import { decodeConsensusMessage } from '../../node-core/protocol/codec-messages.ts'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

/** Decided in view of the tab before it looks back. */
const LIVED_THROUGH = 4
const STEPS_BACK = 2
/** Of the Node validators. */
const SILENT = 2
/** Validator, power, pre-prepare, prepare, commit. */
const COMMIT_COLUMN = 4

/** The bytes of the message that is open, as the page shows them. */
async function openMessage(page: Page, name: string): Promise<Uint8Array> {
  await page.getByRole('button', { name: `COMMIT of ${name}`, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `COMMIT of ${name}`, exact: true })
  const text = await dialog.getByRole('region', { name: 'Canonical bytes' }).textContent()
  await dialog.getByRole('button', { name: 'All messages' }).click()
  return fromHex(/0x[0-9a-f]+/.exec(text!)![0])!
}

/** null: the live one. */
function shownHeight(page: Page): number | null {
  const height = new URL(page.url()).searchParams.get('height')
  return height === null ? null : Number(height)
}

async function stepBack(page: Page): Promise<void> {
  const before = page.url()
  await page.keyboard.press('[')
  await expect(page).not.toHaveURL(before)
}

/** A tab on the live height that has lived through so many since it joined: what was decided before, it may have fetched. */
async function watchFor(network: DevNetwork, tab: Tab, heights: number): Promise<void> {
  await tab.firstRun()
  await tab.visit('/consensus')
  await expect(tab.page.getByText(/^Live height, round/)).toBeVisible({ timeout: 60_000 })
  const joined = (await network.call('chain_head', {})).height
  await expect.poll(() => tab.height(), { timeout: 60_000 }).toBeGreaterThanOrEqual(joined + heights)
}

test('a step back shows who voted for the decided block, and what each signed is in its certificate', async ({
  browser,
}) => {
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const tab = await Tab.open(await browser.newContext(), network.url)
    const { page } = tab
    await watchFor(network, tab, LIVED_THROUGH)
    for (let step = 0; step < STEPS_BACK; step++) await stepBack(page)
    const height = shownHeight(page)!
    await expect(page.getByText(/^Decided after \d/)).toBeVisible()

    const { signers, blockId, round } = await network.call('chain_certificate', { height })
    const votes = page.getByRole('table', { name: `Votes at height ${height}` })
    for (const { name } of signers) {
      const row = votes.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
      await expect(row.locator('th, td').nth(COMMIT_COLUMN)).toHaveText(/\d/)
    }

    await page.getByRole('button', { name: 'Raw messages' }).click()
    const place = `height ${height}, round ${round}`
    await expect(page.getByText(`Signed in ${place}, in the order of arrival here.`)).toBeVisible()
    for (const { name, address, signature } of signers) {
      const decoded = decodeConsensusMessage(await openMessage(page, name))
      if (!decoded.ok) throw new Error(`${name}: ${decoded.code}`)
      const { value } = decoded
      expect(value).toMatchObject({ type: 'commit', height, round, blockId })
      expect([formatAddress(value.sender), toHex(value.signature)]).toEqual([address, signature])
    }
    await page.keyboard.press('Escape')
    await page.keyboard.press(']')
    await expect(page).not.toHaveURL(new RegExp(`height=${height}(?!\\d)`))
  } finally {
    await network.remove()
  }
})

test('a round whose proposer was silent says why it failed, who asked for the next one, and that it decided', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const tab = await Tab.open(await browser.newContext(), network.url)
    const { page } = tab
    await watchFor(network, tab, 1)

    // Alive and silent: its turn comes among four within some heights.
    process.kill((await network.pidOf(SILENT))!, 'SIGSTOP')
    const began = (await network.call('chain_head', {})).height + 1
    let failed: number | null = null
    const look = async () => {
      const head = (await network.call('chain_head', {})).height
      for (let height = began; height <= head && failed === null; height++)
        if ((await network.call('chain_certificate', { height })).round > 0) failed = height
      return failed
    }
    await expect.poll(look, { timeout: 120_000 }).not.toBeNull()
    await expect.poll(() => tab.height(), { timeout: 60_000 }).toBeGreaterThanOrEqual(failed!)
    const { round, signers } = await network.call('chain_certificate', { height: failed! })
    while (shownHeight(page) !== failed) await stepBack(page)
    const rounds = page.getByRole('group', { name: 'Round shown' })
    await expect(rounds.getByRole('button', { name: `Round ${round}: Decided` })).toBeVisible()
    await rounds.getByRole('button', { name: /^Round 0: No proposal within/ }).click()
    const { validators } = await network.call('validator_list', {})
    const silent = validators.find(({ address }) => signers.every((signer) => signer.address !== address))!
    await expect(
      page.getByText(new RegExp(`^Round 0, the turn of ${silent.name}, failed\\. No proposal within`)),
    ).toBeVisible()
    const asked = page.getByRole('table', { name: 'ROUND-CHANGE messages for round 1' })
    for (const { name } of signers) await expect(asked.getByText(name, { exact: true })).toBeVisible()
    await expect(asked.getByText(silent.name, { exact: true })).toHaveCount(0)
  } finally {
    const stopped = await network.pidOf(SILENT)
    if (stopped !== null) process.kill(stopped, 'SIGCONT')
    await network.remove()
  }
})
