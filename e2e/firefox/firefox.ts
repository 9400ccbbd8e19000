/** A Firefox of its own for a test: process, profile and the pages in it, driven by WebDriver BiDi. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BidiClient, type BidiEvent } from './bidi-client.ts'
import { FirefoxPage } from './firefox-page.ts'

const INSTALLED = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000
const LISTENING = /WebDriver BiDi listening on (ws:\/\/\S+)/

export type Preferences = Readonly<Record<string, string | number | boolean>>

/** Besides what Firefox sets itself when it is driven. */
const PREFERENCES: Preferences = {
  // Host candidates by address: no mDNS between browser and Node.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // Never through a proxy of this machine.
  'network.proxy.type': 0,
  // Nothing leaves the machine.
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
}

/** FIREFOX_PATH, else an installed Firefox. A test without one fails: it is never left out in silence. */
function firefoxPath(): string {
  const found = process.env.FIREFOX_PATH || INSTALLED.find((file) => existsSync(file))
  if (found === undefined)
    throw new Error('no Firefox here: install one (Debian: firefox-esr), or name one in FIREFOX_PATH')
  return found
}

export class Firefox {
  /** What its pages threw or wrote to their consoles as errors. */
  readonly errors: string[] = []
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #client: BidiClient
  readonly #pages: FirefoxPage[] = []

  private constructor(child: ChildProcess, profile: string, client: BidiClient) {
    this.#child = child
    this.#profile = profile
    this.#client = client
    client.listen((event) => this.#note(event))
  }

  static async start(preferences: Preferences = {}): Promise<Firefox> {
    const program = firefoxPath()
    const profile = mkdtempSync(path.join(tmpdir(), 'aitbc-firefox-'))
    const lines = Object.entries({ ...PREFERENCES, ...preferences }).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    )
    writeFileSync(path.join(profile, 'user.js'), lines.join(''))
    // Its home too is thrown away, and a root of a container owns it, as Firefox demands.
    const child = spawn(
      program,
      ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
      },
    )
    try {
      const client = await BidiClient.connect(`${await listeningAt(child, program)}/session`)
      await client.send('session.new', { capabilities: {} })
      await client.send('session.subscribe', { events: ['log.entryAdded'] })
      return new Firefox(child, profile, client)
    } catch (error) {
      await end(child)
      rmSync(profile, { recursive: true, force: true })
      throw error
    }
  }

  /** In a store of its own: another node, as in another profile. */
  async newPage(): Promise<FirefoxPage> {
    const { userContext } = await this.#client.send<{ userContext: string }>('browser.createUserContext', {})
    const page = await FirefoxPage.open(this.#client, userContext)
    this.#pages.push(page)
    return page
  }

  /** A picture of each page that is still open, for someone who looks into a failure. */
  async picture(directory: string): Promise<void> {
    for (const [index, page] of this.#pages.entries())
      if (page.isOpen) await page.screenshot(path.join(directory, `firefox-${index + 1}.png`))
  }

  async stop(): Promise<void> {
    this.#client.send('browser.close', {}).catch(() => undefined)
    await end(this.#child, STOP_TIMEOUT_MS)
    this.#client.close()
    rmSync(this.#profile, { recursive: true, force: true })
  }

  #note({ method, params }: BidiEvent): void {
    const entry = params as { readonly level?: string; readonly text?: string | null }
    if (method === 'log.entryAdded' && entry.level === 'error') this.errors.push(entry.text ?? '')
  }
}

/** The address that Firefox says it listens at. */
function listeningAt(child: ChildProcess, program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const fail = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`${program} ${why}\n${output}`))
    }
    const timer = setTimeout(() => fail(`did not listen within ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS)
    const stderr = child.stderr!
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const url = LISTENING.exec(output)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      stderr.off('data', read).resume()
      resolve(url)
    }
    stderr.on('data', read)
    child.once('error', (error) => fail(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`))
  })
}

/** Waits for its own end first, when there is time for that. */
function end(child: ChildProcess, patienceMs = 0): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
