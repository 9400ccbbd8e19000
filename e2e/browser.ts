/** How browser tests start Chromium. */
import { existsSync } from 'node:fs'
import type { LaunchOptions } from '@playwright/test'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** CHROMIUM_PATH, else an installed Chromium, else undefined: Playwright's own. */
export function chromiumPath(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  return named || INSTALLED.find((path) => existsSync(path))
}

export function browserLaunchOptions(): LaunchOptions {
  const executablePath = chromiumPath()
  return {
    headless: true,
    ...(executablePath === undefined ? {} : { executablePath }),
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
  }
}
