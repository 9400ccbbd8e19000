/** An account of three, two of whom must agree: made, filled, proposed to, approved by another tab, executed once. */
import { expect } from '@playwright/test'
import { addressOf, formatAddress } from '../../node-core/protocol/address.ts'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'
import { balanceOf } from './watched-account.ts'

/** Whoever has their keys: nobody signs for them here. */
const [THIRD, RECEIVER] = [2, 3].map((of) => formatAddress(addressOf(0, new Uint8Array(32).fill(of)))) as [
  string,
  string,
]

test('two of three pay from an account of theirs, and no payment is executed twice', async ({ browser }) => {
  test.setTimeout(480_000)
  const network = new DevNetwork({ validators: 2 })
  try {
    await network.start()
    const open = async () => {
      const tab = await Tab.openFunded(await browser.newContext(), network.url)
      return tab
    }
    const first = await open()
    const second = await open()
    const members = [await first.address(), await second.address(), THIRD]

    await first.turnTo('Wallet')
    await first.page.getByRole('button', { name: 'Share an account' }).click()
    const share = first.page.getByRole('dialog', { name: 'Share an account' })
    await share.getByLabel('Members').fill(members.join('\n'))
    await share.getByLabel('How many must agree').fill('2')
    await share.getByRole('button', { name: 'Review' }).click()
    await expect(share.getByText('Two of three must agree.')).toBeVisible()
    await first.sign('Sign and create')
    const shared = async () => (await network.call('multisig_list', { member: members[0]! }))[0]
    await expect.poll(shared).toMatchObject({ threshold: 2, balance: '0' })
    const { account } = (await shared())!
    await first.send(account, '100')

    await first.page.getByRole('button', { name: /^Propose something in/ }).click()
    const propose = first.page.getByRole('dialog', { name: 'Propose' })
    await propose.getByLabel('To').fill(RECEIVER)
    await propose.getByLabel('Amount').fill('40')
    await propose.getByRole('button', { name: 'Review' }).click()
    await first.sign('Sign and propose')

    await second.turnTo('Wallet')
    await second.page.getByRole('button', { name: /^Approve: Send 40\.00 AIT/ }).click()
    const approve = second.page.getByRole('dialog', { name: 'Approve a proposal' })
    await expect(approve.getByText(RECEIVER)).toBeVisible()
    await expect(approve.getByText('With your approval there are enough')).toBeVisible()
    await second.sign('Sign and approve')
    expect(await balanceOf(network, RECEIVER)).toBe(0n)

    // Both open it; whoever signs later is told why nothing came of it.
    for (const { page } of [first, second])
      await page.getByRole('button', { name: /^Execute: Send 40\.00 AIT/ }).click()
    await second.sign('Sign and execute')
    await expect.poll(() => balanceOf(network, RECEIVER)).toBe(40_000_000_000n)
    const late = first.page.getByRole('dialog', { name: 'Execute a proposal' })
    await expect(late.getByText('A second execution is refused')).toBeVisible()
    await late.getByRole('button', { name: 'Sign and execute' }).click()
    await expect(late.getByText('it cannot be executed twice')).toBeVisible()
    await first.untilGrown(2)
    expect(await balanceOf(network, RECEIVER)).toBe(40_000_000_000n)
    expect(await balanceOf(network, account)).toBe(60_000_000_000n)
  } finally {
    await network.remove()
  }
})
