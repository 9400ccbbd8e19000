/** What a browser must fetch: compressed bytes to the first paint and to a running node, read from the build itself. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { build, type Manifest } from 'vite'

const ROOT = resolve(import.meta.dirname, '../..')
/** Bytes after gzip, of HTML, scripts and style sheets; fonts are shown over by the system's until they are there. */
const FIRST_PAINT_BYTES = 150_000
const RUNNING_NODE_BYTES = 450_000
const ENTRY = 'index.html'
/** Pages that can be somebody's first. */
const FIRST_PAGES = ['web/pages/overview/overview-page.tsx', 'web/pages/first-run/first-run-page.tsx']

let directory: string
let manifest: Manifest

test.describe.configure({ timeout: 180_000 })

test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'size-'))
  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    root: ROOT,
    logLevel: 'warn',
    build: { outDir: directory, emptyOutDir: true, sourcemap: false, manifest: 'manifest.json' },
  })
  manifest = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')) as Manifest
})

test.afterAll(async () => {
  await rm(directory, { recursive: true, force: true })
})

async function compressed(file: string): Promise<number> {
  return gzipSync(await readFile(join(directory, file)), { level: 9 }).length
}

/** A chunk's files with those of all that it imports before it runs. */
function filesOf(key: string, seen: Set<string> = new Set()): Set<string> {
  const chunk = manifest[key]!
  if (seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const style of chunk.css ?? []) seen.add(style)
  for (const imported of chunk.imports ?? []) filesOf(imported, seen)
  return seen
}

/** Scripts that a file names and the manifest does not: workers, and what they load. */
async function workersOf(files: Iterable<string>): Promise<Set<string>> {
  const found = new Set<string>()
  const queue = [...files]
  for (let file = queue.pop(); file; file = queue.pop()) {
    const text = await readFile(join(directory, file), 'utf8')
    // Workers by their address, the node by the worker, and what either imports before it runs; the rest comes when it is asked for.
    const named = text.matchAll(/(?:assets\/|\.\/)((?:node-worker|run-node)-[\w-]+\.js)/g)
    const imported = found.has(file) ? text.matchAll(/(?:from|import)\s*["']\.\/([\w-]+\.js)["']/g) : []
    for (const [, name] of [...named, ...imported]) {
      const path = `assets/${name}`
      if (!found.has(path)) queue.push(path)
      found.add(path)
    }
  }
  return found
}

async function total(files: Iterable<string>): Promise<number> {
  let bytes = 0
  for (const file of files) bytes += await compressed(file)
  return bytes
}

for (const page of FIRST_PAGES)
  test(`the first paint of ${page} is within its budget`, async () => {
    const files = new Set([ENTRY, ...filesOf(ENTRY), ...filesOf(page)])
    const bytes = await total(files)
    console.log(`first paint of ${page}: ${(bytes / 1000).toFixed(1)} kB gzip in ${files.size} files`)
    expect(bytes).toBeLessThanOrEqual(FIRST_PAINT_BYTES)
  })

test('a running node is within its budget, and nothing of it comes before the first paint', async () => {
  const page = new Set([ENTRY, ...filesOf(ENTRY), ...filesOf(FIRST_PAGES[0]!)])
  const start = filesOf('web/worker/start.ts')
  const workers = await workersOf(start)
  const names = [...workers].map((file) => file.replace(/-[\w-]{8}\.js$/, ''))
  expect(names).toEqual(expect.arrayContaining(['assets/node-worker', 'assets/run-node']))
  const bytes = await total(new Set([...page, ...start, ...workers]))
  console.log(`running node: ${(bytes / 1000).toFixed(1)} kB gzip`)
  expect(bytes).toBeLessThanOrEqual(RUNNING_NODE_BYTES)
  expect([...page].filter((file) => /(?:node-worker|run-node)-/.test(file))).toEqual([])
})
