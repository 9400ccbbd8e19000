/** Ten validators lose three: behind a cut of the network, and by SIGKILL. No browser takes part. */
import { expect, test } from '@playwright/test'
import { QUICK_PARAMETERS } from './dev-network.ts'
import { SplitNetwork } from './split-network.ts'

/** Seven of ten are a quorum, and none of the seven can be spared; three are not heard: 30 % of the power. */
const SIDES = [7, 3] as const
const all = [...Array(10).keys()]
const majority = all.slice(0, SIDES[0])
const minority = all.slice(SIDES[0])
const DECIDED_TIMEOUT_MS = 180_000

let network: SplitNetwork

const heightOf = async (validator: number) =>
  (await network.call(validator, 'node_status', {})).head?.height ?? 0
const heights = (validators: readonly number[]) => Promise.all(validators.map(heightOf))

async function untilHeight(validators: readonly number[], height: number): Promise<void> {
  await expect
    .poll(async () => Math.min(...(await heights(validators))), { timeout: DECIDED_TIMEOUT_MS })
    .toBeGreaterThanOrEqual(height)
}

function addressesOf(validators: readonly number[]): Promise<(string | undefined)[]> {
  return Promise.all(
    validators.map(async (each) => (await network.call(each, 'node_status', {})).validator?.address),
  )
}

/** Whom it waits for, as it says itself; null: it does not say that it waits for a quorum. */
async function silentFor(validator: number): Promise<string[] | null> {
  const { stall } = await network.call(validator, 'node_status', {})
  return stall?.code === 'no-quorum' ? stall.silent.toSorted() : null
}

/** One block at each of these heights, whoever is asked; and nobody contradicted itself. */
async function expectOneChain(validators: readonly number[], from: number, to: number): Promise<void> {
  for (let height = from; height <= to; height++) {
    const blocks = await Promise.all(validators.map((each) => network.call(each, 'chain_block', { height })))
    expect(new Set(blocks.map(({ blockId }) => blockId)).size, `ids at ${height}`).toBe(1)
  }
  for (const each of validators) expect((await network.call(each, 'alert_list', {})).evidence).toEqual([])
}

test.beforeAll(async () => {
  test.setTimeout(180_000)
  network = await SplitNetwork.start({ sides: SIDES, parameters: QUICK_PARAMETERS })
})

test.afterAll(async () => {
  await network?.remove()
})

test('three of ten are cut off: they wait and say why, the others go on, and after the cut there is one chain', async () => {
  test.setTimeout(600_000)
  await untilHeight(all, 2)
  network.cut()
  const missing = (await addressesOf(majority)).toSorted()
  for (const each of minority) await expect.poll(() => silentFor(each), { timeout: 120_000 }).toEqual(missing)
  const [cut] = minority
  const state = async () => (await network.call(cut!, 'network_partition', {})).state
  await expect.poll(state).toBe('partitioned')

  const stood = await heights(minority)
  await untilHeight(majority, Math.max(...stood) + 5)
  expect(await heights(minority)).toEqual(stood)

  const missed = Math.max(...(await heights(majority)))
  const healedMs = performance.now()
  network.heal()
  await untilHeight(minority, missed)
  console.log(
    `healed: ${missed - Math.min(...stood)} blocks behind, caught up ${Math.round(performance.now() - healedMs)} ms after the link was back`,
  )
  await untilHeight(all, missed + 3)
  await expectOneChain(all, Math.min(...stood), missed + 3)
  await expect.poll(state, { timeout: 60_000 }).toBe('healthy')
  // They vote again, not only follow.
  const signers = new Set<string>()
  await expect
    .poll(
      async () => {
        const height = (await heightOf(0)) - 1
        for (const { name } of (await network.call(0, 'chain_certificate', { height })).signers)
          signers.add(name)
        return signers.size
      },
      { timeout: 60_000 },
    )
    .toBe(all.length)
})

test('three of ten are killed: the seven others go on', async () => {
  test.setTimeout(300_000)
  // One that all others began with, one that was cut off, one in between.
  const dead = [0, 4, 9]
  const alive = all.filter((validator) => !dead.includes(validator))
  await untilHeight(all, 2)
  const killed = await addressesOf(dead)
  await network.kill(dead)
  const killedAt = Math.max(...(await heights(alive)))
  await untilHeight(alive, killedAt + 7)
  await expectOneChain(alive, killedAt, killedAt + 7)
  const { missing } = await network.call(alive[0]!, 'chain_certificate', { height: killedAt + 6 })
  expect(missing.map(({ address }) => address).toSorted()).toEqual(killed.toSorted())
})
