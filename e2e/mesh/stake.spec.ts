/** Stake of a new tab's account, from the faucet's drip to a validator, with what it earns, and back to the balance. */
import { expect, type Locator } from '@playwright/test'
import { parseAit } from '../../node-core/protocol/amount.ts'
import { DevNetwork, QUICK_PARAMETERS } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'
import { balanceOf, receiptOf } from './watched-account.ts'

/** Rewards that outweigh a fee within some epochs, and a way back that is short. */
const PARAMETERS = {
  ...QUICK_PARAMETERS,
  annualReward: 1_000_000,
  genesisBaseFeePerGas: '10',
  unbondingMs: 10_000,
}
const VALIDATOR = 'Kestrel'
const OTHER = 'Lodestone'
const CLAIM = { type: 'stake.claimRewards' }
const EPOCHS_TIMEOUT_MS = 180_000

test('stake is delegated, earns, is claimed, taken back and withdrawn', async ({ browser }) => {
  test.setTimeout(480_000)
  const network = new DevNetwork({ validators: 2 })
  try {
    await network.start(PARAMETERS)
    const tab = await Tab.openFunded(await browser.newContext(), network.url)
    const { page } = tab
    const own = await tab.address()
    const { validators } = await network.call('validator_list', {})
    const { address: validator } = validators.find((each) => each.name === VALIDATOR)!

    await tab.reviewDelegation(VALIDATOR, '2000')
    const delegating = page.getByRole('dialog', { name: 'Delegate' })
    await expect(delegating.getByText('2,000.000000000')).toBeVisible()
    await expect(delegating.getByText('50 % if the validator signs two votes')).toBeVisible()
    await tab.sign('Sign and delegate')
    await expect(page.getByText('2,000.00 AIT are at one validator')).toBeVisible()

    // Its page and a Node validator, which the tab does not ask, have the same in view.
    const position = async () =>
      (await network.call('stake_positions', { address: own })).positions.find(
        (each) => each.kind === 'delegation',
      )
    await expect.poll(position).toMatchObject({ validator, state: 'active', amount: '2000000000000' })
    // Rewards grow before the person's eyes, by what the page reads itself.
    const rewards = page
      .locator('dt', { hasText: 'Rewards to claim' })
      .locator('xpath=following-sibling::dd[1]')
    const earned = await grown(rewards, 0n)
    await grown(rewards, earned)

    const before = await balanceOf(network, own)
    await page.getByRole('button', { name: /^Claim 0\.00\d+ AIT/ }).click()
    const claim = await receiptOf(network, await tab.sign('Sign and claim'))
    const claimed = (await balanceOf(network, own)) - before + BigInt(claim.feePaid)
    expect(claimed).toBeGreaterThan(earned)

    await page.getByRole('button', { name: `Manage my stake at ${VALIDATOR}`, exact: true }).click()
    await page.getByRole('button', { name: 'Take back' }).click()
    const taking = page.getByRole('dialog', { name: 'Take stake back' })
    await taking.getByRole('button', { name: 'All' }).click()
    await taking.getByRole('button', { name: 'Review' }).click()
    await tab.sign('Sign and take it back')
    await expect(page.getByText(/Its time runs from the end of the last epoch/)).toBeVisible()

    const withdraw = page.getByRole('button', { name: `Withdraw 2,000.00 AIT from ${VALIDATOR}` })
    await expect(withdraw).toBeVisible({ timeout: EPOCHS_TIMEOUT_MS })
    const bonded = await balanceOf(network, own)
    await withdraw.click()
    const { feePaid } = await receiptOf(network, await tab.sign('Sign and withdraw'))
    expect((await balanceOf(network, own)) - bonded + BigInt(feePaid)).toBe(2_000_000_000_000n)
    await expect(page.getByText('Nothing of yours backs a validator.')).toBeVisible()
    await expect(page.getByText('It is in your balance.')).toBeVisible()
  } finally {
    await network.remove()
  }
})

test('rewards of two validators are claimed by one transaction, for less than by two', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const network = new DevNetwork({ validators: 2 })
  try {
    await network.start(PARAMETERS)
    const tab = await Tab.openFunded(await browser.newContext(), network.url)
    const { page } = tab
    const own = await tab.address()
    for (const name of [VALIDATOR, OTHER]) {
      await tab.reviewDelegation(name, '1000')
      await tab.sign('Sign and delegate')
    }
    const waiting = async () =>
      (await network.call('stake_rewards', { address: own })).claimable.map(({ amount }) => BigInt(amount))
    const bothPay = async () => (await waiting()).filter((amount) => amount > 0n).length === 2
    await expect.poll(bothPay, { timeout: EPOCHS_TIMEOUT_MS }).toBe(true)
    const earned = (await waiting()).reduce((sum, amount) => sum + amount)

    const before = await balanceOf(network, own)
    await page.getByRole('button', { name: /^Claim 0\.\d+ AIT/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Claim rewards' })
    await expect(dialog.getByText('Two claims in one transaction: either all of them')).toBeVisible()
    await expect(dialog.getByText('Saved against one by one')).toBeVisible()
    const hash = await tab.sign('Sign and claim')
    const receipt = await receiptOf(network, hash)
    expect(receipt).toMatchObject({ code: 'ok', gasUsed: 105_000 })
    const { payload } = await network.call('chain_transaction', { hash })
    expect(payload).toMatchObject({ type: 'batch', payloads: [CLAIM, CLAIM] })
    const claimed = (await balanceOf(network, own)) - before + BigInt(receipt.feePaid)
    expect(claimed).toBeGreaterThanOrEqual(earned)
  } finally {
    await network.remove()
  }
})

/** Until the amount that it shows is more than `before`, base units. */
async function grown(shown: Locator, before: bigint): Promise<bigint> {
  let now = before
  const grows = async () => {
    now = parseAit((await shown.textContent())!.replace(/[^\d.]/g, '')) ?? before
    return now > before
  }
  await expect.poll(grows, { timeout: EPOCHS_TIMEOUT_MS }).toBe(true)
  return now
}
