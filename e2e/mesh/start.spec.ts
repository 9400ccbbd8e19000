/** One command starts everything, Ctrl-C leaves nothing behind, and a second start goes on. */
import { expect, test } from '@playwright/test'
import { DevNetwork } from './dev-network.ts'

test('starts, stops without a trace, and continues the same chain', async ({ page }) => {
  const network = new DevNetwork({ validators: 4 })
  try {
    const output = await network.start()
    expect(output).toContain(`Dashboard: ${network.url}`)
    const first = await network.call('chain_head', {})
    expect(first.height).toBeGreaterThanOrEqual(1)
    await page.goto(network.url)
    await expect(page.getByText('This tab is a node.')).toBeVisible({ timeout: 60_000 })

    expect(await network.interrupt()).toBe(0)
    expect(await network.processes()).toEqual([])

    await network.start()
    const second = await network.call('chain_head', {})
    expect(second.height).toBeGreaterThan(first.height)
    const kept = await network.call('chain_block', { height: first.height })
    expect(kept.blockId).toBe(first.blockId)
  } finally {
    await network.remove()
  }
})
