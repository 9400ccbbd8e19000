const HEAD = 8
const TAIL = 4

/** First 8 … last 4. Texts that would not become shorter stay whole. */
export function shortId(value: string): string {
  return value.length <= HEAD + TAIL + 1 ? value : `${value.slice(0, HEAD)}…${value.slice(-TAIL)}`
}

/** Peer ids begin alike (12D3KooW…), so four and four tell them apart as well. */
export function shortPeer(peer: string): string {
  return peer.length <= 9 ? peer : `${peer.slice(0, 4)}…${peer.slice(-4)}`
}
