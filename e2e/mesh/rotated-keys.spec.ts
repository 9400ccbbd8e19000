/** A validating tab that changes its keys: it votes on with the old ones, then with the new ones, and is never away. */
import { expect } from '@playwright/test'
import { createVerifier } from '../../node-core/adapters/verifier.ts'
import { fromHex } from '../../node-core/lib/bytes.ts'
import { commitSigningBytes } from '../../node-core/protocol/hash.ts'
import { DevNetwork, QUICK_PARAMETERS } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'
import { hasSigned, untilActive } from './watched-validator.ts'

const NAME = 'Dunlin'
/** 1,000 of 5,000: the others decide without it. */
const STAKE = '1000'
const { epochBlocks } = QUICK_PARAMETERS
const TIMEOUT_MS = 180_000

test('a tab changes the keys of its validator and goes over to them by itself', async ({ browser }) => {
  test.setTimeout(600_000)
  const network = new DevNetwork({ validators: 4 })
  try {
    await network.start()
    const tab = await Tab.openFunded(await browser.newContext(), network.url)
    await tab.becomeValidator(NAME, STAKE)
    const address = await untilActive(network, NAME)
    const head = async () => (await network.call('chain_head', {})).height
    const own = () => network.call('validator_get', { address })
    const signs = async () => hasSigned(network, address, await head())
    await expect.poll(signs, { timeout: TIMEOUT_MS }).toBe(true)

    const { validatorKey: old } = await own()
    await tab.page.getByRole('button', { name: 'Change keys' }).click()
    await expect(tab.page.getByText('The old keys vote until')).toBeVisible()
    const hash = await tab.sign('Sign and change the keys')
    const { height } = await network.call('chain_transaction', { hash })
    const from = (Math.floor((height! - 1) / epochBlocks) + 2) * epochBlocks + 1
    const { validatorKey: fresh } = await own()
    expect(fresh).not.toBe(old)

    const verifier = createVerifier()
    const { chainId } = await network.call('node_status', {})
    /** null: it did not sign there. */
    const keyAt = async (at: number): Promise<'old' | 'fresh' | null> => {
      const certificate = await network.call('chain_certificate', { height: at })
      const vote = certificate.signers.find((each) => each.address === address)
      if (!vote) return null
      const bytes = commitSigningBytes(chainId as never, certificate as never)
      const isBy = (key: string) => verifier.verifyEd25519(fromHex(key)!, bytes, fromHex(vote.signature)!)
      if (await isBy(old)) return 'old'
      return (await isBy(fresh)) ? 'fresh' : null
    }
    await expect.poll(head, { timeout: TIMEOUT_MS }).toBeGreaterThan(from + 2 * epochBlocks)
    const keys = new Map<number, 'old' | 'fresh' | null>()
    for (let at = height!; at <= from + 2 * epochBlocks; at++) keys.set(at, await keyAt(at))
    const before = [...keys].filter(([at]) => at < from).map(([, key]) => key)
    const after = [...keys].filter(([at]) => at >= from).map(([, key]) => key)
    expect(before).toContain('old')
    expect(before).not.toContain('fresh')
    expect(after).toContain('fresh')
    expect(after).not.toContain('old')
    expect(await own()).toMatchObject({ state: 'active', jail: null, slashes: [] })
    expect((await network.call('alert_list', {})).evidence).toEqual([])
  } finally {
    await network.remove()
  }
})
