/** Evidence sent from the Consensus page: what it takes and brings, then its way; and what is said when the chain has it. */
import { expect, test } from '@playwright/test'
import { checkAccessibility } from './page-checks.ts'
import { hexOf } from './people.ts'
import { SampleSite } from './sample-site.ts'

const ID = hexOf(32, 'evidence')
const KNOWN = 'sending=foreseen&code=evidence-known'
const DECIDED = { timeout: 10_000 }

const PAGES = [
  ['drawer', '?freeze&evidence', `/consensus?evidence=${ID}`, 'First: PREPARE'],
  ['send', '?freeze&evidence', `/consensus?send=${ID}`, 'Your share, about'],
  ['known', `?freeze&evidence&${KNOWN}`, `/consensus?send=${ID}`, 'punished already'],
] as const

let site: SampleSite

test.describe.configure({ mode: 'parallel', timeout: 120_000 })

test.beforeAll(async () => {
  site = await SampleSite.start('more')
})

test.afterAll(async () => {
  await site?.stop()
})

checkAccessibility(() => site, 'evidence-', PAGES)

test('it is sent from the account in use, after what it takes and brings', async () => {
  const { page, context, errors } = await site.open('/consensus', '?evidence')
  await page.getByRole('button', { name: 'Both messages' }).click()
  const drawer = page.getByRole('dialog', { name: 'Evidence against Ostrava' })
  await drawer.getByRole('button', { name: 'Send to the chain' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send evidence' })
  await expect(dialog.getByText('50 % of the stake behind Ostrava is taken')).toBeVisible()
  await expect(dialog.getByText('5 % of what is taken is yours')).toBeVisible()
  await expect(dialog.locator('dl')).toContainText(/Your share, about\s*[1-9]\d*\.\d{9}/)
  await expect(dialog.getByText('Fee, at most')).toBeVisible()
  await dialog.getByRole('button', { name: 'Sign and send' }).click()
  await expect(dialog.getByText(/^Decided in block/)).toBeVisible(DECIDED)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page).not.toHaveURL(/send=/)
  expect(errors).toEqual([])
  await context.close()
})

test('what the chain has already is said before anything is signed, and after another was quicker', async () => {
  const foreseen = await site.open(`/consensus?send=${ID}`, `?evidence&${KNOWN}`)
  await expect(
    foreseen.page.getByText('This offence was punished already; nothing is left to do'),
  ).toBeVisible()
  await foreseen.context.close()

  const { page, context } = await site.open(
    `/consensus?send=${ID}`,
    '?evidence&sending=failed&code=evidence-known',
  )
  const dialog = page.getByRole('dialog', { name: 'Send evidence' })
  await dialog.getByRole('button', { name: 'Sign and send' }).click()
  await expect(dialog.getByText('This offence was punished already; nothing is left to do')).toBeVisible(
    DECIDED,
  )
  await expect(dialog.getByText('only the fee was taken')).toBeVisible()
  await context.close()
})
