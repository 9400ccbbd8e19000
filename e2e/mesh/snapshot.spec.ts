/** A new tab begins at a checkpoint's state though the first peer that it meets gives it a wrong one. */
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from '@playwright/test'
import { workerPort } from '../ports.ts'
import { DevNetwork } from './dev-network.ts'
import { test } from './mesh-test.ts'
import { Tab } from './tab.ts'

const LIAR_PORT = workerPort(120)
/** Checkpoints are four epochs apart; a tab begins at one when it is 50 blocks behind. */
const PARAMETERS = { blockTimeMs: 400, emptyIntervalMs: 800, epochBlocks: 5 }
const HEIGHT = 61

interface NetworkFile {
  readonly genesis: { readonly chainId: string }
  readonly bootstrap: readonly string[]
  readonly relays: readonly string[]
}

test('a tab starts from a checkpoint with a lying peer among three, and says who lied', async ({
  browser,
}) => {
  const network = new DevNetwork({ validators: 2 })
  let liar: Liar | null = null
  try {
    await network.start(PARAMETERS)
    await expect
      .poll(async () => (await network.call('chain_head', {})).height, { timeout: 180_000 })
      .toBeGreaterThanOrEqual(HEIGHT)
    const file = (await (await fetch(`${network.url}/network.json`)).json()) as NetworkFile
    liar = await Liar.start(file.genesis.chainId, file.bootstrap[0]!)

    // The tab knows the liar alone; it learns of the others from it.
    const context = await browser.newContext()
    const only: NetworkFile = { ...file, bootstrap: [liar.address], relays: [] }
    await context.route('**/network.json', (route) => route.fulfill({ json: only }))
    const tab = await Tab.open(context, network.url)
    const check = tab.page.getByRole('listitem').filter({ hasText: 'Check the chain' })
    await expect(check).toContainText(/State of block \d+: 0\.0\s% here and proved, 100\.0\s% to go/)
    await tab.page.screenshot({ path: 'test-results/snapshot-progress.png' })
    liar.goOn()
    await tab.firstRun()
    await tab.untilGrown(2)

    expect(liar.lies).toBeGreaterThan(0)
    // Within the page: a reload would start the node anew, from what it has by now, and with an empty log.
    await tab.page.getByRole('navigation').getByRole('link', { name: 'Node', exact: true }).first().click()
    const log = tab.page.getByRole('region', { name: 'Lines of the log' })
    await expect(log.getByText(`${liar.peer} gave something that does not hold`).first()).toBeVisible()
    await expect(log.getByText(/the state of \d+ is here/)).toBeVisible()
    await tab.page.screenshot({ path: 'test-results/snapshot.png' })
  } finally {
    liar?.stop()
    await network.remove()
  }
})

/** lying-peer.ts in a process of its own. */
class Liar {
  readonly address: string
  lies = 0
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, address: string) {
    this.#child = child
    this.address = address
  }

  static async start(chainId: string, honest: string): Promise<Liar> {
    const script = path.join(import.meta.dirname, 'lying-peer.ts')
    const child = spawn(process.execPath, [script, chainId, honest, String(LIAR_PORT)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout! })
    const address = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve)
      child.once('exit', (code) => reject(new Error(`the lying peer ended with ${code}`)))
    })
    const liar = new Liar(child, address)
    lines.on('line', (line) => {
      if (line === 'lied') liar.lies++
    })
    return liar
  }

  get peer(): string {
    return this.address.split('/').at(-1)!
  }

  /** It answers what it was asked for by now. */
  goOn(): void {
    this.#child.stdin!.write('\n')
  }

  stop(): void {
    this.#child.kill()
  }
}
