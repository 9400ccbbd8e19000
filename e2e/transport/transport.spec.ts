/**
 * Two tabs, each with its node in a worker, and one Node process, which know nothing but a relay: they link over WebRTC,
 * and go on when the relay is gone. Run in a private network: `node e2e/netns.ts node_modules/.bin/playwright test e2e/transport`.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import { build } from 'vite'
import type { ByteBridge } from '../../node-core/adapters/browser/rtc-messages.ts'
import { browserLaunchOptions } from '../browser.ts'
import type { PeerCommand, PeerSnapshot } from './commands.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const LINK_TIMEOUT = { timeout: 40_000, intervals: [50] }

let browser: Browser
let directory: string
const children: ChildProcessWithoutNullStreams[] = []

test.describe.configure({ mode: 'serial', timeout: 120_000 })

test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'transport-'))
  await build({
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    build: { outDir: join(directory, 'web') },
  })
  browser = await chromium.launch(browserLaunchOptions())
})

test.afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
})

test.afterAll(async () => {
  await browser?.close()
  await rm(directory, { recursive: true, force: true })
})

for (const bridge of ['transferred', 'bridged'] as const) {
  test(`tabs and Node gossip over WebRTC and outlive the relay, bytes ${bridge}`, async () => {
    const relay = await startRelay()
    // The trial is expected to find that channels can be transferred; the other mode is asked for.
    const startedAtMs = performance.now()
    const tabs = [await openTab(relay, bridge), await openTab(relay, bridge)]
    const peers = [...tabs, await startNodePeer(relay.addresses)]
    await expectLinked(peers)
    note(`${bridge}: linked after`, performance.now() - startedAtMs)

    for (const [i, peer] of peers.entries()) await expectHeard(peers, peer, `${bridge} with the relay ${i}`)
    const [first, second] = (await Promise.all(tabs.map((tab) => tab.run({ type: 'snapshot' })))) as [
      PeerSnapshot,
      PeerSnapshot,
    ]
    const echoAtMs = performance.now()
    const echoed = await tabs[0]!.run({ type: 'echo', peer: second.self, bytes: 2 })
    note(`${bridge}: 2 MiB answered in`, performance.now() - echoAtMs)
    expect(echoed.links.find(({ peer }) => peer === second.self)!.bytesIn).toBeGreaterThan(2 * 1024 * 1024)
    expect(first.self).not.toBe(second.self)

    await relay.stop()
    for (const peer of peers)
      await expect
        .poll(async () => (await peer.run({ type: 'snapshot' })).relays, LINK_TIMEOUT)
        .toEqual([false])
    for (const [i, peer] of peers.entries())
      await expectHeard(peers, peer, `${bridge} without the relay ${i}`)
    await Promise.all(tabs.map((tab) => tab.page.close()))
  })
}

test('a tab that closes or loses its worker is missed before ICE would miss it', async () => {
  const relay = await startRelay()
  const tabs = [await openTab(relay), await openTab(relay), await openTab(relay)]
  await expectLinked(tabs)
  const [stays, closes, dies] = tabs as [Tab, Tab, Tab]
  // Where nobody says that a peer has left, ICE misses it first, and gives it up after about 14 s.
  const missedByIce = () => stays.page.evaluate(() => window.transport.missedByIce())
  const before = await missedByIce()

  const closedAtMs = performance.now()
  await closes.page.close({ runBeforeUnload: false })
  await stays.run({ type: 'until-links', count: 1 })
  note('closed tab missed after', performance.now() - closedAtMs)

  const diedAtMs = performance.now()
  await dies.page.evaluate(() => window.transport.terminateWorker())
  await stays.run({ type: 'until-links', count: 0 })
  note('dead worker missed after', performance.now() - diedAtMs)
  expect(await dies.page.evaluate(() => window.transport.hostedWithoutWorker())).toBe(0)
  expect(await missedByIce()).toBe(before)
  await Promise.all([stays.page.close(), dies.page.close()])
})

interface Peer {
  run(command: PeerCommand): Promise<PeerSnapshot>
}

interface Tab extends Peer {
  readonly page: Page
}

interface RelayProcess {
  readonly addresses: readonly string[]
  readonly url: string
  stop(): Promise<void>
}

/** Without `bridge` the trial decides, which in Chromium must find that channels can be transferred. */
async function openTab(relay: RelayProcess, bridge?: ByteBridge): Promise<Tab> {
  const page = await (await browser.newContext()).newPage()
  page.on('pageerror', (error) => console.error('page:', error))
  await page.goto(relay.url)
  await page.waitForFunction(() => 'transport' in window)
  const chosen = await page.evaluate(([relays, wanted]) => window.transport.start(relays, wanted), [
    relay.addresses,
    bridge === 'bridged' ? bridge : undefined,
  ] as const)
  expect(chosen).toBe(bridge ?? 'transferred')
  return { page, run: (command) => page.evaluate((what) => window.transport.run(what), command) }
}

async function startRelay(): Promise<RelayProcess> {
  const args = [
    '--port',
    '0',
    '--web',
    join(directory, 'web'),
    '--key',
    join(directory, 'relay.key'),
    '--grace',
    '0',
  ]
  const child = spawnNode('relay/main.ts', args)
  const addresses: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('Relay: ')) addresses.push(line.slice('Relay: '.length))
    if (!line.startsWith('HTTP: ')) continue
    const stop = async () => {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    return { addresses, url: line.slice('HTTP: '.length), stop }
  }
  throw new Error('the relay did not start')
}

async function startNodePeer(relays: readonly string[]): Promise<Peer> {
  const child = spawnNode('e2e/transport/node-peer.ts', relays)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('started')
  return {
    run: async (command) => {
      child.stdin.write(`${JSON.stringify(command)}\n`)
      return JSON.parse(String((await lines.next()).value)) as PeerSnapshot
    },
  }
}

function spawnNode(script: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT })
  child.stderr.on('data', (chunk) => process.stderr.write(chunk))
  children.push(child)
  return child
}

/** Everyone is linked to everyone over WebRTC, and knows that the others listen. */
async function expectLinked(peers: readonly Peer[]): Promise<void> {
  for (const peer of peers)
    await expect
      .poll(async () => {
        const { links, subscribers } = await peer.run({ type: 'snapshot' })
        return {
          transports: links.filter(({ relayed }) => !relayed).map(({ transport }) => transport),
          subscribers: subscribers.length,
        }
      }, LINK_TIMEOUT)
      .toEqual({ transports: peers.slice(1).map(() => 'webrtc'), subscribers: peers.length - 1 })
}

async function expectHeard(peers: readonly Peer[], from: Peer, text: string): Promise<void> {
  const sentAtMs = Date.now()
  await from.run({ type: 'publish', text })
  const delays: number[] = []
  for (const peer of peers.filter((other) => other !== from)) {
    const arrival = async () =>
      (await peer.run({ type: 'snapshot' })).heard.find((message) => message.text === text)?.atMs ?? null
    await expect.poll(arrival, { timeout: 10_000, intervals: [20] }).not.toBeNull()
    delays.push((await arrival())! - sentAtMs)
  }
  note(`${text}: heard after`, Math.max(...delays))
}

function note(what: string, elapsedMs: number): void {
  test.info().annotations.push({ type: 'measured', description: `${what} ${Math.round(elapsedMs)} ms` })
  console.log(`${what} ${Math.round(elapsedMs)} ms`)
}
