/** Mesh, Validators, Explorer, Wallet and Node over the sample network: what one reads there, and what one does. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { addressOf, formatAddress } from '../../node-core/protocol/address.ts'
import { checkAccessibility } from './page-checks.ts'
import { hexOf, peerOf, addressOf as sampleAddress } from './people.ts'
import { type SampleSite, servedSample, violations } from './sample-site.ts'

/** A whole address with its checksum: those of the sample are drawn by lot. */
const SOMEBODY = formatAddress(addressOf(0, new Uint8Array(32).fill(2)))

const [LODESTONE, KESTREL, MARRAM, SKERRY] = ['Lodestone', 'Kestrel', 'Marram', 'Skerry'].map(sampleAddress)
const SHARED = sampleAddress('several')
/** The first transaction of a decided block. */
const SENT = hexOf(32, 'transaction', 48_211, 0)

const PAGES = [
  ['consensus', '?freeze&evidence', '/consensus', 'Send to the chain'],
  ['mesh', '?freeze', '/mesh', 'One partition.'],
  ['mesh-dial', '?freeze', '/mesh?do=dial', 'Paste the address'],
  ['mesh-address', '?freeze', '/mesh?do=address', 'Whoever dials it'],
  ['mesh-peer', '?freeze', `/mesh?peer=${peerOf('Kestrel')}`, 'Block this peer'],
  ['mesh-alone', '?state=offline', '/mesh', 'Alone.'],
  ['validators', '?freeze', '/validators', 'could stop the chain'],
  ['validators-many', '?freeze&state=many', '/validators', 'Station 100'],
  ['validators-entering', '?freeze&own=entering', '/validators', 'from then on its votes count'],
  ['validators-become', '?freeze&own=none', '/validators?do=become', 'Step 1 of 4'],
  ['validators-jailed', '?freeze&own=jailed', '/validators', 'Bring my validator back'],
  ['validators-delegate', '?freeze', `/validators?do=delegate&at=${MARRAM}`, 'at least 10.00 AIT'],
  ['validators-move', '?freeze', `/validators?do=redelegate&at=${KESTREL}`, 'cannot be moved on before'],
  ['validators-position', '?freeze', `/validators?do=position&at=${LODESTONE}`, 'Put in, less taken out'],
  ['validators-withdraw', '?freeze', '/validators?do=withdraw&at=11', 'cannot be slashed any more'],
  ['validators-claim', '?freeze', '/validators?do=claim', 'Commission of my validator'],
  ['validators-compound', '?freeze', `/validators?do=compound&at=${LODESTONE}`, 'by themselves and without'],
  ['validators-compare', '?freeze', `/validators?compare=${MARRAM},${KESTREL}&do=compare`, '6 % from epoch'],
  ['validators-rotate', '?freeze', '/validators?do=rotate', 'old keys vote until'],
  ['validators-one', '?freeze&admission=authority', `/validators/${SKERRY}`, 'Vote to expel'],
  ['validators-leave', '?freeze', '/validators?do=leave', 'can still be slashed'],
  ['explorer', '?freeze', '/explorer', 'blocks are decided'],
  ['explorer-waiting', '?freeze', '/explorer?show=waiting', 'transactions wait'],
  ['explorer-error', '?state=error', '/explorer', 'No answer in time'],
  ['explorer-block', '?freeze', '/explorer/block/48211', 'was decided in 4.4'],
  ['explorer-transaction', '?freeze', `/explorer/transaction/${SENT}`, 'Signed fields'],
  ['explorer-account', '?freeze', `/explorer/account/${SOMEBODY}`, 'This account holds'],
  ['explorer-shared', '?freeze', `/explorer/account/${SHARED}`, '2 of 3 must agree'],
  ['economy', '?freeze', '/economy', 'Rewards paid'],
  ['alerts', '?freeze', '/alerts', 'Quiet hours'],
  ['wallet', '?freeze', '/wallet', 'Your turn'],
  ['wallet-passkey', '?freeze&passkey', '/wallet', 'passkey'],
  ['wallet-share', '?freeze', '/wallet?do=share', 'How many must agree'],
  ['wallet-propose', '?freeze', `/wallet?do=propose&at=${SHARED}`, 'for the others to agree'],
  ['wallet-approve', '?freeze', `/wallet?do=approve&at=${SHARED}.3`, 'there are enough'],
  ['wallet-send', '?freeze', '/wallet?do=send', 'fee about'],
  ['wallet-receive', '?freeze', '/wallet?do=receive', 'Give this address'],
  ['wallet-create', '?freeze', '/wallet?do=create', 'Each flag is a key'],
  ['node', '?freeze', '/node', 'keeps up with the chain'],
  ['node-backup', '?freeze', '/node?do=backup', 'One encrypted file'],
  ['node-signing-export', '?freeze', '/node?do=signing-export', 'signs nothing more with this key'],
  ['node-signing-import', '?freeze', '/node?do=signing', 'after the other node had stopped'],
  ['node-signing-resume', '?freeze', '/node?do=signing-resume', 'was imported nowhere'],
] as const

test.describe.configure({ mode: 'parallel', timeout: 240_000 })

const site = servedSample('more')

const open = (path: string, query = '', options: Parameters<SampleSite['open']>[2] = {}) =>
  site().open(path, query, { reducedMotion: 'reduce', ...options })

checkAccessibility(site, 'more-', PAGES)

for (const width of [320, 800, 1440]) {
  test(`no page scrolls sideways at ${width} px`, async () => {
    const tooWide: string[] = []
    for (const [name, query, path, ready] of PAGES) {
      const { page, context } = await open(path, query, { viewport: { width, height: 800 } })
      await expect(page.getByText(ready).first()).toBeVisible()
      const over = await page.evaluate(() => {
        const main = document.querySelector('main') ?? document.body
        const root = document.documentElement
        return Math.max(root.scrollWidth - root.clientWidth, main.scrollWidth - main.clientWidth)
      })
      if (over > 0) tooWide.push(`${name} by ${over} px`)
      await context.close()
    }
    expect(tooWide).toEqual([])
  })
}

test('a row of the mesh and its node in the graph are read out in the line under it', async () => {
  const { page, context } = await open('/mesh', '?freeze')
  await page.getByRole('button', { name: 'Kestrel' }).hover()
  const graph = page.getByRole('region', { name: 'Graph' })
  await expect(graph.getByText('direct', { exact: true }).last()).toBeVisible()
  await expect(graph.getByText(/^score \d+$/)).toBeVisible()
  await page.getByRole('button', { name: /^Relayed \d/ }).click()
  await expect(page).toHaveURL(/filter=relayed/)
  await expect(page.getByText('direct, WebRTC')).toHaveCount(0)
  await context.close()
})

test('a peer can be blocked, and the block undone before it is made', async () => {
  const { page, context } = await open('/mesh', '?freeze')
  await page.getByRole('button', { name: 'Kestrel' }).click()
  await expect(page).toHaveURL(/peer=12D3/)
  const dialog = page.getByRole('dialog', { name: 'Kestrel' })
  await dialog.getByRole('button', { name: 'Block this peer' }).click()
  await expect(dialog.getByText('its votes still arrive through other peers')).toBeVisible()
  await dialog.getByRole('button', { name: 'Block', exact: true }).click()
  await expect(page.getByText('Blocking Kestrel.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Blocking Kestrel.')).toBeHidden()
  await context.close()
})

test('an address is judged before it is dialled', async () => {
  const { page, context } = await open('/mesh', '?freeze')
  await page.getByRole('button', { name: 'Dial a peer' }).click()
  const dialog = page.getByRole('dialog', { name: 'Dial a peer' })
  await dialog.getByLabel('Address').fill('relay.example')
  await expect(dialog.getByText('An address begins with a slash')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Dial', exact: true })).toBeDisabled()
  await dialog.getByLabel('Address').fill(`/dns4/a/tcp/443/wss/p2p/12D3KooW${'a'.repeat(44)}`)
  await dialog.getByRole('button', { name: 'Dial', exact: true }).click()
  await expect(dialog.getByText('It is in the table now.')).toBeVisible()
  await context.close()
})

test('one becomes a validator: name, stake, commission, review, then the way into the set', async () => {
  const { page, context } = await open('/validators', '?own=none')
  await page.getByRole('button', { name: 'Become a validator' }).click()
  const dialog = page.getByRole('dialog', { name: 'Become a validator' })
  await dialog.getByLabel('Name').fill('Nightjar')
  await page.keyboard.press('Enter')
  await dialog.getByLabel('Stake').fill('10')
  await expect(dialog.getByText('At least 1,000.00 AIT')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Next' })).toBeDisabled()
  await dialog.getByRole('button', { name: 'Max' }).click()
  await expect(dialog.getByLabel('Stake')).toHaveValue('1,204.40')
  await dialog.getByLabel('Stake').fill('1000')
  await page.keyboard.press('Enter')
  await dialog.getByLabel('Commission').fill('20')
  await expect(dialog.getByText('Between 1 and 10 %')).toBeVisible()
  await dialog.getByLabel('Commission').fill('5')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('1,000.000000000')).toBeVisible()
  await expect(dialog.getByText('204.495590000')).toBeVisible()
  await expect(dialog.getByText('What can be lost')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and register' }).click()
  await expect(dialog.getByText(/^Decided in block 48,2/)).toBeVisible({ timeout: 10_000 })
  await expect(dialog.getByText('enters with the first set that is not announced yet')).toBeVisible()
  await context.close()
})

test('pausing says what it does before it is signed', async () => {
  const { page, context } = await open('/validators')
  await page.getByRole('button', { name: 'Pause my validator' }).click()
  const dialog = page.getByRole('dialog', { name: 'Pause my validator' })
  await expect(dialog.getByText('keep this tab open until then')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and pause' }).click()
  await expect(dialog.getByText(/^Decided in block/)).toBeVisible({ timeout: 10_000 })
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page).toHaveURL(/#\/validators$/)
  await context.close()
})

test('a heartbeat is stepped through by keys and opens its height', async () => {
  const { page, context } = await open('/validators', '?freeze')
  const beats = page.getByRole('slider', { name: /^Lodestone signed/ })
  await beats.focus()
  await expect(beats).toHaveAttribute('aria-valuetext', /^48,217 /)
  await page.keyboard.press('ArrowLeft')
  await expect(beats).toHaveAttribute('aria-valuetext', /^48,216 /)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/explorer\/block\/48216$/)
  await context.close()
})

async function fillSend(page: Page, amount: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Send AIT' })
  await dialog.getByLabel('To').fill(SOMEBODY)
  await dialog.getByLabel('Amount').fill(amount)
  await dialog.getByRole('button', { name: 'Review' }).click()
}

test('sending: a flag while typing, every decimal before signing, then its way until it is decided', async () => {
  const { page, context } = await open('/wallet')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Send AIT' })
  const to = dialog.getByLabel('To')
  await to.fill(SOMEBODY.slice(0, 20))
  await expect(dialog.getByText('22 characters are still missing')).toBeVisible()
  await expect(dialog.locator('svg[data-flag]')).toHaveCount(0)
  await to.fill(`${SOMEBODY.slice(0, -1)}${SOMEBODY.endsWith('q') ? 'p' : 'q'}`)
  await expect(dialog.getByText('its checksum does not fit')).toBeVisible()
  await to.fill(SOMEBODY)
  await expect(dialog.locator('svg[data-flag]')).toHaveCount(1)
  await dialog.getByRole('button', { name: 'Max' }).click()
  await expect(dialog.getByLabel('Amount')).toHaveValue('1,204.49559')
  await dialog.getByLabel('Amount').fill('12.5')
  await dialog.getByRole('button', { name: 'Fast' }).click()
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(dialog.getByText('12.500000000')).toBeVisible()
  await expect(dialog.getByText('1,191.995590000')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and send' }).click()
  await expect(dialog.getByText('In the pool')).toBeVisible()
  await expect(dialog.getByText(/^Decided in block 48,2/)).toBeVisible({ timeout: 10_000 })
  await expect(dialog.getByText('It is final; nothing can undo it.')).toBeVisible()
  await context.close()
})

test('a refused signing keeps the form and is tried again', async () => {
  const { page, context } = await open('/wallet?do=send', '?sending=refused')
  await fillSend(page, '12.5')
  const dialog = page.getByRole('dialog', { name: 'Send AIT' })
  await dialog.getByRole('button', { name: 'Sign and send' }).click()
  await expect(dialog.getByText('The fee was too low')).toBeVisible()
  await expect(dialog.getByText('Nothing was sent. What you typed is kept.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign again' }).click()
  await expect(dialog.getByText(/^Decided in block/)).toBeVisible({ timeout: 10_000 })
  await context.close()
})

test('what the chain refuses says why, and gives the form back', async () => {
  const { page, context } = await open('/wallet?do=send', '?sending=failed')
  await fillSend(page, '12.5')
  const dialog = page.getByRole('dialog', { name: 'Send AIT' })
  await dialog.getByRole('button', { name: 'Sign and send' }).click()
  await expect(dialog.getByText('The balance is too small')).toBeVisible({ timeout: 10_000 })
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expect(dialog.getByLabel('Amount')).toHaveValue('12.5')
  await expect(dialog.getByLabel('To')).toHaveValue(SOMEBODY)
  await context.close()
})

test('a faucet is offered only where the chain has one', async () => {
  const without = await open('/wallet', '?freeze&faucet=off')
  await expect(without.page.getByRole('button', { name: 'Receive' })).toBeVisible()
  await expect(without.page.getByRole('button', { name: 'Ask the faucet' })).toHaveCount(0)
  await without.context.close()
  const { page, context } = await open('/wallet', '?freeze')
  await page.getByRole('button', { name: 'Ask the faucet' }).click()
  await expect(page.getByRole('dialog').getByText('100.00AIT')).toBeVisible()
  await context.close()
})

test('what the node refused while another tab took over is read again by itself', async () => {
  const { page, context } = await open('/wallet', '?parameters=late')
  await expect(page.getByRole('button', { name: 'Ask the faucet' })).toBeVisible()
  await context.close()
})

test('who has no key yet is offered one in the wallet', async () => {
  const { page, context } = await open('/start', '?freeze&new')
  await page.getByRole('button', { name: 'Look around' }).click()
  await expect(page).toHaveURL(/#\/$/)
  await page.getByRole('link', { name: 'Wallet' }).first().click()
  await expect(page.getByText('This tab has no key yet.')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Create an account' }).click()
  await expect(page.getByRole('dialog', { name: 'Create an account' })).toBeVisible()
  await context.close()
})

test('an account is made with a flag of one’s choice', async () => {
  const { page, context } = await open('/wallet', '?freeze')
  await page.getByRole('button', { name: 'Create' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create an account' })
  await dialog.getByLabel('Name').fill('Savings')
  await dialog.getByRole('radio').first().focus()
  await page.keyboard.press('ArrowRight')
  await expect(dialog.getByRole('radio').nth(1)).toBeChecked()
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Use Savings' })).toBeVisible()
  await context.close()
})

test('a state proof is checked in the page, and a spoilt one is found out', async () => {
  const good = await open(`/explorer/account/${SOMEBODY}`, '?freeze')
  await good.page.getByRole('button', { name: 'Verify it here' }).click()
  await expect(good.page.getByText('Proved', { exact: true })).toBeVisible()
  await expect(good.page.getByText('Proved balance')).toBeVisible()
  expect(await violations(good.page)).toEqual([])
  await good.context.close()
  const { page, context } = await open(`/explorer/account/${SOMEBODY}`, '?freeze&proof=spoilt')
  await page.getByRole('button', { name: 'Verify it here' }).click()
  await expect(page.getByText('Not proved')).toBeVisible()
  await expect(page.getByText('The hashes do not lead up to the root')).toBeVisible()
  await expect(page.getByText('Proved balance')).toHaveCount(0)
  await context.close()
})

test('blocks are stepped through by arrow keys, and lead to their transactions', async () => {
  const { page, context, errors } = await open('/explorer/block/48211', '?freeze')
  await expect(page.getByText(/8 of 9 signed; missing: Bodø/)).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(page).toHaveURL(/block\/48210$/)
  await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/block\/48211$/)
  await page
    .getByRole('table', { name: 'Transactions of block 48,211' })
    .locator('a[href*="transaction"]')
    .first()
    .click()
  await expect(page.getByText('Decided in block 48,211; final.')).toBeVisible()
  await expect(page.getByText('of it burned')).toBeVisible()
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
  await context.close()
})

test('search opens a height, and says what it takes', async () => {
  const { page, context } = await open('/explorer', '?freeze')
  const field = page.getByLabel('Height, hash or address')
  await field.fill('tern')
  await page.keyboard.press('Enter')
  await expect(page.getByText('A height is a number')).toBeVisible()
  await field.fill('48,200')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/explorer\/block\/48200$/)
  await context.close()
})

test('a backup is written, rehearsed and told apart from a wrong password', async () => {
  const { page, context } = await open('/node', '?freeze', { acceptDownloads: true })
  await page.getByRole('button', { name: 'Back up' }).click()
  const dialog = page.getByRole('dialog', { name: 'Back up my keys' })
  await dialog.getByLabel('Password').fill('correct horse battery')
  await dialog.getByLabel('The same again').fill('correct horse')
  await expect(dialog.getByText('The two are not the same')).toBeVisible()
  await dialog.getByLabel('The same again').fill('correct horse battery')
  const downloading = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Download the file' }).click()
  const file = join(site().directory, 'backup.json')
  await (await downloading).saveAs(file)
  expect(await readFile(file, 'utf8')).toContain('sample')
  await dialog.getByLabel('The file just downloaded').setInputFiles(file)
  await dialog.getByLabel('Its password').fill('wrong')
  await dialog.getByRole('button', { name: 'Open it' }).click()
  await expect(dialog.getByText('The password does not open this file')).toBeVisible()
  await dialog.getByLabel('Its password').fill('correct horse battery')
  await dialog.getByRole('button', { name: 'Open it' }).click()
  await expect(dialog.getByText('The backup opens, and holds this key')).toBeVisible()
  await context.close()
})

test('a restored key joins the others', async () => {
  const { page, context } = await open('/node', '?freeze')
  const file = join(site().directory, 'restore.json')
  await writeFile(file, '{"sample":true}')
  await page.getByRole('button', { name: 'Restore a backup' }).click()
  const dialog = page.getByRole('dialog', { name: 'Restore keys from a backup' })
  await dialog.getByLabel('Backup file').setInputFiles(file)
  await dialog.getByLabel('Its password').fill('correct horse battery')
  await dialog.getByLabel('Name').fill('Old laptop')
  await dialog.getByRole('button', { name: 'Restore' }).click()
  await expect(dialog.getByText('The keys are in this browser')).toBeVisible()
  await context.close()
})

test('the log is filtered in the address, holds while one reads, and the report can be read before it is passed on', async () => {
  const { page, context } = await open('/node', '')
  const log = page.getByRole('region', { name: 'Lines of the log' })
  await expect(log.getByRole('listitem').first()).toBeVisible()
  await log.evaluate((element) => element.scrollTo({ top: 200 }))
  await expect(page.getByText('held while you read')).toBeVisible()
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByText('held while you read')).toBeHidden()
  await page.getByRole('button', { name: 'Warnings' }).click()
  await expect(page).toHaveURL(/level=warn/)
  await expect(log.getByText('info', { exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Write a report' }).click()
  const dialog = page.getByRole('dialog', { name: 'Report without keys' })
  await dialog.getByRole('button', { name: 'Write it' }).click()
  await expect(dialog.getByText('"kind": "aitbc-mesh report"')).toBeVisible()
  await context.close()
})
