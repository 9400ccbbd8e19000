/** A tab that votes: on a development network, with a key made in it and stake from the faucet. */
import { type BrowserContext, expect } from '@playwright/test'
import type { DevNetwork } from '../e2e/mesh/dev-network.ts'
import { Tab } from '../e2e/mesh/tab.ts'
import { hasSigned, untilActive } from '../e2e/mesh/watched-validator.ts'
import type { AddressString } from '../node-core/node/node-api.ts'

const NAME = 'Whimbrel'
const STAKE = '2000'
const VOTE_TIMEOUT_MS = 60_000

export interface ValidatingTab {
  readonly tab: Tab
  readonly address: AddressString
}

/** Resolves when its vote is in a block's certificate. */
export async function openValidatingTab(
  context: BrowserContext,
  network: DevNetwork,
): Promise<ValidatingTab> {
  const tab = await Tab.open(context, network.url)
  await tab.firstRun()
  await tab.askFaucet()
  await tab.becomeValidator(NAME, STAKE)
  const address = await untilActive(network, NAME)
  const votes = async () => hasSigned(network, address, (await network.call('chain_head', {})).height)
  await expect.poll(votes, { timeout: VOTE_TIMEOUT_MS }).toBe(true)
  return { tab, address }
}
