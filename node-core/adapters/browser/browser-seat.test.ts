/** A tab's validator changes its keys: the seat and the node are real, the keys of the browser's store are in memory. */
import { afterEach, expect, it } from 'vitest'
import { equalBytes } from '../../lib/bytes.ts'
import { sendRotation, untilNamed } from '../../node/key-rotation.test-kit.ts'
import { person, TestCluster, untilBlock } from '../../node/test-cluster.ts'
import type { HeldKeys, ValidatorKeys } from '../../node/validator-keys.ts'
import type { BrowserKeystore } from './browser-keystore.ts'
import { BrowserSeat } from './browser-seat.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

/** As the store does: the same pair until the chain has it, and the one before that is let go. */
function keystoreOf(first: ValidatorKeys, pairs: ValidatorKeys[]): BrowserKeystore {
  let held: HeldKeys = first
  return {
    ensureValidatorKeys: async () => held,
    prepareRotation: async (_address: string, registered: Uint8Array) => {
      const { spare } = held
      if (!spare) held = { ...held, spare: pairs.shift()! }
      else if (equalBytes(spare.validatorKey.publicKey, registered))
        held = { ...spare, spare: pairs.shift()! }
      return held.spare
    },
  } as unknown as BrowserKeystore
}

it('the tab votes through one change after the other, and refuses one that comes too early', async () => {
  cluster = await TestCluster.create({ validators: 1 })
  const who = cluster.validators[0]!
  const { node } = await cluster.start(who)
  const keystore = keystoreOf(who, [await person('second pair'), await person('third pair')])
  const seat = new BrowserSeat({ node, keystore, chain: 'test', handedOver: false, onWatch: () => undefined })
  await untilBlock(node, () => node.chain.height >= 1)
  for (const change of ['first', 'second']) {
    const next = await seat.prepareRotation(who.address)
    expect(await seat.prepareRotation(who.address), change).toBe(next)
    await sendRotation(node, cluster, who, next)
    const from = await untilNamed(node, next)
    await untilBlock(node, () => node.chain.height >= from + 2)
    await expect(seat.prepareRotation(who.address)).rejects.toMatchObject({ code: 'rotation-too-early' })
    const sinceMs = node.chain.parent.timestampMs
    const { unbondingMs } = cluster.genesis.parameters
    await untilBlock(node, () => node.chain.parent.timestampMs > sinceMs + unbondingMs)
  }
  expect(node.host.silence()).toBeNull()
})
