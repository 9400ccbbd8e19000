/** The Wallet page on a real chain, with a passkey of a virtual authenticator: made, funded and paid from by what a person presses. */
import { expect, test } from '@playwright/test'
import type { WebServer } from '../../cli/dev/web-server.ts'
import { addressOf, formatAddress } from '../../node-core/protocol/address.ts'
import { Tab } from '../mesh/tab.ts'
import { workerPort } from '../ports.ts'
import { addAuthenticator } from './authenticator.ts'
import { startBuiltSite } from './built-site.ts'
import { SmallMesh } from './small-mesh.ts'

const PORT = workerPort()
const SHOP = formatAddress(addressOf(0, new Uint8Array(32).fill(6)))

let site: WebServer
let mesh: SmallMesh

test.beforeAll(async () => {
  mesh = await SmallMesh.create(PORT)
  await mesh.start()
  site = await startBuiltSite(PORT, () => mesh.networkFile)
})
test.afterAll(async () => {
  await site?.stop()
  await mesh?.remove()
})

test('an account of a passkey is created, funded and paid from on the Wallet page', async ({ browser }) => {
  const context = await browser.newContext()
  const tab = await Tab.open(context, `http://localhost:${PORT}`)
  const { page } = tab
  const session = await context.newCDPSession(page)
  const authenticatorId = await addAuthenticator(session)
  const signatures = async () =>
    (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials[0]!.signCount
  await tab.firstRun()
  await tab.untilGrown(1)

  await tab.turnTo('Wallet')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const creating = page.getByRole('dialog', { name: 'Create an account' })
  await creating.getByLabel('Name').fill('Phone')
  await creating.getByRole('button', { name: 'A passkey' }).click()
  await creating.getByRole('button', { name: 'Create with a passkey' }).click()
  await expect(creating).toBeHidden()
  const account = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Phone' })
  await expect(account).toContainText('passkey')
  await expect(account).toContainText('in use')

  await tab.askFaucet()
  const before = await signatures()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  const sending = page.getByRole('dialog', { name: 'Send AIT' })
  await sending.getByLabel('To').fill(SHOP)
  await sending.getByLabel('Amount').fill('3')
  await sending.getByRole('button', { name: 'Review' }).click()
  await expect(sending.getByText('Signing asks for this account’s passkey.')).toBeVisible()

  // The person looks away: what was typed is kept, and nothing has left.
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await sending.getByRole('button', { name: 'Sign and send' }).click()
  await expect(sending.getByText('The passkey was not used: the browser or you refused')).toBeVisible()
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await tab.sign('Sign again')
  expect(await signatures()).toBeGreaterThan(before)

  await tab.visit(`/explorer/account/${SHOP}`)
  await expect(page.getByText(/This account holds 3\.00/)).toBeVisible()
  await context.close()
})
