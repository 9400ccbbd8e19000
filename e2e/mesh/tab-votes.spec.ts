/** A tab from its first page to a vote that is in a decided block's certificate. */
import { expect } from '@playwright/test'
import { violations } from '../sample/sample-site.ts'
import { watchQuestions } from '../storage-questions.ts'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

const RECIPIENT_AMOUNT = '12.5'
/** As the navigation names them. */
const PAGES = [
  'Overview',
  'Consensus',
  'Mesh',
  'Validators & stake',
  'Wallet',
  'Explorer',
  'Economy',
  'Alerts',
  'Node',
] as const

test('first run, key, faucet, registration, its COMMIT is in a certificate, and no page breaks a rule of accessibility', async ({
  browser,
}) => {
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const context = await browser.newContext()
    const tab = await Tab.open(context, network.url)
    await tab.firstRun()
    await tab.askFaucet()

    const [node] = (await network.call('validator_list', {})).validators
    const before = BigInt((await network.call('chain_account', { address: node!.address })).balance)
    await tab.send(node!.address, RECIPIENT_AMOUNT)
    await expect
      .poll(
        async () =>
          BigInt((await network.call('chain_account', { address: node!.address })).balance) - before,
      )
      .toBeGreaterThanOrEqual(12_500_000_000n)

    // A stake is something to lose.
    const asked = await watchQuestions(tab.page)
    await tab.becomeValidator('Nightjar', '2000')
    await expect.poll(asked).toBe(1)
    const own = async () =>
      (await network.call('validator_list', {})).validators.find((each) => each.name === 'Nightjar')
    await expect.poll(async () => (await own())?.state, { timeout: 120_000 }).toBe('active')
    const { address } = (await own())!
    const signers = async () => {
      const { height } = await network.call('chain_head', {})
      return (await network.call('chain_certificate', { height })).signers.map((signer) => signer.address)
    }
    await expect.poll(signers, { timeout: 60_000 }).toContain(address)

    await tab.visit('/consensus')
    await expect(tab.page.getByText('this tab').first()).toBeVisible()
    await tab.page.screenshot({ path: 'test-results/tab-votes.png' })

    for (const name of PAGES) {
      // Some have a figure behind their name.
      const link = tab.page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) })
      await link.first().click()
      await expect(tab.page.locator('.skeleton')).toHaveCount(0)
      expect(await violations(tab.page), name).toEqual([])
    }
    await expect.poll(signers, { timeout: 60_000 }).toContain(address)
  } finally {
    await network.remove()
  }
})
