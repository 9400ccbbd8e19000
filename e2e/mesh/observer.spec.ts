/** A tab that only observes: chosen in the page, kept over a reload, given up again; and asked about where it votes. */
import { expect } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

let network: DevNetwork
test.beforeAll(async () => {
  network = new DevNetwork({ validators: 4 })
  await network.start()
})
test.afterAll(() => network.remove())

test('a tab observes: it follows, proves its balance, sends, reloads, and is a light node again', async ({
  browser,
}) => {
  const context = await browser.newContext()
  const tab = await Tab.openFunded(context, network.url)
  await tab.choose('Observer')
  await tab.untilGrown(3)
  const peers = await Promise.all([0, 1, 2, 3].map((i) => network.call('network_peers', {}, i)))
  expect(peers.flat().map(({ role }) => role)).toContain('observer')

  await tab.visit('/wallet')
  await expect(tab.page.getByText('You hold 2,499')).toBeVisible()
  await expect(tab.page.getByText('An observer does not have the history of accounts.')).toBeVisible()
  const { validators } = await network.call('validator_list', {})
  await tab.send(validators[0]!.address, '100')
  await expect(tab.page.getByText('You hold 2,399')).toBeVisible()

  for (const [path, what] of [
    ['/consensus', 'votes and rounds'],
    ['/validators', 'the validators'],
    ['/explorer/block/1', 'the block'],
    ['/', 'the transactions of others'],
  ]) {
    await tab.visit(path!)
    await expect(tab.page.getByText(`An observer does not have ${what}.`).first()).toBeVisible()
  }
  await tab.page.screenshot({ path: 'test-results/observer.png' })

  const before = await tab.height()
  await tab.page.reload()
  await expect.poll(() => tab.height(), { timeout: 60_000 }).toBeGreaterThan(before + 1)
  await tab.visit('/node')
  await expect(tab.page.getByText('This tab is an observer and keeps up with the chain.')).toBeVisible()

  // Another tab of the browser looks on, and may choose as well.
  const second = await Tab.open(context, network.url)
  await second.choose('Light node')
  await tab.untilGrown(2)
  await expect(tab.page.getByText('This tab is a light node and keeps up with the chain.')).toBeVisible()
})

test('a tab may observe from its first page on', async ({ browser }) => {
  const tab = await Tab.open(await browser.newContext(), network.url)
  await expect(tab.page.getByText('This tab is a node.')).toBeVisible({ timeout: 60_000 })
  await tab.page.getByText('Options').click()
  const observer = tab.page.getByRole('button', { name: 'Observer', exact: true })
  await observer.click()
  await expect(observer).toHaveAttribute('aria-pressed', 'true')
  await expect(tab.page.getByText('On watch by certificates and proofs')).toBeVisible()
  await tab.firstRun()
  await tab.untilGrown(2)
})

test('a tab with a validator is asked before it stops voting', async ({ browser }) => {
  const tab = await Tab.openFunded(await browser.newContext(), network.url)
  await tab.becomeValidator('Nightjar', '1000')
  await tab.visit('/node')
  await expect(tab.page.getByText('This tab is a validator')).toBeVisible()
  const ask = async (answer: string) => {
    await tab.page.getByRole('button', { name: 'Observer', exact: true }).click()
    await tab.page.getByRole('dialog', { name: 'Stop voting?' }).getByRole('button', { name: answer }).click()
  }
  await ask('Keep voting')
  await expect(tab.page.getByText('This tab is a validator')).toBeVisible()
  await ask('Observe, and stop voting')
  await expect(tab.page.getByText('This tab is an observer')).toBeVisible({ timeout: 30_000 })
  await tab.visit('/')
  await expect(tab.page.getByText('Its validator does not vote while this tab observes.')).toBeVisible()
  await tab.choose('Light node')
  await expect(tab.page.getByText('This tab is a validator')).toBeVisible({ timeout: 60_000 })
})
