/** Why a network call failed; every rejection of a Network method is one of these. */
export type NetworkErrorCode =
  /** No direct connection to that peer. */
  | 'not-connected'
  /** The address could not be reached, or the peer there is not the one named. */
  | 'dial-failed'
  /** The peer is blocked, or does not serve the protocol. */
  | 'refused'
  /** Message, request or response over its limit. */
  | 'too-large'
  | 'timeout'
  | 'aborted'
  /** The connection or stream ended before the answer did. */
  | 'closed'
  | 'not-started'

export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  readonly code: NetworkErrorCode
  readonly data: Readonly<Record<string, string | number>>

  constructor(code: NetworkErrorCode, data: Readonly<Record<string, string | number>> = {}) {
    super(`${code} ${JSON.stringify(data)}`)
    this.code = code
    this.data = data
  }
}
