/** Where a development network keeps its files and which ports it takes. */
import path from 'node:path'

export const DEFAULT_PORT = 4173
export const DEFAULT_VALIDATORS = 5
export const MAX_DEV_VALIDATORS = 25

const RELAY_OFFSET = 1
const RPC_OFFSET = 10
const MESH_OFFSET = 50

export interface Layout {
  readonly data: string
  readonly genesisFile: string
  readonly networkFile: string
  readonly relayKeyFile: string
  readonly logs: string
  readonly validators: readonly ValidatorLayout[]
  readonly port: number
  readonly relayPort: number
}

export interface ValidatorLayout {
  readonly name: string
  readonly home: string
  readonly keysFile: string
  readonly rpcPort: number
  readonly meshPort: number
}

const NAMES: readonly string[] = [
  'Lodestone',
  'Kestrel',
  'Marram',
  'Tern',
  'Pellworm',
  'Samphire',
  'Fulmar',
  'Hallig',
  'Cuttle',
  'Plover',
  'Skerry',
  'Thrift',
  'Whimbrel',
  'Amrum',
  'Limpet',
  'Dunlin',
  'Spindrift',
  'Oyster',
  'Garnet',
  'Sandwort',
  'Curlew',
  'Mellum',
  'Beacon',
  'Eider',
  'Redshank',
]

/** `data`: an absolute path. */
export function layoutOf({
  data,
  port,
  validators,
}: {
  readonly data: string
  readonly port: number
  readonly validators: number
}): Layout {
  return {
    data,
    genesisFile: path.join(data, 'network', 'genesis.json'),
    networkFile: path.join(data, 'network', 'network.json'),
    relayKeyFile: path.join(data, 'relay', 'relay.key'),
    logs: path.join(data, 'logs'),
    port,
    relayPort: port + RELAY_OFFSET,
    validators: Array.from({ length: validators }, (_, index) => ({
      name: NAMES[index]!,
      home: path.join(data, 'validators', String(index + 1)),
      keysFile: path.join(data, 'validators', String(index + 1), 'keys.json'),
      rpcPort: port + RPC_OFFSET + index,
      meshPort: port + MESH_OFFSET + index,
    })),
  }
}

/** Every port of the network with what it is for. */
export function portsOf(layout: Layout): readonly { readonly port: number; readonly use: string }[] {
  return [
    { port: layout.port, use: 'the dashboard' },
    { port: layout.relayPort, use: 'the relay' },
    ...layout.validators.flatMap(({ name, rpcPort, meshPort }) => [
      { port: rpcPort, use: `the RPC of ${name}` },
      { port: meshPort, use: `the mesh port of ${name}` },
    ]),
  ]
}
