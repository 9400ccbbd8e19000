/** Why a command ends without its result. Thrown inside the command line, shown and turned into an exit code by run.ts alone. */

/** Exit codes that scripts rely on. */
export const EXIT_DONE = 0
/** Refused, with a code: by the node, the chain or this machine. */
export const EXIT_REFUSED = 1
/** The command line itself is wrong. */
export const EXIT_USAGE = 2

export class CommandFailure extends Error {
  readonly code: string
  readonly data: Readonly<Record<string, unknown>>
  readonly exitCode: number

  constructor(code: string, message: string, data: Readonly<Record<string, unknown>> = {}, exitCode = EXIT_REFUSED) {
    super(message)
    this.name = 'CommandFailure'
    this.code = code
    this.data = data
    this.exitCode = exitCode
  }
}

export function usageFailure(message: string): CommandFailure {
  return new CommandFailure('usage', message, {}, EXIT_USAGE)
}
