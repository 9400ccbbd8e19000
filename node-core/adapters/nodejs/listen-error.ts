/** Why the mesh port could not be had, in words: libp2p gives the reasons of all addresses as one text. */

export class ListenError extends Error {
  readonly code: 'port-in-use' | 'cannot-listen'
  readonly data: { readonly listen: readonly string[] }

  constructor(code: ListenError['code'], message: string, listen: readonly string[]) {
    super(message)
    this.name = 'ListenError'
    this.code = code
    this.data = { listen }
  }
}

/** What `error` of a network's start says about the addresses; the error itself when it is about something else. */
export function listenFailure(error: unknown, listen: readonly string[]): unknown {
  const text = error instanceof Error ? error.message : String(error)
  const taken = /EADDRINUSE[^\n]*?(\S+:\d+)/.exec(text)
  if (taken) return new ListenError('port-in-use', `${taken[1]} is in use, for --listen`, listen)
  const refused = /\b(EACCES|EADDRNOTAVAIL)\b/.exec(text)
  if (refused) return new ListenError('cannot-listen', `cannot listen there: ${refused[1]}`, listen)
  return error
}
