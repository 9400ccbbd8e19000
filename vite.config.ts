import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The one font that the first paint shows is asked for before the style sheet is read. */
function preloadInterfaceFont(): Plugin {
  return {
    name: 'preload-interface-font',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const names = Object.keys(context.bundle ?? {})
        const font = names.find((name) => /instrument-sans-latin-wdth-normal.*\.woff2$/.test(name))
        if (font === undefined) return []
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${font}` }
        return [{ tag: 'link', attrs, injectTo: 'head-prepend' }]
      },
    },
  }
}

/** In a file and script of its own, it runs before the page's code, which imports it, is loaded. */
function bootFirst(): Plugin {
  return {
    name: 'boot-first',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const boot = Object.values(context.bundle ?? {}).find(
          (file) => file.type === 'chunk' && file.name === 'boot',
        )
        if (boot === undefined) return []
        const attrs = { type: 'module', crossorigin: '', src: `/${boot.fileName}` }
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }]
      },
    },
  }
}

const OTHER_KEYS = 'keys of peers are Ed25519'

/** A function that is called by mistake only. */
function refuseBecause(reason: string): string {
  return `const refuse = () => { throw new Error(${JSON.stringify(reason)}) };`
}

/** A module whose functions all refuse. */
function refusing(reason: string, ...names: readonly string[]): string {
  return `${refuseBecause(reason)} export { ${names.map((name) => `refuse as ${name}`).join(', ')} }`
}

/** Generated code of protobuf messages, without the way to read them field by field: here they are read whole. */
function readWhole(code: string): string {
  const reading =
    /^( *)(_codec = message\(.*?)^\1\}, function\* \(reader, length, prefix(?:, opts = \{\})?\) \{.*?^\1\}\);/gms
  return code.replace(reading, '$1$2$1});')
}

/** A module of a program's bytes: as base64 it is shorter than as a list of numbers. */
function packed(code: string): string {
  const [, name, list] = /export const (\w+) = Uint8Array\.from\(\[([\d, ]+)\]\)/.exec(code)!
  const bytes = Buffer.from(list!.split(',').map(Number))
  return `export const ${name} = Uint8Array.from(atob('${bytes.toString('base64')}'), (char) => char.charCodeAt(0))`
}

/** Parts of libraries that no tab's node runs, each with what stands in its place. */
const UNUSED: readonly { readonly file: RegExp; readonly from: string; readonly instead: string }[] = [
  // Some hundred metrics with their descriptions, for a collector that a tab has not.
  {
    file: /gossipsub\/dist\/src\/metrics\.js$/,
    from: 'export function getMetrics(',
    instead: 'export function getMetrics() { throw new Error("no collector") }',
  },
  // What SSZ hashes its trees with: no root of one is taken here, where state has a tree of its own.
  { file: /persistent-merkle-tree\/lib\/hasher\/noble\.js$/, from: '', instead: 'export const hasher = {}' },
  {
    file: /persistent-merkle-tree\/lib\/tree\.js$/,
    from: '',
    instead: refusing(
      'no value is kept as a tree',
      'Tree',
      'getNode',
      'setNode',
      'setNodeWithFn',
      'getNodeAtDepth',
      'setNodeAtDepth',
      'setNodesAtDepth',
      'getNodesAtDepth',
      'iterateNodesAtDepth',
      'treeZeroAfterIndex',
    ),
  },
  // Keys of peers are Ed25519 here; one that shows a key of this curve is refused as any that cannot be read.
  {
    file: /@noble\/curves\/secp256k1\.js$/,
    from: '',
    instead: `${refuseBecause(OTHER_KEYS)} export const secp256k1 = { lengths: { secretKey: 32, publicKey: 33 }, getPublicKey: refuse, sign: refuse, verify: refuse, utils: { randomSecretKey: refuse }, Point: { fromBytes: refuse } }`,
  },
  // Likewise keys of RSA and of the NIST curves.
  {
    file: /@libp2p\/crypto\/dist\/src\/keys\/rsa\/utils\.js$/,
    from: '',
    instead: refusing(
      OTHER_KEYS,
      'pkcs1ToRSAPrivateKey',
      'pkixToRSAPublicKey',
      'generateRSAKeyPair',
      'pkcs1MessageToRSAPrivateKey',
      'pkixMessageToRSAPublicKey',
      'jwkToRSAPrivateKey',
    ),
  },
  {
    file: /@libp2p\/crypto\/dist\/src\/keys\/ecdsa\/utils\.js$/,
    from: '',
    instead: refusing(
      OTHER_KEYS,
      'generateECDSAKeyPair',
      'pkiMessageToECDSAPrivateKey',
      'pkiMessageToECDSAPublicKey',
      'privateKeyToPKIMessage',
      'publicKeyToPKIMessage',
      'unmarshalECDSAPrivateKey',
      'unmarshalECDSAPublicKey',
    ),
  },
  // Lines for a developer of libp2p, which nobody turns on in a tab.
  {
    file: /weald\/dist\/src\/index\.js$/,
    from: '',
    instead:
      'const line = () => Object.assign(() => {}, { enabled: false }); export default Object.assign(line, { formatters: {}, names: [], enabled: () => false, enable: () => {}, disable: () => {} })',
  },
  // SHA-256 for engines without SIMD: those with Ed25519, which the page asks for, have it.
  { file: /as-sha256\/lib\/wasmCode\.js$/, from: '', instead: 'export const wasmCode = new Uint8Array()' },
]

function withoutUnused(): Plugin {
  return {
    name: 'without-unused',
    transform(code, id) {
      if (/as-sha256\/lib\/wasmSimdCode\.js$/.test(id)) return { code: packed(code), map: null }
      if (code.includes('function* (reader, length, prefix')) return { code: readWhole(code), map: null }
      const unused = UNUSED.find(({ file }) => file.test(id))
      if (!unused) return null
      const from = code.indexOf(unused.from)
      if (from < 0) throw new Error(`${id} has no ${unused.from}`)
      return { code: code.slice(0, from) + unused.instead, map: null }
    },
  }
}

/** What every page needs before anything can be shown. */
const FRAME =
  /node_modules\/(react|react-dom|scheduler|zustand|@tanstack\/(react-router|router-core|history|react-store|store))\//

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadInterfaceFont(), bootFirst()],
  worker: {
    format: 'es',
    plugins: () => [withoutUnused()],
    // Trees that SSZ could build, and the serving side of relays: what is not asked of them is left out.
    rolldownOptions: {
      treeshake: { moduleSideEffects: (id) => !/\/(?:persistent-merkle-tree|circuit-relay-v2)\//.test(id) },
    },
  },
  build: {
    outDir: 'dist',
    target: 'es2024',
    sourcemap: true,
    rolldownOptions: {
      input: { index: fileOf('./index.html'), boot: fileOf('./web/boot.ts') },
      output: {
        codeSplitting: {
          // What the first paint needs, in one file; the node, libp2p and the other pages are loaded after it.
          groups: [{ name: 'frame', test: FRAME }],
        },
      },
    },
  },
})
