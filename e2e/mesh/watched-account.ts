/** What the Node validators know of a tab's account. */
import { expect } from '@playwright/test'
import type { AddressString, HashString, ReceiptView } from '../../node-core/node/node-api.ts'
import type { DevNetwork } from './dev-network.ts'

/** Base units. */
export async function balanceOf(network: DevNetwork, address: AddressString): Promise<bigint> {
  return BigInt((await network.call('chain_account', { address })).balance)
}

/** The tab may have its block a moment before they do. */
export async function receiptOf(network: DevNetwork, hash: HashString): Promise<ReceiptView> {
  const read = () => network.call('chain_transaction', { hash }).catch(() => null)
  await expect.poll(async () => (await read())?.receipt ?? null).not.toBeNull()
  return (await read())!.receipt!
}
