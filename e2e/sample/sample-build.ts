/** The sample as web apps, each built once before the tests that look at it. */
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'vite'

const ROOT = resolve(import.meta.dirname, '../..')
const CONFIG = join(ROOT, 'vite.config.ts')

/** By what each puts in the place of sample-node.ts. */
const CONNECTIONS = {
  /** What the frame, Overview and Consensus ask for. */
  frame: 'sample-node.ts',
  /** With what Mesh, Validators, Explorer, Wallet and Node ask for beyond it. */
  more: 'sample-more.ts',
  /** With a real node's blocks. */
  verify: 'sample-verify.ts',
} as const

export type SampleName = keyof typeof CONNECTIONS
export const SAMPLES = Object.keys(CONNECTIONS) as SampleName[]

/** How vite builds it, and serves what was built. */
export function sampleSettings(name: SampleName) {
  const outDir = join(ROOT, 'node_modules', '.cache', 'sample', name)
  return { configFile: CONFIG, root: ROOT, logLevel: 'warn', build: { outDir } } as const
}

export async function buildSample(name: SampleName): Promise<void> {
  const settings = sampleSettings(name)
  const input = join(import.meta.dirname, 'index.html')
  await build({
    ...settings,
    plugins: [connectBy(CONNECTIONS[name])],
    build: { ...settings.build, emptyOutDir: true, sourcemap: false, rolldownOptions: { input } },
  })
}

/** For the sample's entry, and for nobody else. */
function connectBy(file: string): Plugin {
  return {
    name: 'sample-connection',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source === './sample-node.ts' && importer?.endsWith('/e2e/sample/sample.tsx') === true
        ? join(import.meta.dirname, file)
        : null,
  }
}
