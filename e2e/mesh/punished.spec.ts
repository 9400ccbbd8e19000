/** A validator that contradicts itself: caught, told to the chain, punished, and all of it shown by a tab. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, type Locator, type Page } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

const VALIDATORS = 4
const [BAD, NAME] = [3, 'Tern']
/** With it Tern has 1,100 of 4,100: the others decide without it. */
const DELEGATED = '100'
const TIMEOUT_MS = 180_000

interface NetworkFile {
  readonly genesis: { readonly chainId: string }
  readonly bootstrap: readonly string[]
}

/** A second process signs with the validator's key, until a node has it as evidence. */
async function signTwice(network: DevNetwork): Promise<void> {
  const file = (await (await fetch(`${network.url}/network.json`)).json()) as NetworkFile
  const script = path.join(import.meta.dirname, 'double-signer.ts')
  const keys = path.join(network.homeOf(BAD), 'keys.json')
  const args = [script, file.genesis.chainId, file.bootstrap[0]!, network.rpcUrl(0), keys]
  await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS })
}

/** The content of the file that the button saves. */
async function saved(button: Locator): Promise<Record<string, unknown>> {
  const downloading = button.page().waitForEvent('download')
  await button.click()
  return JSON.parse(await readFile(await (await downloading).path(), 'utf8'))
}

/** Opens a piece of evidence, sees its two messages beside each other, and keeps them as a file. */
async function savedBothMessages(page: Page): Promise<Record<string, unknown>> {
  await page.getByRole('button', { name: 'Both messages' }).first().click()
  const drawer = page.getByRole('dialog', { name: /^Evidence against / })
  for (const each of ['First: COMMIT', 'Second: COMMIT'])
    await expect(drawer.getByRole('heading', { name: each })).toBeVisible()
  const pair = await saved(drawer.getByRole('button', { name: 'Download' }))
  expect(pair.first).not.toBe(pair.second)
  const bytes = (which: string) =>
    drawer.getByRole('region', { name: `Bytes of the ${which}` }).locator('pre')
  await expect(bytes('first')).toHaveText(String(pair.first))
  await expect(bytes('second')).toHaveText(String(pair.second))
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  return pair
}

test('who signs twice is caught, slashed and removed, and its delegator sees what it cost', async ({
  browser,
}) => {
  test.setTimeout(600_000)
  const network = new DevNetwork({ validators: VALIDATORS })
  try {
    await network.start()
    const tab = await Tab.openFunded(await browser.newContext(), network.url)
    const { page } = tab
    await tab.reviewDelegation(NAME, DELEGATED)
    await tab.sign('Sign and delegate')
    const { validators } = await network.call('validator_list', {})
    const { address } = validators.find((each) => each.name === NAME)!
    const bad = () => network.call('validator_get', { address })
    // From then on a vote of Tern stands for what was delegated, too.
    await expect.poll(async () => (await bad()).power, { timeout: TIMEOUT_MS }).toBe(268_292)

    await signTwice(network)
    await expect.poll(async () => (await bad()).tombstoned, { timeout: TIMEOUT_MS }).toBe(true)
    const { slashes } = await bad()
    expect(slashes).toMatchObject([{ offence: 'double-sign', fraction: 500_000, amount: '550000000000' }])
    const reporters = validators.filter((each) => each.address !== address).map((each) => each.address)
    expect(reporters).toContain(slashes[0]!.reporter)

    await tab.turnTo('Alerts')
    // Both against each other, and one of them against what Tern itself said there.
    const caught = page.getByText(/^Tern is caught signing two things at height \d+\.$/)
    await expect(caught.first()).toBeVisible({ timeout: TIMEOUT_MS })
    await expect(page.getByText('Tern lost 550.00 AIT for signing two things.')).toBeVisible()

    await tab.turnTo('Consensus')
    const pair = await savedBothMessages(page)
    expect(pair).toMatchObject({ offence: 'double-sign', validator: address })
    // The proof would do, from anyone: the chain has it already, and nothing is signed or paid.
    expect(pair.bytes).toMatch(/^0x[0-9a-f]+$/)
    await page.getByRole('button', { name: 'Send to the chain' }).first().click()
    const sending = page.getByRole('dialog', { name: 'Send evidence' })
    await expect(sending.getByText(/punished already|nothing more is taken from it/)).toBeVisible()
    await page.keyboard.press('Escape')

    await tab.turnTo('Validators & stake')
    await expect(page.getByText('It signed two votes for one step; it never comes back.')).toBeVisible()
    await expect(page.getByText('Signed two votes for one step: 50 % slashed, 550.00 AIT.')).toBeVisible()
    const proof = await saved(
      page.getByRole('button', { name: /^Download the proof against Tern of block/ }).first(),
    )
    expect(proof).toMatchObject({ validator: address, ...slashes[0] })
    await page.getByRole('button', { name: `Manage my stake at ${NAME}`, exact: true }).click()
    const mine = page.getByRole('dialog', { name: `My stake at ${NAME}` })
    await expect(mine.locator('dl')).toContainText(/Slashed\s*50\.00/)
    await page.keyboard.press('Escape')

    await expect.poll(async () => (await bad()).power, { timeout: TIMEOUT_MS }).toBe(0)
    await expect(page.getByRole('row', { name: /Tern.*removed for good/ })).toBeVisible({
      timeout: TIMEOUT_MS,
    })
    await tab.untilGrown(2)
  } finally {
    await network.remove()
  }
})
