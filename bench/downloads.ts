/**
 * What a browser must fetch, read from a build: the page's files and all that they import before they run, a first page's
 * chunk, and for a running node its worker and what that loads at once. The one reading for the figures and for their limits.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

/** Pages that can be somebody's first, by the names of their chunks. */
export const FIRST_PAGES = ['overview-page', 'first-run-page'] as const
/** Chunks that a tab which runs the node loads by import() or as its worker. */
const NODE = /\/(?:start|node-worker|run-node)-[^/]*\.js$/

export interface Downloads {
  /** Files until a first page is painted: addresses from the build's root, fonts left out (text is painted without them). */
  readonly firstPaint: Readonly<Record<(typeof FIRST_PAGES)[number], ReadonlySet<string>>>
  /** Those until the tab runs a node, from the first page that needs most. */
  readonly runningNode: ReadonlySet<string>
  /** Fonts that the first paint asks for. */
  readonly fonts: ReadonlySet<string>
}

export function readDownloads(dist: string): Downloads {
  const assets = readdirSync(path.join(dist, 'assets')).map((name) => `/assets/${name}`)
  const entry = ['/index.html', ...linkedFiles(dist, '/index.html')]
  const isFont = (file: string) => file.endsWith('.woff2')
  const filesOf = (page: (typeof FIRST_PAGES)[number]) => {
    const chunks = assets.filter((file) => file.startsWith(`/assets/${page}-`) && /\.(?:js|css)$/.test(file))
    if (chunks.length === 0) throw new Error(`the build has no chunk called ${page}`)
    return withImports(
      dist,
      [...entry, ...chunks].filter((file) => !isFont(file)),
    )
  }
  const firstPaint = {
    'overview-page': filesOf('overview-page'),
    'first-run-page': filesOf('first-run-page'),
  }
  const largest = Object.values(firstPaint).toSorted(
    (one, other) => bytesOf(dist, other) - bytesOf(dist, one),
  )[0]!
  const node = assets.filter((file) => NODE.test(file))
  return {
    firstPaint,
    runningNode: withImports(dist, [...largest, ...node]),
    fonts: new Set(entry.filter(isFont)),
  }
}

/** Bytes after gzip. */
export function bytesOf(dist: string, files: Iterable<string>): number {
  let bytes = 0
  for (const file of files) bytes += gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length
  return bytes
}

function linkedFiles(dist: string, html: string): string[] {
  const text = readFileSync(path.join(dist, html), 'utf8')
  return [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!)
}

/** Static imports alone: what import() loads comes when it is needed. */
function withImports(dist: string, files: Iterable<string>): Set<string> {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    if (!file.endsWith('.js')) return
    const text = readFileSync(path.join(dist, file), 'utf8')
    for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*["'](\.[^"']+\.js)["']/g))
      visit(path.posix.join(path.posix.dirname(file), specifier!))
  }
  for (const file of files) visit(file)
  return found
}
