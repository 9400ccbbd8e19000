/** One command line, as a person at a terminal sees it. */
import { run } from './run.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** `signal`: aborted as by Ctrl-C. */
export async function runLine(args: readonly string[], signal = new AbortController().signal): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const code = await run(args, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    env: {},
    signal,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}
