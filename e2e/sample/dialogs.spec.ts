/** Every dialog by keyboard alone: opened, walked through, closed with Escape, and focus is where it was. */
import { expect, type Page, test } from '@playwright/test'
import { servedSample } from './sample-site.ts'
import { walkAround } from './tab-stops.ts'

/** Path, switches, and how the button's name begins that opens which dialog there. */
const PAGES = [
  ['/', '', { 'Search height': 'Search and actions', 'Show all shortcuts': 'Shortcuts' }],
  ['/mesh', '', { Kestrel: 'Kestrel', 'Dial a peer': 'Dial a peer', 'Drop the relay': 'Drop the relay' }],
  [
    '/consensus',
    '&evidence',
    { 'Raw messages': 'Raw messages', 'Both messages': 'Evidence against Ostrava' },
  ],
  ['/consensus', '&evidence', { 'Send to the chain': 'Send evidence' }],
  [
    '/validators',
    '',
    {
      'Pause my validator': 'Pause my validator',
      'Change keys': 'Change the keys of my validator',
      Leave: 'Leave the validators',
      'Delegate to Marram': 'Delegate',
    },
  ],
  ['/validators', '&own=none', { 'Become a validator': 'Become a validator' }],
  [
    '/wallet',
    '',
    {
      Send: 'Send AIT',
      Receive: 'Receive AIT',
      'Ask the faucet': 'Ask the faucet',
      Create: 'Create an account',
      'Share an account': 'Share an account',
    },
  ],
  [
    '/node',
    '',
    {
      'Back up': 'Back up my keys',
      'Restore a backup': 'Restore keys from a backup',
      'Export the record': 'Export the signing record',
      'Import a record': 'Import a signing record',
      'Write a report': 'Report without keys',
    },
  ],
] as const

test.describe.configure({ mode: 'parallel', timeout: 120_000 })

const site = servedSample('more')

/** From the button that has focus into the dialog, around in it, and back. */
async function throughDialog(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name, exact: true })
  await expect(dialog).toBeVisible()
  await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  await expect(dialog.locator('.skeleton')).toHaveCount(0)
  const { stops, around, outOfOrder, missed } = await walkAround(page)
  const hidden = stops.flatMap((stop) => stop.hidden ?? [])
  expect({ name, around, hidden, outOfOrder, missed }).toEqual({
    name,
    around: true,
    hidden: [],
    outOfOrder: [],
    missed: [],
  })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

for (const [path, query, dialogs] of PAGES)
  test(`dialogs of ${path}, ${Object.keys(dialogs)}: Escape gives focus back`, async () => {
    const { page, context, errors } = await site().open(path, `?freeze${query}`, { reducedMotion: 'reduce' })
    await expect(page.locator('.skeleton')).toHaveCount(0)
    for (const [opener, dialog] of Object.entries(dialogs)) {
      const button = page.getByRole('button', { name: new RegExp(`^${opener}`) }).first()
      await button.focus()
      await throughDialog(page, dialog)
      await expect(button, `after ${dialog}`).toBeFocused()
    }
    expect(errors).toEqual([])
    await context.close()
  })

test('a validator’s facts give focus back to its name, also after another dialog took their place', async () => {
  const { page, context } = await site().open('/validators', '?freeze', { reducedMotion: 'reduce' })
  const name = page.getByRole('link', { name: 'Marram', exact: true }).first()
  await name.focus()
  await throughDialog(page, 'Marram')
  await expect(name).toBeFocused()
  await page.keyboard.press('Enter')
  const facts = page.getByRole('dialog', { name: 'Marram' })
  await facts.getByRole('button', { name: 'Delegate' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Delegate' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(name).toBeFocused()
  await context.close()
})

test('the palette over a dialog gives focus back into it', async () => {
  const { page, context } = await site().open('/wallet', '?freeze', { reducedMotion: 'reduce' })
  await page.getByRole('button', { name: 'Send', exact: true }).press('Enter')
  const amount = page.getByRole('dialog', { name: 'Send AIT' }).getByLabel('Amount')
  await amount.focus()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Search and actions' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Search and actions' })).toHaveCount(0)
  await expect(amount).toBeFocused()
  await context.close()
})
