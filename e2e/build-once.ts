/** Before any test: the web app is built, so that no two workers of Playwright find it missing and build it at once. */
import { buildWebApp } from '../cli/dev/web-build.ts'
import { PROJECT_ROOT } from '../cli/environment.ts'

export default async function buildOnce(): Promise<void> {
  await buildWebApp(PROJECT_ROOT, { signal: new AbortController().signal, say: console.log })
}
