/** What a browser downloads, compressed: until the largest first page is painted, and until its tab runs a node. The font is counted beside it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { buildWebApp } from '../../cli/dev/web-build.ts'
import { PROJECT_ROOT } from '../../cli/environment.ts'
import { bytesOf, readDownloads } from '../downloads.ts'
import { type Benchmark, rounded } from '../figure.ts'

const DIST = path.join(PROJECT_ROOT, 'dist')
const KB = 1_000

export const buildSize: Benchmark = {
  names: ['first_paint_kb', 'running_node_kb'],
  async run({ say }) {
    await buildWebApp(PROJECT_ROOT, { signal: new AbortController().signal, say })
    const { firstPaint, runningNode, fonts } = readDownloads(DIST)
    const pages = Object.values(firstPaint).toSorted(
      (one, other) => bytesOf(DIST, other) - bytesOf(DIST, one),
    )
    const fontBytes = [...fonts].reduce((sum, file) => sum + readFileSync(path.join(DIST, file)).length, 0)
    const figure = (name: string, files: ReadonlySet<string>) => ({
      name,
      value: rounded(bytesOf(DIST, files) / KB, 1),
      unit: 'kB gzip',
      detail: { files: files.size, fontKb: rounded(fontBytes / KB, 1) },
    })
    return [figure('first_paint_kb', pages[0]!), figure('running_node_kb', runningNode)]
  },
}
