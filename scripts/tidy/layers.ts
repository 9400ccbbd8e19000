/** Who may import whom. */
import type { SourceFile } from './source-files.ts'

/** node-core, bottom to top: a folder imports only from itself and from those before it. */
const LAYERS: readonly string[] = [
  'lib',
  'protocol',
  'consensus',
  'state',
  'economy',
  'market',
  'governance',
  'execution',
  'light',
  'ports',
  'mesh',
  'node',
  'agent',
  'jobs',
  'rpc',
  'adapters',
  'sim',
]

/** Up to here no clock, randomness, promise, input or output. */
const PURE_LAYERS: ReadonlySet<string> = new Set(LAYERS.slice(0, LAYERS.indexOf('light') + 1))

/** Joined by `node` alone. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ['consensus', 'execution'],
  ['execution', 'consensus'],
]

/** What the faces may see of node-core, by the beginning of the path. */
const FACES: Readonly<Record<string, readonly string[]>> = {
  // The page: data, proofs that it checks by itself, and the ports of its node.
  web: [
    'lib/',
    'protocol/',
    'light/',
    'state/proof.ts',
    'state/keys.ts',
    'state/records.ts',
    'node/node-api.ts',
    'node/wallet-api.ts',
    'ports/coded-error.ts',
    'adapters/browser/',
  ],
  // The worker puts the node together.
  'web/worker': ['lib/', 'protocol/', 'ports/', 'node/', 'adapters/', 'rpc/api-version.ts'],
  rpc: ['lib/', 'protocol/', 'ports/telemetry.ts', 'node/node-api.ts', 'rpc/'],
  cli: [
    'lib/',
    'protocol/',
    'economy/parameters.ts',
    'ports/crypto.ts',
    'node/node-api.ts',
    'node/views/payload-view.ts',
    'rpc/',
    'adapters/',
  ],
  relay: ['lib/', 'ports/', 'mesh/', 'adapters/libp2p/', 'adapters/nodejs/'],
}

/** Packages that only adapters may touch. */
const ADAPTER_PACKAGES = /^(?:@libp2p\/|libp2p$|@multiformats\/|idb$|classic-level$)/

const BANNED_IN_PURE =
  /(?<![.\w$])(?:Date|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|crypto|console|process|async|await|Promise|localStorage|indexedDB)\b(?!\s*[?]?:)|Math\.random|performance\.now/g

export function layerOf(file: string): string | null {
  const match = /^node-core\/([^/]+)\//.exec(file)
  return match?.[1] ?? null
}

function faceOf(file: string): string | null {
  if (file.startsWith('node-core/rpc/')) return 'rpc'
  if (file.startsWith('web/worker/')) return 'web/worker'
  const top = file.split('/', 1)[0]!
  return top in FACES ? top : null
}

/** Messages `file:line what`; empty when all is well. Tests may reach anywhere. */
export function importComplaints(file: SourceFile): string[] {
  if (file.isTest) return []
  const layer = layerOf(file.path)
  const face = faceOf(file.path)
  return file.imports.flatMap((entry) => {
    const at = `${file.path}:${entry.line}`
    if (entry.target === null) {
      const touches =
        layer !== null &&
        layer !== 'adapters' &&
        (ADAPTER_PACKAGES.test(entry.specifier) || (entry.specifier.startsWith('node:') && layer !== 'rpc'))
      return touches ? [`${at} imports ${entry.specifier}: only adapters touch it`] : []
    }
    const to = layerOf(entry.target)
    if (face !== null && to !== null && !isVisible(face, entry.target))
      return [`${at} imports ${entry.target}: ${face} sees NodeApi and data only`]
    if (layer === null || face === 'rpc') return []
    if (to === null)
      return entry.target.startsWith('node-core/') || entry.target.endsWith('.json')
        ? []
        : [`${at} imports ${entry.target}: node-core imports nothing above it`]
    if (STRANGERS.some(([from, stranger]) => from === layer && stranger === to))
      return [`${at} imports ${entry.target}: ${layer} and ${to} never import each other`]
    return LAYERS.indexOf(to) > LAYERS.indexOf(layer)
      ? [`${at} imports ${entry.target}: ${to} is above ${layer}`]
      : []
  })
}

function isVisible(face: string, target: string): boolean {
  const inside = target.slice('node-core/'.length)
  return FACES[face]!.some((prefix) => inside.startsWith(prefix))
}

export function unknownLayers(files: readonly SourceFile[]): string[] {
  const folders = new Set(files.map((file) => layerOf(file.path)).filter((layer) => layer !== null))
  return [...folders]
    .filter((folder) => !LAYERS.includes(folder))
    .map((folder) => `node-core/${folder}: not in the list of layers`)
}

export function purityComplaints(file: SourceFile): string[] {
  const layer = layerOf(file.path)
  if (file.isTest || layer === null || !PURE_LAYERS.has(layer)) return []
  return file.code.split('\n').flatMap((line, index) => {
    const words = [...line.matchAll(BANNED_IN_PURE)].map((match) => match[0])
    return words.map((word) => `${file.path}:${index + 1} uses ${word}: ${layer} is pure`)
  })
}
