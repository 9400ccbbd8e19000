/**
 * Loaded ahead of a validator's program: `node --import …/dial-through.ts?5051=40001&5052=40002 …`. What the program dials
 * at the first port of a pair it dials at the second: libp2p dials by the global WebSocket, whoever told it an address.
 */
const ports = new URL(import.meta.url).searchParams

globalThis.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    const through = new URL(url)
    through.port = ports.get(through.port) ?? through.port
    super(through, protocols)
  }
}
