/** How browser tests start Chromium. */
import { existsSync } from 'node:fs'
import type { LaunchOptions } from '@playwright/test'

/** Chromium's engine without a browser's windows. */
const SHELLS = ['/usr/bin/chromium-headless-shell']
const ORDINARY = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const OPTIONS = {
  headless: true,
  args: [
    // Tests run as root in containers.
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Host candidates by address: no mDNS between browser and Node.
    '--disable-features=WebRtcHideLocalIpsWithMdns',
  ],
} satisfies LaunchOptions

/** CHROMIUM_PATH, else the first of these that is installed, else undefined: Playwright's own. */
function chromiumPath(usual: readonly string[]): string | undefined {
  const named = process.env.CHROMIUM_PATH
  return named || usual.find((path) => existsSync(path))
}

/** For pages and what runs in them. A context costs a tenth of the processor time that it costs in an ordinary browser. */
export function browserLaunchOptions(): LaunchOptions {
  return { ...OPTIONS, executablePath: chromiumPath([...SHELLS, ...ORDINARY]) }
}

/** The browser that people have, with its windows: for what it does to a page behind another, and for figures. */
export function ordinaryLaunchOptions(): LaunchOptions {
  const executablePath = chromiumPath(ORDINARY)
  // Of Playwright's own, too, the one with windows.
  return { ...OPTIONS, ...(executablePath === undefined ? { channel: 'chromium' } : { executablePath }) }
}
