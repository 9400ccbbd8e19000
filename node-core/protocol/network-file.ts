/** `/network.json` of a page's own origin: which chain to join, and where others are. */
import { type IceServer, readAddresses, readIceServers } from './config.ts'
import type { Genesis } from './genesis.ts'
import { parseGenesis } from './genesis-codec.ts'
import { join, type Read, reading, readObject } from './json-reader.ts'

export interface NetworkFile {
  readonly genesis: Genesis
  /** Multiaddrs of relays. */
  readonly relays: readonly string[]
  /** Multiaddrs of peers to begin with. */
  readonly bootstrap: readonly string[]
  readonly iceServers: readonly IceServer[]
}

/** Unknown keys and impossible values are refused, with what would be right. */
export function parseNetworkFile(json: unknown): Read<NetworkFile> {
  const others = reading(() => {
    const object = readObject('', json, ['genesis', 'relays', 'bootstrap', 'iceServers'])
    return {
      genesis: object.genesis,
      relays: readAddresses('relays', object.relays),
      bootstrap: readAddresses('bootstrap', object.bootstrap),
      iceServers: readIceServers('iceServers', object.iceServers),
    }
  })
  if (!others.ok) return others
  const genesis = parseGenesis(others.value.genesis)
  if (!genesis.ok) return { ...genesis, key: genesis.key === '' ? 'genesis' : join('genesis', genesis.key) }
  return { ok: true, value: { ...others.value, genesis: genesis.value } }
}
