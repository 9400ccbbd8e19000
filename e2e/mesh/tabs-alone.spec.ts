/**
 * A mesh of tabs alone: every Node validator leaves, then relay and Node processes stop, and the tabs go on deciding; also
 * when three of four are left and the page of one of them is stuck.
 */
import { expect } from '@playwright/test'
import { hold } from './busy-page.ts'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

const NAMES = ['Nightjar', 'Plover', 'Curlew', 'Dunlin']

test('four tabs decide without any Node validator and without the relay, and three of them while one has a stuck page', async ({
  browser,
}) => {
  test.setTimeout(600_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const tabs: Tab[] = []
    for (const name of NAMES) {
      const tab = await Tab.openFunded(await browser.newContext(), network.url)
      await tab.becomeValidator(name, '2000')
      tabs.push(tab)
    }
    const members = async () =>
      (await network.call('validator_list', {})).validators.filter((each) => each.power > 0)
    const names = async () => (await members()).map((each) => each.name).toSorted()
    await expect.poll(names, { timeout: 240_000 }).toEqual(expect.arrayContaining(NAMES))
    await Promise.all(Array.from({ length: network.validators }, (_, validator) => network.leave(validator)))
    await expect.poll(names, { timeout: 240_000 }).toEqual(NAMES.toSorted())
    expect((await members()).map(({ power }) => power)).toEqual(NAMES.map(() => 250_000))
    await tabs[0]!.untilGrown(2)

    await network.interrupt()
    await Promise.all(tabs.map((tab) => tab.untilGrown(3, 120_000)))
    const heights = await Promise.all(tabs.map((tab) => tab.height()))
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(2)

    // Each of the three is needed now, and what they say to each other goes over WebRTC alone.
    const [stuck, looking, closed] = tabs as [Tab, Tab, Tab, Tab]
    await closed.page.close()
    const release = await hold(stuck.page)
    await looking.untilGrown(5, 120_000)
    await release()
    await stuck.untilGrown(1)
  } finally {
    await network.remove()
  }
})
