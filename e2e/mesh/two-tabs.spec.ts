/** Two tabs of one browser profile: one runs the node, the other looks on, and takes over when the first is gone. */
import { expect } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

test('a second tab is a view, takes over when the first closes or dies, and nothing is signed twice', async ({
  browser,
}) => {
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const context = await browser.newContext()
    const first = await Tab.openFunded(context, network.url)
    await first.becomeValidator('Whimbrel', '2000')
    const state = async () =>
      (await network.call('validator_list', {})).validators.find((each) => each.name === 'Whimbrel')
    await expect.poll(async () => (await state())?.state, { timeout: 120_000 }).toBe('active')
    const { address } = (await state())!
    const signedSince = async (height: number) => {
      const head = await network.call('chain_head', {})
      if (head.height <= height) return false
      return (await network.call('chain_certificate', { height: head.height })).signers.some(
        (signer) => signer.address === address,
      )
    }

    const second = await Tab.open(context, network.url)
    await second.untilGrown(1)
    await first.page.close()
    const closedAt = (await network.call('chain_head', {})).height
    await expect.poll(() => signedSince(closedAt), { timeout: 60_000 }).toBe(true)

    const third = await Tab.open(context, network.url)
    await third.untilGrown(1)
    await second.crash()
    const crashedAt = (await network.call('chain_head', {})).height
    await expect.poll(() => signedSince(crashedAt), { timeout: 60_000 }).toBe(true)

    for (let validator = 0; validator < network.validators; validator++) {
      expect((await network.call('alert_list', {}, validator)).evidence).toEqual([])
    }
  } finally {
    await network.remove()
  }
})
