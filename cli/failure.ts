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

  constructor(
    code: string,
    message: string,
    data: Readonly<Record<string, unknown>> = {},
    exitCode = EXIT_REFUSED,
  ) {
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

const WORDS: Readonly<Record<string, string>> = {
  'wallet-missing': 'there is no wallet of that name',
  'wallet-exists': 'there is a wallet of that name already',
  'name-invalid': 'a wallet name is letters, digits, - and _',
  'password-wrong': 'the password does not open it',
  'password-too-short': 'the password is too short: 12 characters at least',
  'password-too-long': 'the password is too long',
  'backup-damaged': 'the key file is damaged, or protected in another way',
  'keys-missing': 'there is no such key file',
  'keys-exist': 'there is such a key file already',
  'keys-exposed': 'others on this machine can read the key file: chmod 600',
  'key-in-use': 'another process signs with this key',
  'signing-record-lost':
    'what this key signed is not known: the record of this --home is lost or was never begun',
  'signing-record-of-other-chain': 'the file is of another chain',
  'signing-record-of-other-key': 'the file holds nothing of this key',
  'not-a-signing-record': 'the file is no signing record',
  'other-chain': 'the data directory belongs to another chain',
  'state-damaged': 'the stored state does not match its block',
}

/** Whatever was thrown, as something to show: errors with a code keep it. */
export function toFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error
  const { code, data } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown
    data?: unknown
  }
  const message = error instanceof Error ? error.message : String(error)
  if (typeof code !== 'string') return new CommandFailure('internal', message)
  const facts = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
  return new CommandFailure(
    code,
    WORDS[code] ?? (message === code ? code.replaceAll('-', ' ') : message),
    facts,
  )
}
