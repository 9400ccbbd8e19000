/** The sample network served on a port of its own, with a browser to look at it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page, test } from '@playwright/test'
import { type PreviewServer, preview } from 'vite'
import { browserLaunchOptions } from '../browser.ts'
import { type SampleName, sampleSettings } from './sample-build.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** So tall that the sticky bars cover nothing of the page. */
const TALL_PX = 5_000

export const SHOTS = join(ROOT, 'test-results', 'shots')
export const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }
export const THEMES = ['light', 'dark'] as const

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the page's console and scripts. */
  readonly errors: readonly string[]
}

type ContextOptions = NonNullable<Parameters<Browser['newContext']>[0]>

export class SampleSite {
  /** For files of a test; gone after it. */
  readonly directory: string
  readonly #server: PreviewServer
  readonly #browser: Browser

  private constructor(directory: string, server: PreviewServer, browser: Browser) {
    this.directory = directory
    this.#server = server
    this.#browser = browser
  }

  static async start(name: SampleName): Promise<SampleSite> {
    const directory = await mkdtemp(join(tmpdir(), 'sample-'))
    const server = await preview({
      ...sampleSettings(name),
      preview: { port: 0, strictPort: true, host: '127.0.0.1' },
    })
    return new SampleSite(directory, server, await chromium.launch(browserLaunchOptions()))
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await this.#server.close()
    await rm(this.directory, { recursive: true, force: true })
  }

  /** A page of the sample: its path in the app, and the sample's own switches. */
  async open(path: string, query = '', options: ContextOptions = {}): Promise<Opened> {
    const context = await this.#browser.newContext({ viewport: DESKTOP, ...options })
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    const address = this.#server.httpServer.address()
    if (address === null || typeof address === 'string') throw new Error('the sample is not served')
    await page.goto(`http://127.0.0.1:${address.port}/e2e/sample/index.html${query}#${path}`)
    return { page, context, errors }
  }
}

/** For the tests of one file: served before them, gone after them. */
export function servedSample(name: SampleName): () => SampleSite {
  let site: SampleSite | null = null
  test.beforeAll(async () => {
    site = await SampleSite.start(name)
  })
  test.afterAll(() => site?.stop())
  return () => site!
}

/** Broken rules of accessibility, with the elements that break them; leaves the window tall. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.setViewportSize({ width: page.viewportSize()!.width, height: TALL_PX })
  const found = await new AxeBuilder({ page }).withTags(RULES).analyze()
  return found.violations.map(
    (violation) => `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 140)).join(' | ')}`,
  )
}
