/** The browser adapters in a real browser: storage, journal, keys, and the election of the tab that signs. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { JOURNAL_BYTES } from '../../node-core/adapters/limits.ts'
import { browserLaunchOptions } from '../browser.ts'
import { serveHarness } from './serve-harness.ts'
import type { Outcome } from './test-page.ts'

test.use({ launchOptions: browserLaunchOptions() })
test.describe.configure({ timeout: 120_000 })

const PASSWORD = 'a password of some length'
let server: Awaited<ReturnType<typeof serveHarness>>

test.beforeAll(async () => {
  server = await serveHarness()
})
test.afterAll(() => server.close())
test.beforeEach(({ page }) => page.goto(server.url))

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(server.url)
  return page
}

function ask(page: Page, command: string, ...parameters: readonly unknown[]): Promise<Outcome> {
  return page.evaluate(([name, list]) => window.harness.ask(name, ...list), [command, parameters] as const)
}

async function value<T>(page: Page, command: string, ...parameters: readonly unknown[]): Promise<T> {
  const outcome = await ask(page, command, ...parameters)
  expect(outcome.code, `${command} was refused: ${JSON.stringify(outcome.data)}`).toBeUndefined()
  return outcome.value as T
}

async function code(
  page: Page,
  command: string,
  ...parameters: readonly unknown[]
): Promise<string | undefined> {
  return (await ask(page, command, ...parameters)).code
}

test('every storage and journal case holds in this browser', async ({ page }) => {
  const outcomes = await value<Record<string, string | null>>(page, 'contracts')
  expect(Object.entries(outcomes).filter(([, failure]) => failure !== null)).toEqual([])
  expect(Object.keys(outcomes).length).toBeGreaterThan(50)
})

test.describe('the journal', () => {
  test('survives a reload and loses a torn tail alone', async ({ page }) => {
    expect(await value(page, 'openJournal', 'votes')).toBe('opfs')
    await value(page, 'append', 'one')
    await value(page, 'append', 'two')
    await page.reload()
    expect(await value(page, 'openJournal', 'votes')).toBe('opfs')
    expect(await value(page, 'readJournal')).toEqual(['one', 'two'])
    await value(page, 'append', 'torn')
    await value(page, 'closeJournal')
    await value(page, 'cutJournal', 'votes', 2)
    await page.reload()
    await value(page, 'openJournal', 'votes')
    expect(await value(page, 'readJournal')).toEqual(['one', 'two'])
    await value(page, 'append', 'three')
    expect(await value(page, 'readJournal')).toEqual(['one', 'two', 'three'])
  })

  test('keeps every acknowledged record of a worker that was killed between appends and replaces', async ({
    page,
  }) => {
    for (let round = 0; round < 3; round++) {
      await value(page, 'openJournal', 'killed')
      await value(page, 'replace', '0')
      await value(page, 'appendWithoutEnd')
      await expect.poll(() => value<number>(page, 'acknowledged')).toBeGreaterThan(25)
      const last = await value<number>(page, 'acknowledged')
      await page.evaluate(() => window.harness.killWorker())
      await value(page, 'openJournal', 'killed')
      const numbers = (await value<string[]>(page, 'readJournal')).map(Number)
      expect(numbers.at(-1)).toBeGreaterThanOrEqual(last)
      expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i))
      await value(page, 'closeJournal')
      await page.evaluate(() => window.harness.killWorker())
    }
  })

  test('holds the old records or the new one after a crash anywhere inside a replacement', async ({
    page,
  }) => {
    const found = await value<string[][]>(page, 'interruptedReplacements', 'replaced')
    expect(found.length).toBeGreaterThan(20)
    expect(found.at(-1)).toEqual(['summary'])
    for (const records of found.slice(0, -1)) expect(records).toEqual(['one', 'two'])
  })

  test('is refused to a second tab, which begins no other one', async ({ page, context }) => {
    await value(page, 'openJournal', 'held')
    await value(page, 'append', 'mine')
    const second = await openTab(context)
    expect(await code(second, 'openJournal', 'held', 200)).toBe('storage-blocked')
    expect(await code(second, 'openJournalWithoutFiles', 'held')).toBe('storage-lost')
    await page.close()
    const third = await openTab(context)
    expect(await value(third, 'openJournal', 'held')).toBe('opfs')
    expect(await value(third, 'readJournal')).toEqual(['mine'])
  })

  for (const [open, home] of [
    ['openJournal', 'opfs'],
    ['openJournalWithoutFiles', 'indexeddb'],
  ] as const)
    test(`that is full in ${home} refuses another record, keeps what it has, and takes a replacement`, async ({
      page,
    }) => {
      expect(await value(page, open, 'full')).toBe(home)
      const filled = await value<number>(page, 'fillJournal')
      // What is left is less than a record of nothing takes.
      expect(filled).toBeGreaterThan(JOURNAL_BYTES - 4_096)
      expect(filled).toBeLessThan(JOURNAL_BYTES)
      expect(await code(page, 'append', 'one more')).toBe('storage-full')
      await page.reload()
      expect(await value(page, open, 'full')).toBe(home)
      expect(await value(page, 'journalBytes')).toBe(filled)
      expect(await code(page, 'append', 'one more')).toBe('storage-full')
      await value(page, 'replace', 'short')
      await value(page, 'append', 'next')
      expect(await value(page, 'readJournal')).toEqual(['short', 'next'])
    })

  test('lives in IndexedDB where there are no synchronous files, and stays there', async ({ page }) => {
    expect(await value(page, 'openJournalWithoutFiles', 'elsewhere')).toBe('indexeddb')
    await page.reload()
    expect(await value(page, 'openJournal', 'elsewhere')).toBe('indexeddb')
    await value(page, 'append', 'kept')
    await page.reload()
    expect(await value(page, 'openJournal', 'elsewhere')).toBe('indexeddb')
    expect(await value(page, 'readJournal')).toEqual(['kept'])
    await value(page, 'closeJournal')
    await value(page, 'removeJournal', 'elsewhere')
    expect(await value(page, 'openJournal', 'elsewhere')).toBe('opfs')
    expect(await value(page, 'readJournal')).toEqual([])
  })
})

test.describe('storage', () => {
  test('says by code that it is full, keeps what it has, and goes on when there is room', async ({
    page,
    context,
  }) => {
    const MEGABYTE = 1024 * 1024
    // Chromium remembers for a while how much room it saw: the limit is set before the first write.
    const control = await context.newCDPSession(page)
    const origin = new URL(server.url).origin
    await control.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 2 * MEGABYTE })
    await value(page, 'openStorage', 'chain')
    await value(page, 'put', 'small', 1_000)
    expect(await code(page, 'put', 'large', 20 * MEGABYTE)).toBe('storage-full')
    expect(await value(page, 'size', 'small')).toBe(1_000)
    expect(await value(page, 'size', 'large')).toBeNull()
    await control.send('Storage.overrideQuotaForOrigin', { origin })
    await value(page, 'put', 'large', 20 * MEGABYTE)
    expect(await value(page, 'size', 'large')).toBe(20 * MEGABYTE)
  })

  test('says by code that its database is gone, and that an older tab blocks it', async ({
    page,
    context,
  }) => {
    await value(page, 'openStorage', 'chain')
    await value(page, 'put', 'small', 10)
    const other = await openTab(context)
    await value(other, 'deleteDatabase', 'chain')
    expect(await code(page, 'put', 'small', 10)).toBe('storage-lost')
    expect(await code(page, 'size', 'small')).toBe('storage-lost')
    expect(await code(page, 'openBehindOlder', 'older')).toBe('storage-blocked')
  })

  test('tells used and allowed bytes, and whether they may be evicted', async ({ page }) => {
    await value(page, 'openStorage', 'chain')
    await value(page, 'put', 'small', 100_000)
    const usage = await value<{ usedBytes: number; quotaBytes: number; persistent: boolean }>(page, 'usage')
    expect(usage.quotaBytes).toBeGreaterThan(usage.usedBytes)
    const granted = await page.evaluate(() => window.harness.persist())
    const after = await value<{ persistent: boolean }>(page, 'usage')
    expect(after.persistent).toBe(granted)
  })
})

test.describe('keys', () => {
  interface Account {
    readonly address: string
    readonly name: string
    readonly active: boolean
    readonly sealed: boolean
    readonly backedUpAtMs: number | null
  }

  test('are chosen from an offer, and are the same after a reload', async ({ page }) => {
    await value(page, 'openKeystore', 'keys')
    const offered = await value<{ choice: string; address: string }[]>(page, 'keystore', 'offer', 3)
    expect(new Set(offered.map(({ address }) => address)).size).toBe(3)
    const chosen = await value<Account>(page, 'keystore', 'choose', offered[1]!.choice, ' Mine ')
    expect(chosen).toMatchObject({ address: offered[1]!.address, name: 'Mine', active: true, sealed: false })
    expect(await code(page, 'keystore', 'choose', offered[0]!.choice, 'Other')).toBe('choice-unknown')
    const signed = await value<{ valid: boolean }>(page, 'signWithAccount', chosen.address)
    const peerSeed = await value<string>(page, 'peerSeed')
    const validator = await value<object>(page, 'validatorKeys', chosen.address)
    expect(signed.valid).toBe(true)
    expect(validator).toMatchObject({ validVote: true, validRandomness: true })
    await page.reload()
    await value(page, 'openKeystore', 'keys')
    expect(await value(page, 'keystore', 'list')).toEqual([chosen])
    expect(await value(page, 'signWithAccount', chosen.address)).toEqual(signed)
    expect(await value(page, 'peerSeed')).toBe(peerSeed)
    expect(await value(page, 'validatorKeys', chosen.address)).toEqual(validator)
  })

  test('lie in the database as keys that cannot be exported and seeds that are encrypted', async ({
    page,
  }) => {
    await value(page, 'openKeystore', 'keys')
    const { address } = await value<Account>(page, 'keystore', 'create', 'Mine')
    await value(page, 'validatorKeys', address)
    const found = await value<{ extractable: boolean[]; bytesOfSeedLength: number }>(
      page,
      'inspectKeys',
      'keys',
    )
    expect(found.extractable).toEqual([false, false, false])
    expect(found.bytesOfSeedLength).toBe(0)
  })

  test('go to another browser by a backup, with the right password alone', async ({ page, browser }) => {
    await value(page, 'openKeystore', 'keys')
    const first = await value<Account>(page, 'keystore', 'create', 'First')
    const { address } = await value<Account>(page, 'keystore', 'create', 'Second')
    expect((await value<Account[]>(page, 'keystore', 'list')).map(({ active }) => active)).toEqual([
      false,
      true,
    ])
    const validator = await value<object>(page, 'validatorKeys', address)
    expect(await code(page, 'keystore', 'backup', 'too short')).toBe('password-too-short')
    const { fileName, text } = await value<{ fileName: string; text: string }>(
      page,
      'keystore',
      'backup',
      PASSWORD,
    )
    expect(fileName).toMatch(/^aitbc-ait1[a-z0-9]+-\d{4}-\d\d-\d\d\.json$/)
    const listed = await value<Account[]>(page, 'keystore', 'list')
    expect(listed.map(({ backedUpAtMs }) => backedUpAtMs !== null)).toEqual([false, true])
    expect(await value(page, 'keystore', 'rehearse', text, PASSWORD)).toEqual({ address })
    expect(await code(page, 'keystore', 'rehearse', text, 'another long password')).toBe('password-wrong')
    expect(await code(page, 'keystore', 'rehearse', text.slice(0, -9), PASSWORD)).toBe('backup-damaged')
    expect(await code(page, 'keystore', 'restore', text, PASSWORD, 'Again')).toBe('account-exists')

    const elsewhere = await browser.newContext()
    const other = await openTab(elsewhere)
    await value(other, 'openKeystore', 'keys')
    expect(await code(other, 'keystore', 'restore', text, 'another long password', 'Mine')).toBe(
      'password-wrong',
    )
    expect(await value(other, 'keystore', 'list')).toEqual([])
    expect(await value(other, 'keystore', 'restore', text, PASSWORD, 'Mine')).toMatchObject({
      address,
      active: true,
    })
    expect(await value(other, 'validatorKeys', address)).toEqual(validator)
    expect(await value(other, 'signWithAccount', address)).toMatchObject({ valid: true })
    expect(await code(other, 'signWithAccount', first.address)).toBe('account-missing')
    await elsewhere.close()
  })

  test('cannot leave a sealed account, which still signs after a reload', async ({ page }) => {
    await value(page, 'openKeystore', 'keys')
    const { address } = await value<Account>(page, 'keystore', 'create', 'Mine')
    const validator = await value<object>(page, 'validatorKeys', address)
    expect(await value(page, 'keystore', 'seal', address)).toMatchObject({ sealed: true })
    expect(await code(page, 'keystore', 'backup', PASSWORD)).toBe('account-sealed')
    await page.reload()
    await value(page, 'openKeystore', 'keys')
    expect(await value(page, 'signWithAccount', address)).toMatchObject({ valid: true })
    expect(await value(page, 'validatorKeys', address)).toEqual(validator)
  })

  test('a backup no longer counts once validator keys are made after it', async ({ page }) => {
    await value(page, 'openKeystore', 'keys')
    const { address } = await value<Account>(page, 'keystore', 'create', 'Mine')
    await value(page, 'keystore', 'backup', PASSWORD)
    const twice = await Promise.all([
      value(page, 'validatorKeys', address),
      value(page, 'validatorKeys', address),
    ])
    expect(twice[0]).toEqual(twice[1])
    expect(await value(page, 'keystore', 'list')).toMatchObject([{ backedUpAtMs: null }])
  })

  test('are rotated: the next ones stay the same until the chain has them, and old ones vote meanwhile', async ({
    page,
    browser,
  }) => {
    interface Pair {
      readonly validator: string
      readonly randomness: string
    }
    await value(page, 'openKeystore', 'keys')
    const { address } = await value<Account>(page, 'keystore', 'create', 'Mine')
    const first = await value<Pair>(page, 'validatorKeys', address)
    await value(page, 'keystore', 'backup', PASSWORD)
    const second = await value<Pair>(page, 'validatorKeys', address, first.validator)
    expect(second).toMatchObject({ validVote: true, validRandomness: true })
    expect(second.validator).not.toBe(first.validator)
    expect(await value(page, 'keystore', 'list')).toMatchObject([{ backedUpAtMs: null }])

    const { text } = await value<{ text: string }>(page, 'keystore', 'backup', PASSWORD)
    const elsewhere = await browser.newContext()
    const other = await openTab(elsewhere)
    await value(other, 'openKeystore', 'keys')
    await value(other, 'keystore', 'restore', text, PASSWORD, 'Mine')
    await page.reload()
    await value(page, 'openKeystore', 'keys')
    for (const where of [page, other]) {
      expect(await value(where, 'validatorKeys', address, first.validator)).toEqual(second)
      for (const pair of [first, second])
        expect(await value(where, 'randomnessOf', address, pair.validator)).toBe(pair.randomness)
      const third = await value<Pair>(where, 'validatorKeys', address, second.validator)
      expect(await value(where, 'randomnessOf', address, third.validator)).toBe(third.randomness)
      expect(await value(where, 'randomnessOf', address, second.validator)).toBe(second.randomness)
      expect(await value(where, 'randomnessOf', address, first.validator)).toBeNull()
    }
    await elsewhere.close()
  })

  test('are refused by code', async ({ page }) => {
    expect(await code(page, 'openKeystoreWithoutEd25519', 'keys')).toBe('ed25519-missing')
    await value(page, 'openKeystore', 'keys')
    expect(await code(page, 'keystore', 'backup', PASSWORD)).toBe('account-missing')
    expect(await code(page, 'keystore', 'activate', 'ait1nobody')).toBe('account-missing')
    expect(await code(page, 'keystore', 'create', '  ')).toBe('name-invalid')
    expect(await code(page, 'keystore', 'offer', 33)).toBe('offer-too-large')
  })

  const vectors = path.resolve(import.meta.dirname, '../../../shared/vectors')
  const present = existsSync(vectors)
  if (!present) console.info('the public Ed25519 vectors are not on this machine: passed over')
  const withVectors = present ? test : test.skip
  withVectors('signatures get the same verdicts here as the public vectors say', async ({ page }) => {
    const read = (name: string): unknown => JSON.parse(readFileSync(path.join(vectors, name), 'utf8'))
    const reports = await value<unknown>(
      page,
      'vectors',
      read('wycheproof-ed25519.json'),
      read('ed25519-speccheck.json'),
    )
    const right = { mismatches: [], total: 163 }
    expect(reports).toEqual({ verifier: right, batches: right })
  })
})

test.describe('the signing tab', () => {
  const role = (page: Page) => expect.poll(() => page.evaluate(() => window.harness.role()))
  const call = (page: Page, method: string) => page.evaluate((name) => window.harness.call(name), method)
  const heights = (page: Page) => page.evaluate(() => window.harness.heights())

  async function twoTabs(context: BrowserContext, page: Page): Promise<Page> {
    await page.evaluate(() => window.harness.stand('first'))
    await role(page).toBe('leader')
    const view = await openTab(context)
    await view.evaluate(() => window.harness.stand('second'))
    await role(view).toBe('view')
    return view
  }

  test("is one of them; the other's calls, wallet calls, refusals and events come from its node", async ({
    page,
    context,
  }) => {
    const view = await twoTabs(context, page)
    expect(await call(view, 'chain_head')).toMatchObject({ value: { by: 'first', method: 'chain_head' } })
    const accounts = await view.evaluate(() => window.harness.walletCall('wallet_accounts'))
    expect(accounts).toMatchObject({ value: { by: 'first', method: 'wallet_accounts' } })
    expect(await call(view, 'chain_proof')).toEqual({ code: 'pruned', data: { oldest: 3 } })
    await call(page, 'chain_blocks')
    await call(view, 'chain_blocks')
    await expect.poll(() => heights(view)).toEqual([1, 2])
    await expect.poll(() => heights(page)).toEqual([1, 2])
  })

  test('is taken over when it closes: what was in flight is rejected, subscriptions go on', async ({
    page,
    context,
  }) => {
    const view = await twoTabs(context, page)
    await call(view, 'chain_blocks')
    await expect.poll(() => heights(view)).toEqual([1])
    const inFlight = call(view, 'chain_block')
    await call(view, 'chain_head')
    await page.close()
    expect(await inFlight).toMatchObject({ code: 'leader-changed' })
    await role(view).toBe('leader')
    expect(await call(view, 'chain_head')).toMatchObject({ value: { by: 'second', listeners: 1 } })
    await call(view, 'chain_blocks')
    await expect.poll(() => heights(view)).toEqual([1, 1])
  })

  test('is taken over when its renderer crashes, and the third tab follows the second', async ({
    page,
    context,
  }) => {
    const view = await twoTabs(context, page)
    const third = await openTab(context)
    await third.evaluate(() => window.harness.stand('third'))
    await role(third).toBe('view')
    const inFlight = call(third, 'chain_block')
    await call(third, 'chain_head')
    const control = await context.newCDPSession(page)
    // The answer never comes: the process that would send it is gone.
    control.send('Page.crash').catch(() => undefined)
    await role(view).toBe('leader')
    expect(await inFlight).toMatchObject({ code: 'leader-changed' })
    await role(third).toBe('view')
    expect(await call(third, 'chain_head')).toMatchObject({ value: { by: 'second', listeners: 2 } })
  })

  test('drops the subscriptions of a view that closed', async ({ page, context }) => {
    const view = await twoTabs(context, page)
    await call(view, 'chain_head')
    expect(await call(page, 'chain_head')).toMatchObject({ value: { listeners: 2 } })
    await view.close()
    await expect.poll(async () => (await call(page, 'chain_head')).value).toMatchObject({ listeners: 1 })
  })

  test('leaves when it is told to, and hands over when its node ends by itself', async ({
    page,
    context,
  }) => {
    const view = await twoTabs(context, page)
    await page.evaluate(() => window.harness.endNode())
    await role(view).toBe('leader')
    await role(page).toBe('view')
    expect(await call(page, 'chain_head')).toMatchObject({ value: { by: 'second' } })
    await view.evaluate(() => window.harness.leave())
    await role(page).toBe('leader')
    expect(await call(page, 'chain_head')).toMatchObject({ value: { by: 'first' } })
  })
})
