/** Alerts over the sample network: what is asked of the browser and when, what a refusal says, what was looked at. */
import { expect, type Page, test } from '@playwright/test'
import { SampleSite } from './sample-site.ts'

type Answer = 'granted' | 'denied'

interface Asked {
  questions: number
  shown: string[]
}

let site: SampleSite

test.describe.configure({ mode: 'parallel', timeout: 120_000 })

test.beforeAll(async () => {
  site = await SampleSite.start('more')
})

test.afterAll(async () => {
  await site?.stop()
})

/** The Alerts page in a browser that will answer so, once it is asked. */
async function alertsPage(answer: Answer) {
  const opened = await site.open('/alerts', '?freeze', { reducedMotion: 'reduce' })
  await opened.page.addInitScript((willSay) => {
    const asked: Asked = { questions: 0, shown: [] }
    let permission: NotificationPermission = 'default'
    class StubNotification {
      static get permission() {
        return permission
      }
      static async requestPermission() {
        asked.questions++
        permission = willSay
        return permission
      }
      constructor(title: string, options?: NotificationOptions) {
        asked.shown.push(`${title}: ${options?.body}`)
      }
    }
    Object.assign(globalThis, { Notification: StubNotification, asked })
  }, answer)
  await opened.page.reload()
  return opened
}

const asked = (page: Page) => page.evaluate(() => (globalThis as unknown as { asked: Asked }).asked)

test('a level that one chooses asks the browser, once; a test arrives; the choice is kept', async () => {
  const { page, context, errors } = await alertsPage('granted')
  const level = page.getByLabel('Tell me of')
  await expect(level).toHaveValue('off')
  await expect(page.getByRole('button', { name: 'Send a test' })).toBeHidden()
  expect((await asked(page)).questions).toBe(0)
  await level.selectOption('medium and above')
  await expect(level).toHaveValue('medium')
  await level.selectOption('critical alerts')
  await expect(level).toHaveValue('critical')
  expect((await asked(page)).questions).toBe(1)
  await page.getByRole('button', { name: 'Send a test' }).click()
  expect((await asked(page)).shown).toEqual(['A test: Notifications arrive like this one.'])
  await page.reload()
  await expect(level).toHaveValue('critical')
  await level.selectOption('nothing')
  await expect(page.getByRole('button', { name: 'Send a test' })).toBeHidden()
  expect(errors).toEqual([])
  await context.close()
})

test('a refusal is said in words, and the browser is not asked again', async () => {
  const { page, context } = await alertsPage('denied')
  const level = page.getByLabel('Tell me of')
  await level.selectOption('high and above')
  const refusal = page.getByRole('alert').filter({ hasText: 'The browser refused.' })
  await expect(refusal).toContainText('Allow notifications for this page in its settings, then choose again')
  await expect(level).toHaveValue('off')
  await level.selectOption('low and above')
  await expect(refusal).toBeVisible()
  await expect(level).toHaveValue('off')
  expect((await asked(page)).questions).toBe(1)
  await context.close()
})

test('what was looked at waits no more, and stays under all', async () => {
  const { page, context } = await alertsPage('granted')
  const noticed = page.getByRole('region', { name: 'Noticed' })
  await expect(noticed.getByText('Stake grinding: stake moved')).toBeVisible()
  await expect(noticed.getByRole('button', { name: 'Waiting 1' })).toBeVisible()
  await noticed.getByRole('button', { name: 'Looked at' }).click()
  await expect(noticed.getByText('Nothing waits.')).toBeVisible()
  await page.reload()
  await expect(noticed.getByText('Nothing waits.')).toBeVisible()
  await noticed.getByRole('button', { name: 'All 1' }).click()
  await expect(noticed.getByText('Stake grinding: stake moved')).toBeVisible()
  await expect(noticed.getByText('looked at', { exact: true })).toBeVisible()
  await context.close()
})

test('an alert says what one may do, beside figures of how evenly power and rewards are shared', async () => {
  const { page, context } = await alertsPage('granted')
  const noticed = page.getByRole('region', { name: 'Noticed' })
  await expect(
    noticed.getByText('Nothing, unless it is your account: then let its stake rest.'),
  ).toBeVisible()
  const shared = page.getByRole('region', { name: 'How evenly it is shared' })
  await expect(shared.locator('dl')).toContainText(/As diverse as\s*5\.4 equal entities/)
  await expect(shared.locator('dl')).toContainText(/Base fee strays by\s*3\.1\s%\sin 20 blocks/)
  await context.close()
})
