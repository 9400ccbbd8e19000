/** What a browser must fetch: compressed bytes to the first paint and to a running node, read from the build itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { build } from 'vite'
import { bytesOf, type Downloads, FIRST_PAGES, readDownloads } from '../../bench/downloads.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** Bytes after gzip, of HTML, scripts and style sheets; fonts are shown over by the system's until they are there. */
const FIRST_PAINT_BYTES = 150_000
const RUNNING_NODE_BYTES = 450_000

let directory: string
let downloads: Downloads

test.describe.configure({ timeout: 180_000 })

test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'size-'))
  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    root: ROOT,
    logLevel: 'warn',
    build: { outDir: directory, emptyOutDir: true, sourcemap: false },
  })
  downloads = readDownloads(directory)
})

test.afterAll(async () => {
  await rm(directory, { recursive: true, force: true })
})

for (const page of FIRST_PAGES)
  test(`the first paint of ${page} is within its budget`, () => {
    const files = downloads.firstPaint[page]
    const bytes = bytesOf(directory, files)
    console.log(`first paint of ${page}: ${(bytes / 1000).toFixed(1)} kB gzip in ${files.size} files`)
    expect(bytes).toBeLessThanOrEqual(FIRST_PAINT_BYTES)
  })

test('a running node is within its budget, and nothing of it comes before the first paint', () => {
  const names = [...downloads.runningNode].map((file) => file.replace(/-[\w-]{8}\.js$/, ''))
  expect(names).toEqual(
    expect.arrayContaining([
      '/assets/start',
      '/assets/node-worker',
      '/assets/run-node',
      '/assets/overview-page',
    ]),
  )
  const bytes = bytesOf(directory, downloads.runningNode)
  console.log(`running node: ${(bytes / 1000).toFixed(1)} kB gzip`)
  expect(bytes).toBeLessThanOrEqual(RUNNING_NODE_BYTES)
  const first = Object.values(downloads.firstPaint).flatMap((files) => [...files])
  expect(first.filter((file) => /(?:start|node-worker|run-node)-/.test(file))).toEqual([])
})
