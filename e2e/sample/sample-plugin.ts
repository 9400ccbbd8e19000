import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Puts sample-more.ts in the place of sample-node.ts for the sample's entry, and for nobody else. */
export function moreSample(): Plugin {
  return {
    name: 'more-sample',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source === './sample-node.ts' && importer?.endsWith('/e2e/sample/sample.tsx') === true
        ? join(import.meta.dirname, 'sample-more.ts')
        : null,
  }
}
