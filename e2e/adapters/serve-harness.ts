/** Builds the test page and serves it on a free port of this machine: a secure context, as the adapters need. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, preview } from 'vite'

export async function serveHarness(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const root = import.meta.dirname
  const outDir = await mkdtemp(path.join(tmpdir(), 'aitbc-adapters-'))
  const shared = { root, configFile: false, logLevel: 'warn' } as const
  const output = { outDir, emptyOutDir: true, target: 'es2024', minify: false }
  await build({ ...shared, build: output, worker: { format: 'es' } })
  const server = await preview({ ...shared, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error('the preview server has no address')
  return {
    url,
    close: async () => {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
