/** From the end of the tab that signs to the first vote of the tab that takes over, as a Node validator received it. */
import type { BrowserContext } from '@playwright/test'
import { DevNetwork } from '../../e2e/mesh/dev-network.ts'
import { Tab } from '../../e2e/mesh/tab.ts'
import type { AddressString } from '../../node-core/node/node-api.ts'
import { launchBrowser } from '../browser.ts'
import { type Benchmark, percentile, rounded } from '../figure.ts'
import { openValidatingTab } from '../validating-tab.ts'

const PORT = 46_300
const VALIDATORS = 5
const HANDOVERS = 5
const VOTE_TIMEOUT_MS = 30_000
const LOOK_MS = 200

export const tabHandover: Benchmark = {
  names: ['tab_handover_ms'],
  isolated: true,
  async run({ say }) {
    const network = new DevNetwork({ port: PORT, validators: VALIDATORS })
    const browser = await launchBrowser()
    try {
      say('a network, and a tab that becomes a validator')
      await network.start(null)
      const context = await browser.newContext()
      const { tab, address } = await openValidatingTab(context, network)
      const samples = await handovers({ context, network, address, first: tab })
      say(samples.map((ms) => rounded(ms)).join(', '))
      const detail = { handovers: samples.length, worst: rounded(Math.max(...samples)) }
      return [{ name: 'tab_handover_ms', value: rounded(percentile(samples, 0.5)), unit: 'ms', detail }]
    } finally {
      await browser.close()
      await network.remove()
    }
  },
}

interface Handover {
  readonly context: BrowserContext
  readonly network: DevNetwork
  readonly address: AddressString
  readonly first: Tab
}

async function handovers({ context, network, address, first }: Handover): Promise<number[]> {
  const samples: number[] = []
  let leader = first
  for (let i = 0; i < HANDOVERS; i++) {
    const next = await Tab.open(context, network.url)
    await next.untilGrown(2)
    const { height } = await network.call('chain_head', {})
    const killedAtMs = Date.now()
    await leader.crash()
    // What the old tab said before it was gone may still be on its way until now.
    const goneAtMs = Date.now()
    samples.push((await firstVoteAtMs(network, { address, from: height, afterMs: goneAtMs })) - killedAtMs)
    await leader.page.close()
    leader = next
    await leader.untilGrown(1)
  }
  return samples
}

/** By the clock that all processes of this machine share. */
async function firstVoteAtMs(
  network: DevNetwork,
  {
    address,
    from,
    afterMs,
  }: { readonly address: AddressString; readonly from: number; readonly afterMs: number },
): Promise<number> {
  while (Date.now() - afterMs < VOTE_TIMEOUT_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const { height: head } = await network.call('chain_head', {})
    for (let height = from; height <= head + 1; height++) {
      const { consensus } = await network.call('consensus_rounds', { height, limit: 1 })
      const vote = consensus?.votes.find(({ validator }) => validator === address)
      const arrivals = [vote?.prePrepareMs, vote?.prepareMs, vote?.commitMs, vote?.roundChangeMs]
      const times = arrivals.flatMap((ms) => (typeof ms === 'number' ? [consensus!.startedAtMs + ms] : []))
      const first = Math.min(...times.filter((at) => at > afterMs))
      if (Number.isFinite(first)) return first
    }
  }
  throw new Error('the next tab did not vote')
}
