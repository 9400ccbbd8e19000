#!/usr/bin/env node
// Node 24 runs the TypeScript of this project as it is. Where the caller's Node is older, the one that comes with the
// project's packages takes over.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const REQUIRED_MAJOR = 24
const main = new URL('./main.ts', import.meta.url)

if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) {
  await import(main.href)
} else {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (!existsSync(node)) {
    console.error(
      `aitbc needs Node ${REQUIRED_MAJOR}; this is ${process.version}. Run "npm ci" in the project: it brings its own.`,
    )
    process.exit(1)
  }
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  // As in main.ts: when npm's shell is gone, the line to the child is cut and it stops.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event === 'start')
    setInterval(() => process.ppid !== parent && child.connected && child.disconnect(), 1_000).unref()
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))
}
