/** A person at a tab: what they see and press, nothing else. */
import { type BrowserContext, expect, type Page } from '@playwright/test'
import type { AddressString, HashString } from '../../node-core/node/node-api.ts'

const DECIDED_TIMEOUT_MS = 120_000

export class Tab {
  readonly page: Page
  readonly #url: string

  private constructor(page: Page, url: string) {
    this.page = page
    this.#url = url
  }

  static async open(context: BrowserContext, url: string): Promise<Tab> {
    const page = await context.newPage()
    await page.goto(url)
    return new Tab(page, url)
  }

  /** Past the first page, and with money of the faucet. */
  static async openFunded(context: BrowserContext, url: string): Promise<Tab> {
    const tab = await Tab.open(context, url)
    await tab.firstRun()
    await tab.askFaucet()
    return tab
  }

  /** From the first page to the dashboard, with a key. */
  async firstRun(): Promise<void> {
    await expect(this.page.getByText('This tab is a node.')).toBeVisible({ timeout: 60_000 })
    await this.page.getByRole('button', { name: 'Look around' }).click()
    await expect(this.page.getByRole('navigation').first()).toBeVisible()
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(`${this.#url}${path}`)
  }

  /** By the navigation, within the page: its node goes on. */
  async turnTo(name: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name, exact: true }).first().click()
  }

  /** What this tab is, on the Node page; the node starts again in place. */
  async choose(mode: 'Light node' | 'Observer'): Promise<void> {
    await this.turnTo('Node')
    const choice = this.page.getByRole('button', { name: mode, exact: true })
    await choice.click()
    await expect(choice).toHaveAttribute('aria-pressed', 'true', { timeout: 30_000 })
  }

  async askFaucet(): Promise<void> {
    await this.visit('/wallet')
    await this.page.getByRole('button', { name: 'Ask the faucet' }).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Ask for it' }).click()
    await dialog.getByRole('button', { name: 'Done' }).click({ timeout: 60_000 })
    await expect(this.page.getByRole('button', { name: 'Send', exact: true })).toBeEnabled({
      timeout: 60_000,
    })
  }

  async becomeValidator(name: string, stake: string): Promise<void> {
    await this.visit('/validators')
    await this.page.getByRole('button', { name: 'Become a validator' }).first().click()
    const dialog = this.page.getByRole('dialog')
    const next = () => dialog.getByRole('button', { name: 'Next' }).click()
    await dialog.getByLabel('Name').fill(name)
    await next()
    await dialog.getByLabel('Stake').fill(stake)
    await next()
    await next()
    await dialog.getByRole('button', { name: 'Sign and register' }).click()
    await dialog.getByRole('button', { name: 'Done' }).click({ timeout: 60_000 })
  }

  /** The address of the account in use, on the wallet's page. */
  async address(): Promise<AddressString> {
    await this.turnTo('Wallet')
    await this.page.getByRole('button', { name: 'Receive', exact: true }).click()
    const dialog = this.page.getByRole('dialog', { name: 'Receive AIT' })
    const address = await dialog.getByText(/^ait1[0-9a-z]{38}$/).textContent()
    await this.page.keyboard.press('Escape')
    return address!
  }

  /** From the validators' page to the review of a delegation. */
  async reviewDelegation(to: string, amount: string): Promise<void> {
    await this.turnTo('Validators & stake')
    await this.page.getByRole('button', { name: `Delegate to ${to}` }).click()
    const dialog = this.page.getByRole('dialog', { name: 'Delegate' })
    await dialog.getByLabel('Amount').fill(amount)
    await dialog.getByRole('button', { name: 'Review' }).click()
  }

  /** Signs what the open dialog reviews and closes it once a block has decided it. Resolves with the transaction's hash. */
  async sign(button: string): Promise<HashString> {
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('button', { name: button, exact: true }).click()
    await expect(dialog.getByText(/^Decided in block/)).toBeVisible({ timeout: DECIDED_TIMEOUT_MS })
    const path = await dialog.getByRole('link', { name: 'Show it' }).getAttribute('href')
    await dialog.getByRole('button', { name: 'Done' }).click()
    return path!.split('/').at(-1)!
  }

  async send(to: string, amount: string): Promise<void> {
    await this.turnTo('Wallet')
    await this.page.getByRole('button', { name: 'Send', exact: true }).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('To').fill(to)
    await dialog.getByLabel('Amount').fill(amount)
    await dialog.getByRole('button', { name: 'Review' }).click()
    await dialog.getByRole('button', { name: 'Sign and send' }).click()
    await dialog.getByRole('button', { name: 'Done' }).click({ timeout: 60_000 })
  }

  /** Its renderer process ends at once, as when the system kills it. */
  async crash(): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page)
    session.send('Page.crash').catch(() => undefined)
    await this.page.waitForEvent('crash')
  }

  /** The height in the status bar. */
  async height(): Promise<number> {
    const text = await this.page.getByRole('contentinfo').innerText()
    const height = /Height\s+([\d,]+)/.exec(text)?.[1]
    return height === undefined ? 0 : Number(height.replaceAll(',', ''))
  }

  /** Until the height has grown by `blocks`. */
  async untilGrown(blocks: number, timeoutMs = 60_000): Promise<void> {
    const from = await this.height()
    await expect.poll(() => this.height(), { timeout: timeoutMs }).toBeGreaterThanOrEqual(from + blocks)
  }
}
