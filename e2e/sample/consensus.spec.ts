/** The Consensus page as a debugger: heights and rounds by URL and keys, why a round failed, what was signed, evidence. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { integer } from '../../web/i18n/format.ts'
import { checkAccessibility } from './page-checks.ts'
import { FIRST_HEIGHT } from './people.ts'
import { SHOTS, servedSample } from './sample-site.ts'

const STATES = [
  ['failed-round', '?freeze', '/consensus?height=48211&round=0', 'Asked for round 1'],
  ['raw', '?freeze', '/consensus?raw=all', 'in the order of arrival here'],
  ['evidence', '?freeze&evidence', '/consensus', '1 caught here'],
  ['stalled', '?state=stalled', '/consensus', 'must come back'],
  ['empty', '?state=empty', '/consensus', 'No height is being decided'],
  ['view', '?state=view&freeze', '/consensus', 'Last 50 heights'],
] as const

/** Of the sample when its time stands still. */
const HEAD = FIRST_HEIGHT - 1
const OLDEST = HEAD - 199
const OLDEST_RAW = HEAD - 120

test.describe.configure({ timeout: 240_000 })

const site = servedSample('frame')

checkAccessibility(site, 'consensus-', STATES)

test('rounds are stepped through by keys, and stand in the address', async () => {
  const { page, context } = await site().open('/consensus?height=48211', '?freeze')
  const rounds = page.getByRole('group', { name: 'Round shown' })
  await expect(rounds.getByRole('button', { name: /^Round 1: Decided/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await page.keyboard.press(',')
  await expect(page).toHaveURL(/height=48211&round=0/)
  await expect(page.getByText(/^Round 0, the turn of Bodø, failed\. No proposal within/)).toBeVisible()
  await page.reload()
  await expect(page.getByText(/^Round 0, the turn of Bodø, failed/)).toBeVisible()
  await page.keyboard.press('.')
  await expect(page).toHaveURL(/height=48211&round=1/)
  await expect(page.getByText(/^Decided after \d/)).toBeVisible()
  await page.keyboard.press('[')
  await expect(page).toHaveURL(/height=48210$/)
  await context.close()
})

test('steps lead back to the last height but 199, and no further', async () => {
  const { page, context } = await site().open(`/consensus?height=${OLDEST + 2}`, '?freeze')
  const shows = (height: number) => page.getByRole('table', { name: `Votes at height ${integer(height)}` })
  await expect(shows(OLDEST + 2)).toBeVisible()
  await page.keyboard.press('[')
  await expect(shows(OLDEST + 1)).toBeVisible()
  await page.getByRole('link', { name: 'Height before' }).click()
  await expect(shows(OLDEST)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Height before' })).toBeDisabled()
  await page.keyboard.press('[')
  await page.evaluate(() => new Promise(requestAnimationFrame))
  await expect(page).toHaveURL(new RegExp(`height=${OLDEST}$`))
  await expect(shows(OLDEST)).toBeVisible()
  await page.goto(page.url().replace(String(OLDEST), String(OLDEST - 1)))
  await expect(page.getByText(`This tab did not live through height ${integer(OLDEST - 1)}.`)).toBeVisible()
  await expect(page.getByText(`known from ${integer(OLDEST)} to ${integer(HEAD + 1)}`)).toBeVisible()
  await context.close()
})

test('where raw messages were let go, the page says how far back they reach', async () => {
  const { page, context } = await site().open(`/consensus?height=${OLDEST_RAW - 1}`, '?freeze')
  const reach = `Raw messages reach back to height ${integer(OLDEST_RAW)}: a tab keeps 8.4 MB of them`
  await expect(page.getByText(reach)).toBeVisible()
  await page.screenshot({ path: join(SHOTS, 'consensus-raw-let-go.png'), fullPage: true })
  await page.getByRole('button', { name: 'Raw messages' }).click()
  const list = page.getByRole('dialog', { name: 'Raw messages' })
  await expect(list.getByText('No message of this round is kept here.')).toBeVisible()
  await expect(list.getByText(reach)).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press(']')
  await expect(page.getByRole('table', { name: `Votes at height ${integer(OLDEST_RAW)}` })).toBeVisible()
  await expect(page.getByText(reach)).toHaveCount(0)
  await context.close()
})

test('a failed round says who asked to leave it', async () => {
  const { page, context } = await site().open('/consensus?height=48211&round=0', '?freeze')
  const asked = page.getByRole('table', { name: 'ROUND-CHANGE messages for round 1' })
  await expect(asked.getByRole('row')).toHaveCount(1 + 8)
  await expect(asked).not.toContainText('Bodø')
  await expect(page.getByText('93.7 % of the power, by 8 of 9')).toBeVisible()
  await context.close()
})

test('the log says who failed, why, who asked and how it went on, and opens the round', async () => {
  const { page, context } = await site().open('/consensus', '?freeze')
  const log = page.getByRole('table', { name: 'Round changes' })
  await expect(log.getByRole('columnheader')).toHaveText([
    'Height',
    'Round',
    'Proposer',
    'Reason',
    'Asked by',
    'Recovered',
  ])
  const row = log.getByRole('row').filter({ hasText: '48,211' })
  await expect(row).toContainText('Bodø')
  await expect(row).toContainText('No proposal within the round’s time')
  await expect(row).toContainText('93.7')
  await expect(row).toContainText('4.52 s by Lodestone')
  await expect(log.getByRole('row').filter({ hasText: '47,406' })).toContainText(
    'Invalid block: wrong state root',
  )
  await row.getByRole('link', { name: '48,211' }).click()
  await expect(page).toHaveURL(/height=48211&round=0/)
  await context.close()
})

test('arrivals count from the round or from the proposal', async () => {
  const { page, context } = await site().open('/consensus', '?freeze')
  const row = page.getByRole('row').filter({ hasText: 'Lodestone' }).first()
  await expect(row.getByText('96', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'From proposal' }).click()
  await expect(page).toHaveURL(/clock=proposal/)
  await expect(row.getByText('32', { exact: true })).toBeVisible()
  await context.close()
})

test('what was signed is opened, copied and kept, by keys alone', async () => {
  const { page, context } = await site().open('/consensus?height=48211', '?freeze', { acceptDownloads: true })
  await page.getByRole('button', { name: 'Raw messages' }).focus()
  await page.keyboard.press('Enter')
  const list = page.getByRole('dialog', { name: 'Raw messages' })
  await expect(list.getByRole('row')).toHaveCount(1 + 1 + 8 + 8)
  await list.getByRole('button', { name: /^COMMIT of Lodestone/ }).focus()
  await page.keyboard.press('Enter')
  const open = page.getByRole('dialog', { name: 'COMMIT of Lodestone' })
  await expect(open.getByRole('region', { name: 'Decoded' })).toContainText('"height": 48211')
  await expect(open.getByRole('region', { name: 'Canonical bytes' })).toContainText('0x')
  await expect(open.getByRole('button', { name: 'Copy: canonical bytes' })).toBeVisible()
  const downloading = page.waitForEvent('download')
  await open.getByRole('button', { name: 'Download' }).focus()
  await page.keyboard.press('Enter')
  const kept = join(site().directory, 'commit.json')
  await (await downloading).saveAs(kept)
  expect(JSON.parse(await readFile(kept, 'utf8'))).toMatchObject({ type: 'commit', name: 'Lodestone' })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page).not.toHaveURL(/raw=/)
  await expect(page.getByRole('button', { name: 'Raw messages' })).toBeFocused()
  await context.close()
})

test('evidence shows both statements, and is kept as a file', async () => {
  const { page, context } = await site().open('/consensus', '?freeze&evidence', { acceptDownloads: true })
  await page.getByRole('button', { name: 'Both messages' }).click()
  const drawer = page.getByRole('dialog', { name: 'Evidence against Ostrava' })
  await expect(drawer.getByRole('heading', { name: 'First: PREPARE' })).toBeVisible()
  await expect(drawer.getByRole('heading', { name: 'Second: PREPARE' })).toBeVisible()
  const downloading = page.waitForEvent('download')
  await drawer.getByRole('button', { name: 'Download' }).click()
  const kept = join(site().directory, 'evidence.json')
  await (await downloading).saveAs(kept)
  expect(JSON.parse(await readFile(kept, 'utf8'))).toMatchObject({ offence: 'double-sign', height: 48_204 })
  await context.close()
})

test('a tab that looks on says so', async () => {
  const { page, context } = await site().open('/', '?state=view&freeze')
  await expect(page.getByRole('contentinfo')).toContainText('Validator in another tab, on watch for')
  await context.close()
})
