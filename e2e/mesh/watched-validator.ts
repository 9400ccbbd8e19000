/** What the Node validators know of a tab that votes. */
import { expect } from '@playwright/test'
import type { AddressString } from '../../node-core/node/node-api.ts'
import type { DevNetwork } from './dev-network.ts'

const ACTIVE_TIMEOUT_MS = 180_000

/** Its address, once it is in the set. */
export async function untilActive(network: DevNetwork, name: string): Promise<AddressString> {
  const own = async () =>
    (await network.call('validator_list', {})).validators.find((each) => each.name === name)
  await expect.poll(async () => (await own())?.state, { timeout: ACTIVE_TIMEOUT_MS }).toBe('active')
  return (await own())!.address
}

/** Whether the certificate of the height holds its vote. */
export async function hasSigned(
  network: DevNetwork,
  address: AddressString,
  height: number,
): Promise<boolean> {
  const { signers } = await network.call('chain_certificate', { height })
  return signers.some((signer) => signer.address === address)
}
