/** Strangers at the relay's door: whatever they send, the relay stays up and serves the others. */
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HTTP_CONNECTIONS_PER_ADDRESS } from './limits.ts'
import { type Bench, createBench } from './test-support.ts'

const WAIT = { timeout: 30_000, interval: 20 }
const UPGRADE = [
  'GET / HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${btoa('0123456789abcdef')}`,
  '',
  '',
].join('\r\n')

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.close())

/** Resolves when the relay hangs up. `after`: sent once the relay has answered. */
function talk(port: number, bytes: string | Uint8Array, after?: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', () => after && socket.write(after))
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}

it.each([
  ['a frame with reserved bits', Uint8Array.of(0xf2, 0x80, 0, 0, 0, 0)],
  ['a frame that is not masked', Uint8Array.of(0x82, 0x05, 1, 2, 3, 4, 5)],
  ['an unknown kind of frame', Uint8Array.of(0x8f, 0x80, 0, 0, 0, 0)],
  [
    'a frame of nine exabytes',
    Uint8Array.of(0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0),
  ],
  ['a frame of fifty megabytes', Uint8Array.of(0x82, 0xff, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0)],
  ['a close with a wrong code', Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 0, 1)],
  ['text that is not UTF-8', Uint8Array.of(0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff)],
])('survives %s, and says goodbye', async (_, frame) => {
  const relay = await bench.relay()
  const port = Number(new URL(relay.url).port)
  await talk(port, UPGRADE, frame)
  const { network } = await bench.node({ relays: relay.addresses })
  await vi.waitFor(
    () => expect(network.relays()).toEqual([expect.objectContaining({ connected: true })]),
    WAIT,
  )
  expect((await fetch(`${relay.url}/healthz`)).status).toBe(200)
})

it('answers a stranger that speaks another protocol with its end', async () => {
  const relay = await bench.relay()
  const port = Number(new URL(relay.url).port)
  await talk(port, crypto.getRandomValues(new Uint8Array(500)))
  await talk(port, `GET /${'x'.repeat(40_000)} HTTP/1.1\r\n\r\n`)
  await talk(port, 'POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n')
  expect((await fetch(`${relay.url}/healthz`)).status).toBe(200)
})

it('lets one address hold some connections open, not all', async () => {
  const relay = await bench.relay({ perAddressLimits: { connections: 4 } })
  const port = Number(new URL(relay.url).port)
  const limit = 4 + HTTP_CONNECTIONS_PER_ADDRESS
  const sockets = Array.from({ length: limit + 20 }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => {})
  await vi.waitFor(() => expect(sockets.filter((socket) => socket.destroyed).length).toBe(20), WAIT)
  sockets.find((socket) => !socket.destroyed)!.destroy()
  await vi.waitFor(async () => expect((await fetch(`${relay.url}/healthz`)).status).toBe(200), WAIT)
  for (const socket of sockets) socket.destroy()
})
