/** "Verify here" in the Explorer: the page follows a real node's chain from the genesis, and finds out one that lies. */
import { join, resolve } from 'node:path'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import { type PreviewServer, preview } from 'vite'
import { fromHex, toHex } from '../../node-core/lib/bytes.ts'
import { LyingApi } from '../../node-core/node/lying-api.test-kit.ts'
import { person, TestCluster, untilBlock } from '../../node-core/node/test-cluster.ts'
import { formatAddress } from '../../node-core/protocol/address.ts'
import { formatGenesis } from '../../node-core/protocol/genesis-codec.ts'
import { type RpcServer, startRpc } from '../../node-core/rpc/server.ts'
import { browserLaunchOptions } from '../browser.ts'
import { workerPort } from '../ports.ts'
import { sampleSettings } from './sample-build.ts'
import { PHONE, violations } from './sample-site.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PORT = workerPort()
const ORIGIN = `http://127.0.0.1:${PORT}`
const SHOTS = join(ROOT, 'test-results', 'verify')
/** In the third epoch of four blocks. */
const HEIGHT = 10

let browser: Browser
let server: PreviewServer
let rpc: RpcServer
let cluster: TestCluster
let account: string
let transaction: string
let liar: LyingApi

test.describe.configure({ timeout: 120_000 })

test.beforeAll(async () => {
  await startChain()
  server = await preview({
    ...sampleSettings('verify'),
    preview: { port: PORT, strictPort: true, host: '127.0.0.1' },
  })
  browser = await chromium.launch(browserLaunchOptions())
})

test.afterEach(() => {
  liar.lie = null
})

test.afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rpc?.stop()
  await cluster?.stop()
})

async function startChain(): Promise<void> {
  const alice = await person('alice')
  account = formatAddress(alice.address)
  cluster = await TestCluster.create({ validators: 4, rich: [alice], parameters: { unbondingMs: 3_600_000 } })
  for (const validator of cluster.validators) await cluster.start(validator)
  const { node, api } = cluster.nodes[0]!
  const to = cluster.validators[0]!.address
  const bytes = await cluster.sign(alice, { type: 'transfer', to, amount: 5_000_000_000n }, 0)
  const sent = await api.call('tx_submit', { transaction: toHex(bytes) })
  transaction = sent.hash
  await untilBlock(node, () => node.chain.height >= HEIGHT)
  liar = new LyingApi(api)
  rpc = await startRpc({ node: liar, host: '127.0.0.1', port: 0, allowedOrigins: [ORIGIN], maxClients: 64 })
}

async function open(path: string): Promise<{ readonly page: Page; close(): Promise<void> }> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  const network = { genesis: formatGenesis(cluster.genesis), relays: [], bootstrap: [], iceServers: [] }
  await page.route('**/network.json', (route) => route.fulfill({ json: network }))
  await page.goto(`${ORIGIN}/e2e/sample/index.html?rpc=http://127.0.0.1:${rpc.port}#${path}`)
  return { page, close: () => context.close() }
}

const block = `/explorer/block/${HEIGHT}`

test('a block is verified from the genesis, step by step', async () => {
  const { page, close } = await open(block)
  await page.getByRole('button', { name: 'Verify here' }).click()
  await expect(page.getByText('Verified', { exact: true })).toBeVisible()
  await expect(page.getByText('Followed 3 headers, one an epoch')).toBeVisible()
  await expect(page.getByText(/of four validators signed it, with/)).toBeVisible()
  await expect(page.getByText('hashes to the block id that this page shows')).toBeVisible()
  await page.screenshot({ path: join(SHOTS, 'block.png'), fullPage: true })
  expect(await violations(page)).toEqual([])
  await page.setViewportSize(PHONE)
  await page.screenshot({ path: join(SHOTS, 'block-390.png'), fullPage: true })
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Verify again' }).click()
  await expect(page.getByText('followed from the genesis in an earlier check')).toBeVisible()
  await close()
})

test('a transaction and its receipt are verified in their block', async () => {
  const { page, close } = await open(`/explorer/transaction/${transaction}`)
  await page.getByRole('button', { name: 'Verify here' }).click()
  await expect(page.getByText('Verified', { exact: true })).toBeVisible()
  await expect(page.getByText(/It is number 1 of \d+ in the block/)).toBeVisible()
  await expect(page.getByText('other root says what this page shows')).toBeVisible()
  await page.screenshot({ path: join(SHOTS, 'transaction.png'), fullPage: true })
  expect(await violations(page)).toEqual([])
  await close()
})

test('an account is proved under a header that was followed from the genesis', async () => {
  const { page, close } = await open(`/explorer/account/${account}`)
  await page.getByRole('button', { name: 'Verify it here' }).click()
  await expect(page.getByText('Proved', { exact: true })).toBeVisible()
  await expect(page.getByText(/Followed \d+ headers, one an epoch/)).toBeVisible()
  await expect(page.getByText(/From the record \w+ hashes lead up to the root/)).toBeVisible()
  await expect(page.getByText('Proved balance')).toBeVisible()
  await page.screenshot({ path: join(SHOTS, 'account.png'), fullPage: true })
  expect(await violations(page)).toEqual([])
  await close()
})

test.describe('a node that lies is found out', () => {
  test('about the header', async () => {
    const { page, close } = await open(block)
    await expect(page.getByRole('button', { name: 'Verify here' })).toBeVisible()
    liar.lie = (method, result: { canonical?: { header: string } }) =>
      method === 'chain_certificate' && result.canonical
        ? {
            ...result,
            canonical: {
              ...result.canonical,
              header: changed(result.canonical.header, TRANSACTIONS_ROOT_AT),
            },
          }
        : result
    await page.getByRole('button', { name: 'Verify here' }).click()
    await expect(page.getByText('Not verified')).toBeVisible()
    await expect(page.getByText('certificate-mismatch')).toBeVisible()
    await page.screenshot({ path: join(SHOTS, 'lie.png'), fullPage: true })
    expect(await violations(page)).toEqual([])
    liar.lie = null
    await page.getByRole('button', { name: 'Verify again' }).click()
    await expect(page.getByText('Verified', { exact: true })).toBeVisible()
    await close()
  })

  test('about the id that the page shows', async () => {
    liar.lie = (method, result: object) =>
      method === 'chain_block' ? { ...result, blockId: `0x${'ab'.repeat(32)}` } : result
    const { page, close } = await open(block)
    await page.getByRole('button', { name: 'Verify here' }).click()
    await expect(page.getByText('hashes to another block id than this page shows')).toBeVisible()
    await close()
  })

  test('about what became of a transaction', async () => {
    liar.lie = (method, result: { receipt: object }) =>
      method === 'chain_transaction' ? { ...result, receipt: { ...result.receipt, feePaid: '1' } } : result
    const { page, close } = await open(`/explorer/transaction/${transaction}`)
    await page.getByRole('button', { name: 'Verify here' }).click()
    await expect(page.getByText('says something else than this page')).toBeVisible()
    await close()
  })

  test('about money, with a header of its own', async () => {
    const { page, close } = await open(`/explorer/account/${account}`)
    await expect(page.getByRole('button', { name: 'Verify it here' })).toBeVisible()
    liar.lie = (method, result: { canonical?: { certificate: string } }) =>
      method === 'chain_certificate' && result.canonical
        ? {
            ...result,
            canonical: { ...result.canonical, certificate: changed(result.canonical.certificate, -1) },
          }
        : result
    await page.getByRole('button', { name: 'Verify it here' }).click()
    await expect(page.getByText('Not proved')).toBeVisible()
    await expect(page.getByText('A signature does not hold')).toBeVisible()
    await expect(page.getByText('Proved balance')).toHaveCount(0)
    await close()
  })
})

/** Where a header has its root of transactions. */
const TRANSACTIONS_ROOT_AT = 150

/** Another byte, counted from the end if negative: the last one of a certificate is of a signature. */
function changed(hex: string, at: number): string {
  const bytes = fromHex(hex)!
  const place = at < 0 ? bytes.length + at : at
  return toHex(bytes.with(place, bytes[place]! ^ 1))
}
