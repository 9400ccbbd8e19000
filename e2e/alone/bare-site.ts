/** The page without a dashboard, built and served on this machine. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'vite'
import { startWebServer, type WebServer } from '../../cli/dev/web-server.ts'

export async function startBareSite(port: number, network: () => unknown): Promise<WebServer> {
  const root = path.join(import.meta.dirname, 'bare-page')
  const outDir = await mkdtemp(path.join(tmpdir(), 'aitbc-bare-'))
  const output = { outDir, emptyOutDir: true, target: 'es2024' }
  await build({ root, configFile: false, logLevel: 'warn', build: output, worker: { format: 'es' } })
  const server = await startWebServer({ port, root: outDir, network: () => JSON.stringify(network()) })
  return {
    stop: async () => {
      await server.stop()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
