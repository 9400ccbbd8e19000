/** The same node in Firefox: a person's way to a vote, direct links with Chromium, and what is said where a part is missing. */
import { expect, test } from '@playwright/test'
import { DevNetwork } from '../mesh/dev-network.ts'
import { Tab } from '../mesh/tab.ts'
import { Firefox, type Preferences } from './firefox.ts'
import type { FirefoxPage } from './firefox-page.ts'

const MAIN = { role: 'main' }
const NAMELESS_PEER = /12D3/
const PEERS = { role: 'table', name: 'Peers of this tab' }

let network: DevNetwork
let firefox: Firefox | null

test.beforeAll(async () => {
  network = new DevNetwork({ validators: 4 })
  await network.start()
})

test.beforeEach(() => {
  firefox = null
})

// biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern for the fixtures, and none is used.
test.afterEach(async ({}, info) => {
  try {
    if (info.status !== info.expectedStatus) await firefox?.picture(info.outputDir)
  } finally {
    await firefox?.stop()
  }
})

test.afterAll(() => network.remove())

async function openDashboard(path = '/', preferences?: Preferences): Promise<FirefoxPage> {
  firefox ??= await Firefox.start(preferences)
  const page = await firefox.newPage()
  await page.visit(`${network.url}${path}`)
  return page
}

const button = (name: string) => ({ role: 'button', name })
const link = (name: string) => ({ role: 'link', name })

async function firstRun(page: FirefoxPage): Promise<void> {
  await page.sees({ role: 'heading', name: 'This tab is a node.' }, { timeout: 60_000 })
  await page.press(button('Look around'))
  await page.sees({ role: 'navigation' })
}

async function askFaucet(page: FirefoxPage): Promise<void> {
  await page.press(link('Wallet'))
  await page.press(button('Ask the faucet'))
  await page.press(button('Ask for it'))
  await page.press(button('Done'), { timeout: 60_000 })
}

async function becomeValidator(page: FirefoxPage, name: string, stake: string): Promise<void> {
  await page.press(link('Validators & stake'))
  await page.press(button('Become a validator'))
  await page.fill('Name', name)
  await page.press(button('Next'))
  await page.fill('Stake', stake)
  await page.press(button('Next'))
  await page.press(button('Next'))
  await page.press(button('Sign and register'))
  await page.press(button('Done'), { timeout: 60_000 })
}

/** Until a block above `height` has the validator's COMMIT in its certificate. */
async function signsAbove(height: number, address: string): Promise<void> {
  const signed = async () => {
    const head = await network.call('chain_head', {})
    const { signers } = await network.call('chain_certificate', { height: head.height })
    return head.height > height && signers.some((signer) => signer.address === address)
  }
  await expect.poll(signed, { timeout: 60_000 }).toBe(true)
}

test('links with a tab of Chromium directly, and each notices when the other leaves', async ({ browser }) => {
  const context = await browser.newContext()
  const chromium = await Tab.open(context, network.url)
  await chromium.firstRun()
  await chromium.visit('/mesh')
  // Validators have names and may be linked by WebRTC as well.
  const linked = chromium.page
    .getByRole('table', { name: PEERS.name })
    .getByRole('row', { name: NAMELESS_PEER })
    .filter({ hasText: 'direct, WebRTC' })

  const first = await openDashboard()
  await firstRun(first)
  await expect(linked).toHaveCount(1, { timeout: 60_000 })
  await first.close()
  await expect(linked).toHaveCount(0)

  const second = await openDashboard('/mesh')
  await firstRun(second)
  await second.reads(PEERS, /12D3(?:(?!12D3).){1,80}direct, WebRTC/s, { timeout: 60_000 })
  await context.close()
  await second.reads(PEERS, /^(?!.*12D3).*direct, WebSocket/s)
  expect(firefox!.errors).toEqual([])
})

test('names the part that is missing', async () => {
  const page = await openDashboard('/', { 'media.peerconnection.enabled': false })
  await page.sees({ role: 'heading', name: 'This browser cannot run a node.' })
  await page.reads(MAIN, /^(?!.*Missing.*Missing).*Missing: WebRTC/s)
})

// The last: when its Firefox is gone, a third of the power is.
test('first run, key, faucet, registration, and its COMMIT is in a certificate, again after a reload', async () => {
  const page = await openDashboard()
  await firstRun(page)
  await askFaucet(page)
  await becomeValidator(page, 'Firecrest', '2000')
  const own = async () =>
    (await network.call('validator_list', {})).validators.find((each) => each.name === 'Firecrest')
  await expect.poll(async () => (await own())?.state, { timeout: 120_000 }).toBe('active')
  const { address } = (await own())!
  await signsAbove(0, address)

  await page.press(link('Consensus'))
  await page.reads(MAIN, /Firecrest\s+(?:proposer\s+)?this tab/)
  await page.press(link('Overview'))
  await page.reads(MAIN, 'Votes included')
  await page.screenshot('test-results/firefox-overview.png')
  expect(firefox!.errors).toEqual([])

  await page.visit(network.url)
  await signsAbove((await network.call('chain_head', {})).height, address)
})
