/** A mesh of tabs alone: every Node validator leaves, then relay and Node processes stop, and the tabs go on deciding. */
import { expect } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

const NAMES = ['Nightjar', 'Plover', 'Curlew', 'Dunlin']

test('four tabs decide without any Node validator and without the relay', async ({ browser }) => {
  test.setTimeout(600_000)
  const network = new DevNetwork({ port: 4890, validators: 4 })
  try {
    await network.start()
    const tabs: Tab[] = []
    for (const name of NAMES) {
      const tab = await Tab.open(await browser.newContext(), network.url)
      await tab.firstRun()
      await tab.askFaucet()
      await tab.becomeValidator(name, '2000')
      tabs.push(tab)
    }
    const members = async () => {
      const { validators } = await network.call('validator_list', {})
      return validators.filter((each) => each.power > 0).map((each) => each.name)
    }
    await expect.poll(members, { timeout: 240_000 }).toEqual(expect.arrayContaining(NAMES))
    for (let validator = 0; validator < network.validators; validator++) await network.leave(validator)
    await expect
      .poll(async () => (await members()).toSorted(), { timeout: 240_000 })
      .toEqual(NAMES.toSorted())
    await tabs[0]!.untilGrown(2)

    await network.interrupt()
    for (const tab of tabs) await tab.untilGrown(3, 120_000)
    const heights = await Promise.all(tabs.map((tab) => tab.height()))
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(2)
  } finally {
    await network.remove()
  }
})
