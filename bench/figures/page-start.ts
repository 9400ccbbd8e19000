/**
 * From asking for the page to a head that the tab has verified, and to its first direct peer: the development network with
 * five validators, a tab that knows nothing of the chain, the app's files in the browser's cache.
 */
import type { Browser, BrowserContext } from '@playwright/test'
import { DevNetwork } from '../../e2e/mesh/dev-network.ts'
import { launchBrowser, stepMs, watchSteps } from '../browser.ts'
import { type Benchmark, percentile, rounded } from '../figure.ts'

const PORT = 46_300
const VALIDATORS = 5
const ROUNDS = 7

export const pageStart: Benchmark = {
  names: ['page_to_head_ms', 'page_to_peer_ms'],
  isolated: true,
  async run({ say }) {
    const network = new DevNetwork({ port: PORT, validators: VALIDATORS })
    const browser = await launchBrowser()
    try {
      say('starting the network')
      await network.start(null)
      const starts = await coldStarts(browser, network.url, say)
      return [
        figure(
          'page_to_head_ms',
          starts.map(({ headMs }) => headMs),
        ),
        figure(
          'page_to_peer_ms',
          starts.map(({ peerMs }) => peerMs),
        ),
      ]
    } finally {
      await browser.close()
      await network.remove()
    }
  },
}

function figure(name: string, samples: readonly number[]) {
  const detail = { loads: samples.length, worst: rounded(Math.max(...samples)) }
  return { name, value: rounded(percentile(samples, 0.5)), unit: 'ms', detail }
}

async function coldStarts(browser: Browser, url: string, say: (text: string) => void) {
  const context = await browser.newContext()
  await watchSteps(context)
  await coldStart(context, url)
  const starts: { headMs: number; peerMs: number }[] = []
  for (let round = 0; round < ROUNDS; round++) starts.push(await coldStart(context, url))
  say(starts.map(({ headMs, peerMs }) => `head ${rounded(headMs)}, peer ${rounded(peerMs)}`).join('; '))
  return starts
}

/** Leaves the context without the chain, its keys and its peers, and with the cache. */
async function coldStart(context: BrowserContext, url: string) {
  const page = await context.newPage()
  try {
    await page.goto(url)
    return { headMs: await stepMs(page, 'head'), peerMs: await stepMs(page, 'peers') }
  } finally {
    await page.goto('about:blank')
    const session = await context.newCDPSession(page)
    await session.send('Storage.clearDataForOrigin', {
      origin: url,
      storageTypes: 'indexeddb,file_systems,local_storage',
    })
    await page.close()
  }
}
