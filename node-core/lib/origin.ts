/** Origins of web pages. */

/** As a browser sends it: scheme, host, a port that is not the usual one, nothing else. */
export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}
