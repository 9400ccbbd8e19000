/** `aitbc`, as a process: words to stdout and stderr, Ctrl-C to a signal, the result to an exit code. */
import { run } from './run.ts'

const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort())

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
  signal: abort.signal,
})
