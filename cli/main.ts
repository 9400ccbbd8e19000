/** `aitbc`, as a process: words to stdout and stderr, Ctrl-C to a signal, the result to an exit code. */
import { onParentGone } from './dev/child-link.ts'
import { EXIT_DONE } from './failure.ts'
import { run } from './run.ts'

/** How often to look whether npm is still there, ms. */
const PARENT_CHECK_MS = 1_000

const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort())

// npm's shell does not pass SIGTERM on: when it is gone, nobody could stop this process any more.
const parent = process.ppid
if (process.env.npm_lifecycle_event === 'start')
  setInterval(() => process.ppid !== parent && abort.abort(), PARENT_CHECK_MS).unref()
onParentGone(() => abort.abort())

// Whoever reads the output has seen enough, as in `aitbc monitor | head`.
process.stdout.on('error', () => process.exit(EXIT_DONE))

const exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
  signal: abort.signal,
})
const flushed = [process.stdout, process.stderr].map(
  (stream) => new Promise((resolve) => stream.write('', resolve)),
)
await Promise.all(flushed)
// Said aloud: native WebRTC threads may outlive the node that used them and would keep the process.
process.exit(exitCode)
