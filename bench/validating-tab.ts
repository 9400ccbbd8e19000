/** A tab that votes: on a development network, with a key made in it and stake from the faucet. */
import type { BrowserContext } from '@playwright/test'
import type { DevNetwork } from '../e2e/mesh/dev-network.ts'
import { Tab } from '../e2e/mesh/tab.ts'
import type { AddressString } from '../node-core/node/node-api.ts'

const NAME = 'Whimbrel'
const STAKE = '2000'
const ACTIVE_TIMEOUT_MS = 180_000
const LOOK_MS = 500

export interface ValidatingTab {
  readonly tab: Tab
  readonly address: AddressString
}

/** Resolves when it is in the validator set. */
export async function openValidatingTab(
  context: BrowserContext,
  network: DevNetwork,
): Promise<ValidatingTab> {
  const tab = await Tab.open(context, network.url)
  await tab.firstRun()
  await tab.askFaucet()
  await tab.becomeValidator(NAME, STAKE)
  const untilMs = performance.now() + ACTIVE_TIMEOUT_MS
  while (performance.now() < untilMs) {
    const { validators } = await network.call('validator_list', {})
    const own = validators.find(({ name }) => name === NAME)
    if (own?.state === 'active') return { tab, address: own.address }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new Error('the tab did not become a validator')
}
