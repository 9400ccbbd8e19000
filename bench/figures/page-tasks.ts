/** The longest task of a page whose tab validates, at 200 transfers a second: what the person at it feels. */
import { layoutOf } from '../../cli/dev/layout.ts'
import { RpcClient } from '../../cli/rpc-client.ts'
import { DevNetwork } from '../../e2e/mesh/dev-network.ts'
import { parseGenesis } from '../../node-core/protocol/genesis-codec.ts'
import { launchBrowser, longestTask } from '../browser.ts'
import { type Benchmark, rounded } from '../figure.ts'
import { Load } from '../load.ts'
import { createSenders, LoadSigner, type Sender } from '../senders.ts'
import { openValidatingTab } from '../validating-tab.ts'

const PORT = 46_300
const VALIDATORS = 5
const SENDERS = 400
const PER_SECOND = 200
const MEASURED_SECONDS = 30
const WARM_UP_SECONDS = 5
const FUNDING_TIMEOUT_MS = 60_000

export const pageTasks: Benchmark = {
  names: ['page_longest_task_ms'],
  isolated: true,
  async run({ seconds, say }) {
    const measured = seconds ?? MEASURED_SECONDS
    const network = new DevNetwork({ port: PORT, validators: VALIDATORS })
    const browser = await launchBrowser()
    try {
      say('a network, and a tab that becomes a validator')
      await network.start(null)
      const { tab } = await openValidatingTab(await browser.newContext(), network)
      await tab.turnTo('Overview')
      const load = await fundedLoad(network, PER_SECOND * (measured + WARM_UP_SECONDS + 1))
      await load.paced(PER_SECOND, WARM_UP_SECONDS, { remember: false })
      say('measuring')
      const longest = await longestTask(browser, tab.page, () =>
        load.paced(PER_SECOND, measured, { remember: false }),
      )
      return [
        {
          name: 'page_longest_task_ms',
          value: rounded(longest.wallMs, 1),
          unit: 'ms',
          detail: {
            seconds: measured,
            transfersPerSecond: PER_SECOND,
            processorMs: rounded(longest.processorMs, 1),
          },
        },
      ]
    } finally {
      await browser.close()
      await network.remove()
    }
  },
}

async function fundedLoad(network: DevNetwork, count: number): Promise<Load> {
  const response = await fetch(`${network.url}/network.json`)
  const genesis = parseGenesis(((await response.json()) as { genesis: unknown }).genesis)
  if (!genesis.ok) throw new Error(`the network's genesis: ${genesis.key}`)
  const layout = layoutOf({ data: '/', port: PORT, validators: VALIDATORS })
  const rpc = layout.validators.map(({ rpcPort }) => new RpcClient(`http://127.0.0.1:${rpcPort}`))
  const senders = await createSenders(SENDERS)
  const signer = new LoadSigner(genesis.value, senders)
  const load = new Load(rpc, senders.length)
  load.add(await signer.signDrips())
  await load.sendAll()
  await funded(network, senders)
  load.add(await signer.sign(count))
  return load
}

/** The pool is empty again: every drip is in a block. */
async function funded(network: DevNetwork, senders: readonly Sender[]): Promise<void> {
  const untilMs = performance.now() + FUNDING_TIMEOUT_MS
  while (performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const blocks = await network.call('chain_blocks', { limit: 60 })
    const included = blocks.reduce((sum, block) => sum + (block.transactionCount ?? 0), 0)
    if (included >= senders.length && (await network.call('tx_pool', { limit: 1 })).count === 0) return
  }
  throw new Error('the faucet did not drip')
}
