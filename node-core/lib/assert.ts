/** What must be, asserted in production too. A failed assertion is a bug of ours, never bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) fail(message)
}

/** What `assert` does, for where the message would cost more than the check. */
export function fail(message: string): never {
  throw new Error(`assertion failed: ${message}`)
}

/** For the default branch of a switch over a closed union. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
