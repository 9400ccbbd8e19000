/**
 * What a browser downloads, compressed: until the first page is painted, and until its tab runs a node. Read from the build:
 * the page's files and all that they import statically, then the first page's chunk, the worker and what it loads. The font
 * is counted beside it: text is painted without it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildWebApp } from '../../cli/dev/web-build.ts'
import { PROJECT_ROOT } from '../../cli/environment.ts'
import { type Benchmark, rounded } from '../figure.ts'

const DIST = path.join(PROJECT_ROOT, 'dist')
const KB = 1_000
/** Chunks that the first page loads by import(), and those of a tab that runs the node. */
const FIRST_PAGE = /\/first-run-page-[^/]*\.(?:js|css)$/
const NODE = /\/(?:start|node-worker|run-node)-[^/]*\.js$/

export const buildSize: Benchmark = {
  names: ['first_paint_kb', 'running_node_kb'],
  async run({ say }) {
    await buildWebApp(PROJECT_ROOT, { signal: new AbortController().signal, say })
    const assets = readdirSync(path.join(DIST, 'assets')).map((name) => `/assets/${name}`)
    const page = new Set(['/index.html', ...linkedFiles('/index.html')])
    for (const chunk of assets.filter((file) => FIRST_PAGE.test(file))) page.add(chunk)
    const firstPaint = withImports(page)
    const running = withImports(new Set([...firstPaint, ...assets.filter((file) => NODE.test(file))]))
    return [figure('first_paint_kb', firstPaint), figure('running_node_kb', running)]
  },
}

function figure(name: string, files: ReadonlySet<string>) {
  const isFont = (file: string) => file.endsWith('.woff2')
  const read = (file: string) => readFileSync(path.join(DIST, file))
  const kb = (sizes: readonly number[]) => rounded(sizes.reduce((sum, size) => sum + size, 0) / KB, 1)
  const code = [...files].filter((file) => !isFont(file))
  const fontKb = kb([...files].filter(isFont).map((file) => read(file).length))
  const value = kb(code.map((file) => gzipSync(read(file)).length))
  return { name, value, unit: 'kB gzip', detail: { files: code.length, fontKb } }
}

function linkedFiles(html: string): string[] {
  const text = readFileSync(path.join(DIST, html), 'utf8')
  return [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!)
}

/** Static imports alone: what import() loads comes when it is needed. */
function withImports(files: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    if (!file.endsWith('.js')) return
    const text = readFileSync(path.join(DIST, file), 'utf8')
    for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*["'](\.[^"']+\.js)["']/g))
      visit(path.posix.join(path.posix.dirname(file), specifier!))
  }
  for (const file of files) visit(file)
  return found
}
