/** An environment: what a node is told before it knows a chain. Reading files is the adapters' part. */
import type { ChainParameters } from './genesis.ts'
import { readChainId } from './genesis-codec.ts'
import type { ChainId } from './ids.ts'
import { join, type Read, readArray, readChoice, reading, readObject, readText } from './json-reader.ts'
import { readParameters } from './parameters.ts'

export type EnvironmentName = 'development' | 'staging' | 'production'

/** As the browser's RTCPeerConnection takes it. */
export interface IceServer {
  readonly urls: readonly string[]
  readonly username?: string
  readonly credential?: string
}

export interface NetworkConfig {
  /** Multiaddrs of relays. */
  readonly relays: readonly string[]
  readonly iceServers: readonly IceServer[]
}

export interface Config {
  readonly name: EnvironmentName
  readonly chainId: ChainId
  /** For a new genesis; a running chain has its own. */
  readonly parameters: ChainParameters
  readonly network: NetworkConfig
}

export const ENVIRONMENTS: readonly EnvironmentName[] = ['development', 'staging', 'production']
const MAX_ADDRESSES = 64
const MAX_ICE_SERVERS = 16
const MAX_ICE_URLS = 8
/** Characters of an address, a URL or a credential. */
const MAX_TEXT = 512

/** Unknown keys and impossible values are refused, with what would be right. */
export function parseConfig(json: unknown): Read<Config> {
  return reading(() => {
    const object = readObject('', json, ['name', 'chainId', 'parameters', 'network'])
    return {
      name: readChoice('name', object.name, ENVIRONMENTS),
      chainId: readChainId('chainId', object.chainId),
      parameters: readParameters('parameters', object.parameters),
      network: readNetwork('network', object.network),
    }
  })
}

function readNetwork(key: string, json: unknown): NetworkConfig {
  const object = readObject(key, json, ['relays', 'iceServers'])
  return {
    relays: readAddresses(join(key, 'relays'), object.relays),
    iceServers: readIceServers(join(key, 'iceServers'), object.iceServers),
  }
}

/** Multiaddrs, by their look. */
export function readAddresses(key: string, json: unknown): string[] {
  return readArray(key, json, MAX_ADDRESSES, (at, item) =>
    readText(at, item, (text) => /^\/[!-~]+$/.test(text) && text.length <= MAX_TEXT, 'a multiaddr, /dns4/…'),
  )
}

export function readIceServers(key: string, json: unknown): IceServer[] {
  return readArray(key, json, MAX_ICE_SERVERS, readIceServer)
}

function readIceServer(key: string, json: unknown): IceServer {
  const object = readObject(key, json, ['urls', 'username', 'credential'])
  const urls = readArray(join(key, 'urls'), object.urls, MAX_ICE_URLS, (at, item) =>
    readText(
      at,
      item,
      (text) => /^(stun|stuns|turn|turns):[!-~]+$/.test(text) && text.length <= MAX_TEXT,
      'stun:… or turn:…',
    ),
  )
  const optional = (name: 'username' | 'credential') =>
    object[name] === undefined
      ? {}
      : {
          [name]: readText(
            join(key, name),
            object[name],
            (text) => text.length <= MAX_TEXT,
            `text of at most ${MAX_TEXT}`,
          ),
        }
  return { urls, ...optional('username'), ...optional('credential') }
}
