/** One command line from its words to its exit code. Everything that fails inside ends here. */
import { CommanderError } from 'commander'
import type { CommandResult, Io } from './context.ts'
import { EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, toFailure } from './failure.ts'
import { createProgram } from './program.ts'
import { factLines } from './words.ts'

/** `args`: without the program's own name. Resolves with the exit code: 0 done, 1 refused, 2 usage. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const json = args.includes('--json')
  let exitCode = EXIT_DONE
  const print = (result: CommandResult) => {
    if (json) io.out(JSON.stringify(result.json))
    else for (const line of result.lines) io.out(line)
    exitCode = result.exitCode ?? EXIT_DONE
  }
  try {
    await createProgram(io, print).parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    return report(error, json, io)
  }
}

function report(error: unknown, json: boolean, io: Io): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT_DONE
    // commander has written its words to stderr by itself; programs get the JSON as well.
    if (json)
      io.out(
        JSON.stringify({
          error: { code: 'usage', message: error.message.replace(/^error: /, ''), data: {} },
        }),
      )
    return EXIT_USAGE
  }
  const failure = toFailure(error)
  if (json)
    io.out(JSON.stringify({ error: { code: failure.code, message: failure.message, data: failure.data } }))
  else io.err([`${failure.message} (${failure.code})`, ...factLines(failure.data)].join('\n'))
  return failure.exitCode === EXIT_USAGE ? EXIT_USAGE : EXIT_REFUSED
}
