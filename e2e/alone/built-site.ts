/** The built web app on this machine, with a network file of one's choice and nothing else around it. */
import path from 'node:path'
import { buildWebApp } from '../../cli/dev/web-build.ts'
import { startWebServer, type WebServer } from '../../cli/dev/web-server.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

export function startBuiltSite(port: number, network: () => unknown): Promise<WebServer> {
  return buildWebApp(ROOT, { signal: new AbortController().signal, say: console.log }).then(() =>
    startWebServer({ port, root: path.join(ROOT, 'dist'), network: () => JSON.stringify(network()) }),
  )
}
