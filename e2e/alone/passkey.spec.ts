/** An account of a passkey in a real browser with a virtual authenticator: made, funded, paid from, on a chain that checks it. */
import { expect, type Page, test } from '@playwright/test'
import type { WebServer } from '../../cli/dev/web-server.ts'
import type { NodeMethod, NodeMethods } from '../../node-core/node/node-api.ts'
import type { WalletMethod, WalletMethods } from '../../node-core/node/wallet-api.ts'
import { addressOf, formatAddress } from '../../node-core/protocol/address.ts'
import { addAuthenticator } from './authenticator.ts'
import type { Outcome } from './bare-page/page.ts'
import { startBareSite } from './bare-site.ts'
import { SmallMesh } from './small-mesh.ts'

const PORT = 5_250
const AIT = 1_000_000_000n
const SHOP = formatAddress(addressOf(0, new Uint8Array(32).fill(5)))
const DECISION_TIMEOUT_MS = 60_000

let site: WebServer
let mesh: SmallMesh

test.beforeAll(async () => {
  mesh = await SmallMesh.create(PORT)
  await mesh.start()
  site = await startBareSite(PORT, () => mesh.networkFile)
})
test.afterAll(async () => {
  await site?.stop()
  await mesh?.remove()
})

/** Refusals are values. */
function asked(page: Page, api: 'node' | 'wallet', method: string, params: object): Promise<Outcome> {
  const call = [api, method, params] as const
  return page.evaluate(([of, name, given]) => window.ask(of, name, given), call)
}

async function node<M extends NodeMethod>(
  page: Page,
  method: M,
  params: NodeMethods[M]['params'],
): Promise<NodeMethods[M]['result']> {
  const { value, error } = await asked(page, 'node', method, params)
  expect(error, method).toBeUndefined()
  return value as NodeMethods[M]['result']
}

async function wallet<M extends WalletMethod>(
  page: Page,
  method: M,
  params: WalletMethods[M]['params'],
): Promise<WalletMethods[M]['result']> {
  const { value, error } = await asked(page, 'wallet', method, params)
  expect(error, method).toBeUndefined()
  return value as WalletMethods[M]['result']
}

async function untilDecided(page: Page, hash: string): Promise<void> {
  const status = async () => {
    const { value } = await asked(page, 'node', 'chain_transaction', { hash })
    return (value as NodeMethods['chain_transaction']['result'] | undefined)?.status
  }
  await expect.poll(status, { timeout: DECISION_TIMEOUT_MS }).toBe('succeeded')
}

const balance = async (page: Page, address: string) =>
  BigInt((await node(page, 'chain_account', { address, historyLimit: 1 })).balance)

test('a passkey has an account, gets money, pays, and pays again after the page was loaded anew', async ({
  context,
  page,
}) => {
  const session = await context.newCDPSession(page)
  const authenticatorId = await addAuthenticator(session)
  await page.goto(`http://localhost:${PORT}`)
  await expect
    .poll(async () => (await asked(page, 'node', 'chain_head', {})).error, { timeout: DECISION_TIMEOUT_MS })
    .toBeUndefined()

  const account = await wallet(page, 'wallet_passkey_create', { name: 'Phone' })
  expect(account).toMatchObject({ name: 'Phone', passkey: true, active: true, sealed: true })
  expect((await asked(page, 'wallet', 'wallet_backup', { password: 'correct horse battery' })).error).toEqual(
    {
      code: 'account-is-passkey',
      data: { address: account.address },
    },
  )

  const drip = await wallet(page, 'wallet_submit', { request: { type: 'faucet.drip' } })
  await untilDecided(page, drip.hash)
  expect(await balance(page, account.address)).toBeGreaterThan(2_000n * AIT)

  const request = { type: 'transfer', to: SHOP, amount: String(3n * AIT) } as const
  const review = await wallet(page, 'wallet_review', { request })
  const payment = await wallet(page, 'wallet_submit', { request })
  await untilDecided(page, payment.hash)
  expect(await balance(page, SHOP)).toBe(3n * AIT)
  expect(await balance(page, account.address)).toBeGreaterThanOrEqual(BigInt(review.balanceAfter) - AIT)

  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  const refused = await asked(page, 'wallet', 'wallet_submit', { request })
  expect(refused.error?.code).toBe('passkey-refused')
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })

  const register = {
    type: 'validator.register',
    stake: String(1_000n * AIT),
    commission: 50_000,
    name: 'Tern',
  }
  const validating = await asked(page, 'wallet', 'wallet_submit', { request: register })
  expect(validating.error?.code).toBe('passkey-cannot-validate')

  await page.reload()
  expect(await wallet(page, 'wallet_accounts', {})).toMatchObject([
    { address: account.address, passkey: true },
  ])
  const again = await wallet(page, 'wallet_submit', { request })
  await untilDecided(page, again.hash)
  expect(await balance(page, SHOP)).toBe(6n * AIT)
})

test('where a passkey was carried to, its account is found again', async ({ browser, context, page }) => {
  const session = await context.newCDPSession(page)
  const authenticatorId = await addAuthenticator(session)
  await page.goto(`http://localhost:${PORT}`)
  await page.waitForFunction(() => 'ask' in window)
  const account = await wallet(page, 'wallet_passkey_create', { name: 'Phone' })
  const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
  await page.close()

  const elsewhere = await browser.newContext()
  const other = await elsewhere.newPage()
  const otherSession = await elsewhere.newCDPSession(other)
  const otherId = await addAuthenticator(otherSession)
  for (const credential of credentials)
    await otherSession.send('WebAuthn.addCredential', { authenticatorId: otherId, credential })
  await other.goto(`http://localhost:${PORT}`)
  await other.waitForFunction(() => 'ask' in window)
  expect(await wallet(other, 'wallet_passkey_restore', { name: 'Laptop' })).toMatchObject({
    address: account.address,
    name: 'Laptop',
    passkey: true,
    active: true,
  })
  const drip = await wallet(other, 'wallet_submit', { request: { type: 'faucet.drip' } })
  await untilDecided(other, drip.hash)
  await elsewhere.close()
})

test('what a passkey did not sign is not sent, and a question is answered once', async ({
  context,
  page,
}) => {
  await addAuthenticator(await context.newCDPSession(page))
  await page.goto(`http://localhost:${PORT}`)
  await expect
    .poll(async () => (await asked(page, 'node', 'chain_head', {})).error, { timeout: DECISION_TIMEOUT_MS })
    .toBeUndefined()
  await wallet(page, 'wallet_passkey_create', { name: 'Key' })
  const question = await wallet(page, 'wallet_passkey_begin', { request: { type: 'faucet.drip' } })
  const answer = {
    attempt: question!.attempt,
    authenticatorData: `0x${'00'.repeat(37)}`,
    clientDataJson: '0x7b7d',
    signature: '0x3006020101020101',
  }
  const finish = () => asked(page, 'wallet', 'wallet_passkey_finish', answer)
  expect((await finish()).error?.code).toBe('passkey-signature-wrong')
  expect((await finish()).error?.code).toBe('passkey-attempt-unknown')
})

test('a page without a name can have none, and says so', async ({ context, page }) => {
  await addAuthenticator(await context.newCDPSession(page))
  await page.goto(`http://127.0.0.1:${PORT}`)
  await page.waitForFunction(() => 'ask' in window)
  const { error } = await asked(page, 'wallet', 'wallet_passkey_create', { name: 'Phone' })
  expect(error).toEqual({ code: 'passkey-unsupported', data: { reason: 'address' } })
})
