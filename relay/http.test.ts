import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import WebSocket from 'ws'
import { AddressMeter, partyOf } from './address-meter.ts'
import { DEFAULT_ADDRESS_LIMITS, METERED_ADDRESSES } from './limits.ts'
import { loadPeerKeySeed } from './peer-key.ts'
import { requestedPath } from './static-files.ts'
import { type Bench, createBench } from './test-support.ts'

const WAIT = { timeout: 30_000, interval: 20 }

let bench: Bench
let directory: string
beforeEach(async () => {
  bench = createBench()
  directory = await mkdtemp(join(tmpdir(), 'relay-http-'))
})
const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await bench.close()
})

/** What a raw client gets, without the path clean-up that fetch does. */
async function rawGet(url: string, path: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  await once(socket, 'close')
  return text
}

const openSocket = (url: string, origin?: string) =>
  new Promise<'open' | number>((settle) => {
    const socket = new WebSocket(url.replace('http', 'ws'), origin ? { origin } : {})
    socket.once('open', () => settle('open'))
    socket.once('unexpected-response', (_request, response) => settle(response.statusCode ?? 0))
    socket.once('error', () => {})
  })

describe('health and metrics', () => {
  it('tell the state', async () => {
    const relay = await bench.relay()
    const health = await fetch(`${relay.url}/healthz`)
    expect(health.status).toBe(200)
    expect(await health.json()).toMatchObject({
      status: 'ok',
      peer: relay.peer,
      connections: 0,
      reservations: 0,
    })
    const metrics = await (await fetch(`${relay.url}/metrics`)).text()
    expect(metrics).toMatch(
      /^# TYPE aitbc_relay_http_requests_total counter\naitbc_relay_http_requests_total 2$/m,
    )
  })

  it('say 503 while draining, and refuse new connections', async () => {
    const relay = await bench.relay()
    expect(await openSocket(relay.url)).toBe('open')
    relay.drain()
    const health = await fetch(`${relay.url}/healthz`)
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({ status: 'draining' })
    expect(await openSocket(relay.url)).toBe(503)
  })
})

describe('the web app', () => {
  async function webRelay() {
    await mkdir(join(directory, 'web/assets'), { recursive: true })
    await writeFile(join(directory, 'web/index.html'), '<p>app</p>')
    await writeFile(join(directory, 'web/assets/core-1a2b.wasm'), 'wasm')
    await writeFile(join(directory, 'secret.txt'), 'secret')
    await writeFile(join(directory, 'network.json'), '{"chainId":"test"}')
    return bench.relay({ webRoot: join(directory, 'web'), networkFile: join(directory, 'network.json') })
  }

  it('is served with type, caching and a policy that lets it run WebAssembly and workers', async () => {
    const relay = await webRelay()
    const page = await fetch(`${relay.url}/`)
    expect(await page.text()).toBe('<p>app</p>')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'")
    expect(policy).toContain("worker-src 'self' blob:")
    expect(policy).toContain('ws: wss:')
    const asset = await fetch(`${relay.url}/assets/core-1a2b.wasm`)
    expect(asset.headers.get('content-type')).toBe('application/wasm')
    expect(asset.headers.get('cache-control')).toContain('immutable')
    const etag = asset.headers.get('etag')!
    expect(
      (await fetch(`${relay.url}/assets/core-1a2b.wasm`, { headers: { 'if-none-match': etag } })).status,
    ).toBe(304)
  })

  it('answers its pages with the app, missing files with 404, other methods with 405', async () => {
    const relay = await webRelay()
    expect(await (await fetch(`${relay.url}/mesh/peers`)).text()).toBe('<p>app</p>')
    expect((await fetch(`${relay.url}/assets/gone.js`)).status).toBe(404)
    expect((await fetch(`${relay.url}/`, { method: 'POST' })).status).toBe(405)
    expect(await (await fetch(`${relay.url}/`, { method: 'HEAD' })).text()).toBe('')
  })

  it('never leaves its directory', async () => {
    const relay = await webRelay()
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..%5csecret.txt',
      '/%00',
    ])
      expect(await rawGet(relay.url, path)).not.toContain('secret')
    expect(requestedPath('/.git/config')).toBeNull()
    expect(requestedPath('/%zz')).toBeNull()
    expect(requestedPath('/a//b/../c.js?x=1')).toBe('/a/c.js')
  })

  it('passes network.json on to pages of any origin', async () => {
    const relay = await webRelay()
    const response = await fetch(`${relay.url}/network.json`)
    expect(await response.json()).toEqual({ chainId: 'test' })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect((await fetch(`${(await bench.relay()).url}/network.json`)).status).toBe(404)
  })
})

describe('limits', () => {
  it('refuse connections over the limit of an address, and give the place back', async () => {
    const relay = await bench.relay({ perAddressLimits: { connections: 1 } })
    const socket = new WebSocket(relay.url.replace('http', 'ws'))
    await once(socket, 'open')
    expect(await openSocket(relay.url)).toBe(429)
    socket.close()
    await vi.waitFor(async () => expect(await openSocket(relay.url)).toBe('open'), WAIT)
  })

  it('refuse requests over the limit of an address', async () => {
    const relay = await bench.relay({ perAddressLimits: { requestBurst: 3, requestsPerSecond: 0.001 } })
    const statuses = []
    for (let i = 0; i < 5; i++) statuses.push((await fetch(`${relay.url}/healthz`)).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
  })

  it('believe a forwarded address from the trusted proxy only', async () => {
    const perAddressLimits = { requestBurst: 1, requestsPerSecond: 0.001 }
    const as = (url: string, address: string) =>
      fetch(`${url}/healthz`, { headers: { 'x-forwarded-for': address } }).then(({ status }) => status)
    const behind = await bench.relay({ perAddressLimits, trustedProxy: '127.0.0.1' })
    expect([
      await as(behind.url, '192.0.2.1'),
      await as(behind.url, '192.0.2.2'),
      await as(behind.url, '192.0.2.1'),
    ]).toEqual([200, 200, 429])
    const open = await bench.relay({ perAddressLimits })
    expect([await as(open.url, '192.0.2.1'), await as(open.url, '192.0.2.2')]).toEqual([200, 429])
  })

  it('let only the allowed origins open a WebSocket; programs send none', async () => {
    const relay = await bench.relay({ allowedOrigins: ['https://app.example'] })
    expect(await openSocket(relay.url, 'https://app.example')).toBe('open')
    expect(await openSocket(relay.url, 'https://evil.example')).toBe(403)
    expect(await openSocket(relay.url)).toBe('open')
  })

  it('count an IPv6 household as one address', () => {
    expect(partyOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
    expect(partyOf('2001:db8:0:1::5')).toBe(partyOf('2001:0db8:0:1:ffff:1:2:3'))
    expect(partyOf('2001:db8:0:1::5')).not.toBe(partyOf('2001:db8:0:2::5'))
    expect(partyOf('::1')).toBe('0:0:0:0::/64')
    const meter = new AddressMeter({ ...DEFAULT_ADDRESS_LIMITS, openingBurst: 1, openingsPerSecond: 1 })
    expect([meter.open('a', 0), meter.open('a', 0), meter.open('b', 0), meter.open('a', 1_000)]).toEqual([
      true,
      false,
      true,
      true,
    ])
  })
})

describe('the meter of addresses', () => {
  it('remembers so many; beyond them those without a connection are forgotten, and no connection is', () => {
    const limits = { ...DEFAULT_ADDRESS_LIMITS, connections: 1, requestBurst: 1, requestsPerSecond: 0.001 }
    const meter = new AddressMeter(limits)
    const asks = (address: string) => meter.takeRequest(address, 0)
    expect([meter.open('connected', 0), asks('connected')]).toEqual([true, true])
    const idle = Array.from({ length: METERED_ADDRESSES - 1 }, (_, i) => `idle ${i}`)
    expect(idle.map(asks)).not.toContain(false)
    expect([...idle, 'connected'].map(asks)).not.toContain(true)
    expect(asks('one more')).toBe(true)
    expect([asks('one more'), asks('connected'), meter.open('connected', 0)]).toEqual([false, false, false])
    expect(idle.map(asks)).not.toContain(false)
    meter.closed('connected')
    expect(meter.open('connected', 0)).toBe(true)
  })
})

describe('the peer key', () => {
  it('is made once, for its owner only, and never replaced', async () => {
    const file = join(directory, 'keys/relay.key')
    const seed = await loadPeerKeySeed(file)
    expect(await loadPeerKeySeed(file)).toEqual(seed)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await chmod(file, 0o600)
    await writeFile(file, 'damaged')
    await expect(loadPeerKeySeed(file)).rejects.toThrow(file)
    expect(await readFile(file, 'utf8')).toBe('damaged')
  })
})

describe('the command line', () => {
  const run = (...args: string[]) => {
    const child = spawn(process.execPath, [
      resolve(import.meta.dirname, 'main.ts'),
      '--key',
      join(directory, 'k'),
      ...args,
    ])
    children.push(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += String(chunk)
      })
    return { child, output: () => output, exit: once(child, 'exit').then(([code]) => code as number) }
  }

  const urlOf = async ({ output }: ReturnType<typeof run>) => {
    const words = /Relay: \/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\/\w+\nHTTP: (http\S+)/
    await vi.waitFor(() => expect(output()).toMatch(words), WAIT)
    return words.exec(output())![1]!
  }

  it('prints its addresses and on SIGTERM exits with 0', async () => {
    const relay = run('--port', '0', '--grace', '0')
    await urlOf(relay)
    relay.child.kill('SIGTERM')
    expect(await relay.exit).toBe(0)
  })

  it('drains on SIGTERM, and on a second one exits at once with 1', async () => {
    const relay = run('--port', '0', '--grace', '60000')
    const url = await urlOf(relay)
    relay.child.kill('SIGTERM')
    await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(503), WAIT)
    relay.child.kill('SIGTERM')
    expect(await relay.exit).toBe(1)
  })

  it('names the port that is in use, and exits with 1', async () => {
    const port = new URL((await bench.relay()).url).port
    const relay = run('--port', port)
    expect(await relay.exit).toBe(1)
    expect(relay.output()).toContain(`port ${port} on 127.0.0.1 is already in use`)
  })

  it('explains itself without a port, and exits with 2', async () => {
    const relay = run()
    expect(await relay.exit).toBe(2)
    expect(relay.output()).toContain('--port P')
  })
})
