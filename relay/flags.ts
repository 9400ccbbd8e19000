/** The relay's flags from its command line: each is judged, and a complaint names flag, value and what would be right. */
import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { isMultiaddr } from '../node-core/adapters/libp2p/multiaddrs.ts'
import { isOrigin } from '../node-core/lib/origin.ts'
import { DRAIN_GRACE_MS, LONGEST_GRACE_MS } from './limits.ts'
import type { RelayOptions } from './start-relay.ts'

export type ReadFlags =
  | { readonly ok: true; readonly options: RelayOptions; readonly graceMs: number }
  | { readonly ok: false; readonly complaint: string }

const HIGHEST_PORT = 65_535

/** `args`: without the program's own name. */
export function readFlags(args: readonly string[]): ReadFlags {
  const parsed = parse(args)
  if (typeof parsed === 'string') return { ok: false, complaint: parsed }
  const complaint = complaintOf(parsed)
  if (complaint !== null) return { ok: false, complaint }
  const { host, port, key, web, network, announce, origin, grace } = parsed
  return {
    ok: true,
    graceMs: grace === undefined ? DRAIN_GRACE_MS : Number(grace),
    options: {
      host,
      port: Number(port),
      keyFile: key,
      ...(web === undefined ? {} : { webRoot: web }),
      ...(network === undefined ? {} : { networkFile: network }),
      ...(announce === undefined ? {} : { announce }),
      ...(origin === undefined ? {} : { allowedOrigins: origin }),
      ...(parsed['trusted-proxy'] === undefined ? {} : { trustedProxy: parsed['trusted-proxy'] }),
    },
  }
}

type Flags = Exclude<ReturnType<typeof parse>, string>

/** A string: what is wrong with the flags' names. */
function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        web: { type: 'string' },
        network: { type: 'string' },
        key: { type: 'string', default: '.aitbc/relay.key' },
        announce: { type: 'string', multiple: true },
        origin: { type: 'string', multiple: true },
        'trusted-proxy': { type: 'string' },
        grace: { type: 'string' },
      },
    }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function complaintOf(flags: Flags): string | null {
  const { host, port, web, network, announce, origin, grace } = flags
  const proxy = flags['trusted-proxy']
  if (port === undefined) return '--port is missing; right would be a port, or 0 for any'
  if (!isWhole(port, HIGHEST_PORT)) return wrong('port', port, `a whole number from 0 to ${HIGHEST_PORT}`)
  if (host === '') return wrong('host', host, 'an address or a name of this machine')
  if (grace !== undefined && !isWhole(grace, LONGEST_GRACE_MS))
    return wrong('grace', grace, `ms, a whole number from 0 to ${LONGEST_GRACE_MS}`)
  if (proxy !== undefined && isIP(proxy) === 0) return wrong('trusted-proxy', proxy, 'an IP address')
  // Without them every page of the app would be missing for as long as the relay runs.
  if (web !== undefined && !statSync(web, { throwIfNoEntry: false })?.isDirectory())
    return wrong('web', web, 'a directory that is there')
  if (network !== undefined && !statSync(network, { throwIfNoEntry: false })?.isFile())
    return wrong('network', network, 'a file that is there')
  for (const address of announce ?? [])
    if (!isMultiaddr(address)) return wrong('announce', address, 'a multiaddr, /dns4/…/tcp/443/wss')
  for (const each of origin ?? []) if (!isOrigin(each)) return wrong('origin', each, 'an origin, https://…')
  return null
}

function wrong(flag: string, value: string, right: string): string {
  return `--${flag} is ${JSON.stringify(value)}; right would be ${right}`
}

function isWhole(text: string, most: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) <= most
}
