/**
 * Who may talk to a server on this machine. A page anywhere can make a browser send requests to 127.0.0.1, by its own name
 * (then Origin tells) or by a name that it lets resolve to 127.0.0.1 (DNS rebinding: then Host tells).
 */

const LOCAL_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

export type GuardVerdict =
  | { readonly allowed: true; readonly origin: string | null }
  | { readonly allowed: false; readonly reason: string }

/** Origin is absent for programs that are not browsers; a page's must be listed, letter by letter. */
export function judgeRequest(
  headers: { readonly host?: string; readonly origin?: string },
  allowedOrigins: readonly string[],
): GuardVerdict {
  const name = (headers.host ?? '').toLowerCase().replace(/:\d{1,5}$/, '')
  if (!LOCAL_NAMES.includes(name))
    return { allowed: false, reason: 'the Host header does not name this machine' }
  if (headers.origin === undefined) return { allowed: true, origin: null }
  if (!allowedOrigins.includes(headers.origin))
    return { allowed: false, reason: 'pages of this origin may not talk to this node' }
  return { allowed: true, origin: headers.origin }
}
