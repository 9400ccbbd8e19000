/** The built page where something that it needs is missing: a feature of the browser, or a right network file. */
import { expect, test } from '@playwright/test'
import type { WebServer } from '../../cli/dev/web-server.ts'
import { workerPort } from '../ports.ts'
import { startBuiltSite } from './built-site.ts'
import { SmallMesh } from './small-mesh.ts'

const PORT = workerPort()
const URL = `http://127.0.0.1:${PORT}`

let site: WebServer
let mesh: SmallMesh
let network: unknown

test.beforeAll(async () => {
  mesh = await SmallMesh.create(PORT)
  site = await startBuiltSite(PORT, () => network)
})
test.beforeEach(() => {
  network = mesh.networkFile
})
test.afterAll(async () => {
  await site.stop()
  await mesh.remove()
})

const FEATURES: readonly (readonly [name: string, remove: () => void])[] = [
  ['WebRTC', () => delete (globalThis as { RTCPeerConnection?: unknown }).RTCPeerConnection],
  ['Module workers', () => delete (globalThis as { Worker?: unknown }).Worker],
  ['IndexedDB', () => delete (globalThis as { indexedDB?: unknown }).indexedDB],
  ['Web Locks', () => delete (Navigator.prototype as { locks?: unknown }).locks],
  [
    'Ed25519 signatures',
    () => {
      const refuse = () => Promise.reject(new DOMException('', 'NotSupportedError'))
      Object.defineProperty(SubtleCrypto.prototype, 'generateKey', { value: refuse })
    },
  ],
]

for (const [name, remove] of FEATURES)
  test(`a browser without ${name} is told so, by every page`, async ({ page }) => {
    await page.addInitScript(remove)
    for (const path of ['/', '/wallet']) {
      await page.goto(`${URL}${path}`)
      await expect(page.getByText('This browser cannot run a node.')).toBeVisible()
      await expect(page.getByText(/^Missing: /)).toHaveText([`Missing: ${name}`])
    }
    const stored = await page.evaluate(async () => (await globalThis.indexedDB?.databases())?.length ?? 0)
    expect(stored).toBe(0)
  })

test('a whole browser is not told that something is missing', async ({ page }) => {
  await page.goto(URL)
  await expect(page.getByText('This tab is becoming a node.')).toBeVisible()
  await expect(page.getByText(/^Missing: /)).toHaveCount(0)
})

const WRONG: readonly (readonly [what: string, change: (file: never) => unknown, words: string])[] = [
  [
    'nothing',
    () => null,
    'the file is null; right would be an object of genesis, relays, bootstrap, iceServers',
  ],
  [
    'relays that are no list',
    (file: object) => ({ ...file, relays: 'none' }),
    'relays is "none"; right would be a list',
  ],
  [
    'a key that nobody knows',
    (file: object) => ({ ...file, relay: [] }),
    'relay is []; right would be known keys',
  ],
  [
    'an impossible parameter',
    (file: { genesis: { parameters: object } }) => ({
      ...file,
      genesis: { ...file.genesis, parameters: { ...file.genesis.parameters, blockTimeMs: 1 } },
    }),
    'genesis.parameters.blockTimeMs is 1; right would be an integer from 100 to 60000',
  ],
]

for (const [what, change, words] of WRONG)
  test(`a network file with ${what} is refused by its key, its value and what would be right`, async ({
    page,
  }) => {
    network = change(mesh.networkFile as never)
    await page.goto(URL)
    await expect(page.getByText(words)).toBeVisible()
  })

for (const [what, change] of [WRONG[0]!, WRONG[3]!])
  test(`a network file with ${what} is read again by the page itself until it is mended`, async ({
    page,
  }) => {
    const wrong = page.getByText(/^This address describes its network wrongly.*; trying again$/)
    network = change(mesh.networkFile as never)
    await page.goto(URL)
    await expect(wrong).toBeVisible()
    network = mesh.networkFile
    // The one relay that the right file names is not running.
    await expect(page.getByText('No relay answers; trying again')).toBeVisible()
    await expect(wrong).toHaveCount(0)
  })
