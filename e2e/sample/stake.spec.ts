/** Stake and accounts of several over the sample network: what one does with them, and what one is told before signing. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { addressOf, formatAddress } from '../../node-core/protocol/address.ts'
import { addressOf as sampleAddress } from './people.ts'
import { PHONE, SampleSite, violations } from './sample-site.ts'

/** Whole addresses with their checksums: those of the sample are drawn by lot. */
const [SOMEBODY, FRIEND] = [2, 3].map((of) => formatAddress(addressOf(0, new Uint8Array(32).fill(of)))) as [
  string,
  string,
]
const SHARED = sampleAddress('several')
const DECIDED = { timeout: 10_000 }

let site: SampleSite

test.describe.configure({ mode: 'parallel', timeout: 120_000 })

test.beforeAll(async () => {
  site = await SampleSite.start('more')
})

test.afterAll(async () => {
  await site?.stop()
})

const open = (path: string, query = '', options: Parameters<SampleSite['open']>[2] = {}) =>
  site.open(path, query, { reducedMotion: 'reduce', ...options })

test('delegating: an amount, what can be lost, then its way until it is decided', async () => {
  const { page, context, errors } = await open('/validators')
  await page.getByRole('button', { name: 'Delegate to Marram' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delegate' })
  await expect(dialog.getByLabel('Validator')).toHaveValue(sampleAddress('Marram'))
  await dialog.getByLabel('Amount').fill('5')
  await expect(dialog.getByText('At least 10.00 AIT')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Review' })).toBeDisabled()
  await dialog.getByRole('button', { name: 'All' }).click()
  await expect(dialog.getByLabel('Amount')).toHaveValue('1,204.40')
  await dialog.getByLabel('Amount').fill('250')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('250.000000000')).toBeVisible()
  await expect(dialog.getByText('50 % if the validator signs two votes')).toBeVisible()
  await expect(dialog.getByText('comes back 1 h after the last epoch')).toBeVisible()
  await expect(dialog.getByText('may move stake ten times in 1 h')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and delegate' }).click()
  await expect(dialog.getByText(/^Decided in block 48,2/)).toBeVisible(DECIDED)
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page).toHaveURL(/#\/validators$/)
  expect(errors).toEqual([])
  await context.close()
})

test('a position is managed: taken back whole, or with the least amount left', async () => {
  const { page, context } = await open('/validators')
  await page.getByRole('button', { name: 'Manage my stake at Lodestone', exact: true }).click()
  await page
    .getByRole('dialog', { name: 'My stake at Lodestone' })
    .getByRole('button', { name: 'Take back' })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Take stake back' })
  await dialog.getByLabel('Amount').fill('1195')
  await expect(dialog.getByText('Leave at least 10.00 AIT, or take all of it')).toBeVisible()
  await dialog.getByRole('button', { name: 'All' }).click()
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(dialog.getByText('can still be lost for what Lodestone did')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and take it back' }).click()
  await expect(dialog.getByText(/^Decided in block/)).toBeVisible(DECIDED)
  await context.close()
})

test('stake that was moved cannot be moved on, and other stake says so before it is moved', async () => {
  const locked = await open(`/validators?do=redelegate&at=${sampleAddress('Kestrel')}`)
  const first = locked.page.getByRole('dialog', { name: 'Move stake' })
  await expect(first.getByText('Taking it back is possible.')).toBeVisible()
  await first.getByLabel('To').selectOption(sampleAddress('Tern'))
  await first.getByLabel('Amount').fill('50')
  await expect(first.getByRole('button', { name: 'Review' })).toBeDisabled()
  await locked.context.close()
  const { page, context } = await open(`/validators?do=redelegate&at=${sampleAddress('Lodestone')}`)
  const dialog = page.getByRole('dialog', { name: 'Move stake' })
  await dialog.getByLabel('To').selectOption(sampleAddress('Tern'))
  await dialog.getByLabel('Amount').fill('50')
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(dialog.getByText('cannot be moved on from Tern until 1 h after')).toBeVisible()
  await context.close()
})

test('what the chain refuses says what to do', async () => {
  const { page, context } = await open('/validators?do=delegate', '?sending=failed&code=stake-cooling-down')
  const dialog = page.getByRole('dialog', { name: 'Delegate' })
  await dialog.getByLabel('Validator').selectOption(sampleAddress('Tern'))
  await dialog.getByLabel('Amount').fill('20')
  await dialog.getByRole('button', { name: 'Review' }).click()
  await dialog.getByRole('button', { name: 'Sign and delegate' }).click()
  await expect(dialog.getByText('has moved stake as often as it may; it can again')).toBeVisible(DECIDED)
  await context.close()
})

test('what is over is withdrawn, and all rewards are claimed at once', async () => {
  const { page, context } = await open('/validators')
  await expect(page.getByText('720 blocks left')).toBeVisible()
  await page.getByRole('button', { name: 'Withdraw 60.00 AIT from Lodestone' }).click()
  const withdraw = page.getByRole('dialog', { name: 'Withdraw stake' })
  await expect(withdraw.getByText('60.000000000')).toBeVisible()
  await expect(withdraw.getByText('1,264.495590000')).toBeVisible()
  await withdraw.getByRole('button', { name: 'Sign and withdraw' }).click()
  await expect(withdraw.getByText(/^Decided in block/)).toBeVisible(DECIDED)
  await withdraw.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Claim 4.50 AIT' }).click()
  const claim = page.getByRole('dialog', { name: 'Claim rewards' })
  await expect(claim.getByText('Two claims in one transaction: either all of them')).toBeVisible()
  await expect(claim.getByText('4.500000000')).toBeVisible()
  await expect(claim.getByText('0.012390000')).toBeVisible()
  await expect(claim.getByText('0.001770000')).toBeVisible()
  await expect(claim.getByText('1,208.977950000')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await claim.getByRole('button', { name: 'Sign and claim' }).click()
  await expect(claim.getByText(/^Decided in block/)).toHaveCount(1, DECIDED)
  await claim.getByRole('button', { name: 'Done' }).click()
  await context.close()
})

test('a batch that the chain refuses says for which part, and that nothing of it was done', async () => {
  const { page, context } = await open('/validators?do=claim', '?sending=failed&code=nothing-to-claim')
  const dialog = page.getByRole('dialog', { name: 'Claim rewards' })
  await dialog.getByRole('button', { name: 'Sign and claim' }).click()
  await expect(dialog.getByText(/^Part 2 of the batch: No rewards wait here/)).toBeVisible(DECIDED)
  await expect(dialog.getByText('nothing of the batch was done, only the fee was taken')).toBeVisible()
  await context.close()
})

test('more claims than a batch holds are signed by several, each with its own review', async () => {
  const { page, context } = await open('/validators?do=claim', '?state=many')
  const dialog = page.getByRole('dialog', { name: 'Claim rewards' })
  await expect(dialog.getByText('100 claims in two transactions of at most 64')).toBeVisible()
  await expect(dialog.getByText('Transaction 1 of 2 costs')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and claim' }).click()
  await expect(dialog.getByText('Transaction 2 of 2 costs')).toBeVisible()
  await expect(dialog.getByText('122.400000000')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and claim' }).click()
  await expect(dialog.getByText(/^Decided in block/)).toHaveCount(2, DECIDED)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await context.close()
})

test('two validators are compared by a link', async () => {
  const { page, context } = await open('/validators', '?freeze')
  for (const name of ['Marram', 'Tern', 'Kestrel'])
    await page.getByRole('checkbox', { name: `Compare ${name}` }).check()
  await expect(page.getByRole('checkbox', { name: 'Compare Marram' })).not.toBeChecked()
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Compare two validators' })
  await expect(dialog.getByRole('row', { name: /^Commission/ })).toHaveText(/6\.8.*5\.8/)
  await page.reload()
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'Delegate to Tern' }).click()
  const delegate = page.getByRole('dialog', { name: 'Delegate' })
  await expect(delegate.getByLabel('Validator')).toHaveValue(sampleAddress('Tern'))
  await context.close()
})

test('a slash has its reporter, and its proof to take along', async () => {
  const { page, context } = await open(`/validators/${sampleAddress('Skerry')}`, '?freeze', {
    acceptDownloads: true,
  })
  const dialog = page.getByRole('dialog', { name: 'Skerry' })
  await expect(dialog.getByText('Proposed an invalid block: 30 % slashed, 3,985.71 AIT.')).toBeVisible()
  await expect(dialog.getByText('told by Kestrel')).toBeVisible()
  const downloading = page.waitForEvent('download')
  await dialog.getByRole('button', { name: /Download the proof against Skerry/ }).click()
  const file = join(site.directory, 'slash.json')
  await (await downloading).saveAs(file)
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ offence: 'invalid-block', height: 47_406 })
  await context.close()
})

test('members vote on others where admission is by authority, and only there', async () => {
  const by = await open(`/validators/${sampleAddress('Tern')}`, '?freeze&admission=authority')
  await by.page.getByRole('button', { name: 'Vote to expel' }).click()
  const vote = by.page.getByRole('dialog', { name: 'Expel Tern' })
  await expect(vote.getByText('two thirds of the power')).toBeVisible()
  await by.context.close()
  const { page, context } = await open(`/validators/${sampleAddress('Tern')}`, '?freeze')
  const dialog = page.getByRole('dialog', { name: 'Tern' })
  await expect(dialog.getByRole('button', { name: 'Delegate' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Vote to expel' })).toHaveCount(0)
  await context.close()
})

test('the dialogs are in the palette and under keys', async () => {
  const { page, context } = await open('/', '?freeze')
  await expect(page.locator('main').getByText('Rewards to claim')).toBeVisible()
  await page.keyboard.press('d')
  await page.keyboard.press('c')
  await expect(page.getByRole('dialog', { name: 'Claim rewards' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search and actions' })
  await expect(palette.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('share an')
  const found = palette.getByRole('option', { name: 'Share an account' })
  await expect(found).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Share an account' })).toBeVisible()
  await context.close()
})

test('an account of several is made of whole addresses', async () => {
  const { page, context } = await open('/wallet')
  await page.getByRole('button', { name: 'Share an account' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share an account' })
  await dialog.getByLabel('Members').fill(`${SOMEBODY}\n${FRIEND.slice(0, -2)}`)
  await expect(dialog.getByText(/^Not an address/)).toBeVisible()
  await dialog.getByLabel('Members').fill(`${SOMEBODY}\n${FRIEND}`)
  await dialog.getByLabel('How many must agree').fill('3')
  await expect(dialog.getByText('There are only 2 members')).toBeVisible()
  await dialog.getByLabel('How many must agree').fill('2')
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(dialog.getByText('Both must agree.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and create' }).click()
  await expect(dialog.getByText(/^Decided in block/)).toBeVisible(DECIDED)
  await context.close()
})

test('a payment is proposed, and another approved with its whole recipient in view', async () => {
  const { page, context } = await open('/wallet')
  await page
    .getByRole('button', { name: /^Propose something in/ })
    .first()
    .click()
  const propose = page.getByRole('dialog', { name: 'Propose' })
  await propose.getByLabel('To').fill(SOMEBODY)
  await propose.getByLabel('Amount').fill('641')
  await expect(propose.getByText('You have 640.00 AIT')).toBeVisible()
  await propose.getByLabel('Amount').fill('40')
  await propose.getByLabel('Open for').fill('300')
  await expect(propose.getByText('About 10 min from now')).toBeVisible()
  await propose.getByRole('button', { name: 'Review' }).click()
  await expect(propose.getByText(SOMEBODY)).toBeVisible()
  await expect(propose.getByText('300 blocks left')).toBeVisible()
  await propose.getByRole('button', { name: 'Sign and propose' }).click()
  await expect(propose.getByText(/^Decided in block/)).toBeVisible(DECIDED)
  await propose.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: /^Approve: Send 40\.00 AIT/ }).click()
  const approve = page.getByRole('dialog', { name: 'Approve a proposal' })
  await expect(approve.getByText(sampleAddress('person 9'))).toBeVisible()
  await expect(approve.getByText('40.000000000')).toBeVisible()
  await context.close()
})

test('a second execution is refused in words, before and after it is signed', async () => {
  const over = await open(`/wallet?do=execute&at=${SHARED}.0`)
  await expect(over.page.getByText('A second execution is refused')).toBeVisible()
  await over.context.close()
  const { page, context } = await open('/wallet', '?sending=failed&code=proposal-closed')
  await page.getByRole('button', { name: /^Execute: Delegate 250\.00 AIT to Tern/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Execute a proposal' })
  await dialog.getByRole('button', { name: 'Sign and execute' }).click()
  await expect(dialog.getByText('it cannot be executed twice')).toBeVisible(DECIDED)
  await context.close()
})

test('an account of a passkey is made where the address has a name, and pays with it', async () => {
  const { page, context } = await open('/wallet?do=create', '?freeze')
  const dialog = page.getByRole('dialog', { name: 'Create an account' })
  await dialog.getByRole('button', { name: 'A passkey' }).click()
  await expect(dialog.getByText('not by an IP address')).toBeVisible()
  await dialog.getByLabel('Name').fill('Phone')
  await expect(dialog.getByRole('button', { name: 'Create with a passkey' })).toBeDisabled()
  await page.goto(page.url().replace('127.0.0.1', 'localhost'))
  await dialog.getByRole('button', { name: 'A passkey' }).click()
  await dialog.getByLabel('Name').fill('Phone')
  await dialog.getByRole('button', { name: 'Create with a passkey' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Use Phone' })).toBeVisible()
  await context.close()
  const paying = await open('/wallet?do=send', '?freeze&passkey')
  const send = paying.page.getByRole('dialog', { name: 'Send AIT' })
  await send.getByLabel('To').fill(SOMEBODY)
  await send.getByLabel('Amount').fill('1')
  await send.getByRole('button', { name: 'Review' }).click()
  await expect(send.getByText('Signing asks for this account’s passkey.')).toBeVisible()
  await paying.context.close()
})

test('on a phone one delegates from the validator’s own sheet', async () => {
  const { page, context } = await open('/validators', '?freeze', { viewport: PHONE })
  await page.getByRole('link', { name: 'Tern' }).first().click()
  await page.getByRole('dialog', { name: 'Tern' }).getByRole('button', { name: 'Delegate' }).click()
  await expect(page.getByRole('dialog', { name: 'Delegate' }).getByLabel('Amount')).toBeVisible()
  await context.close()
})
