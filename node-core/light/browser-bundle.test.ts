/** What the light client costs a page, and that it brings nothing of a node. */
import path from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'

/** Bytes of script, compressed, signatures and hashes included. */
const MAX_COMPRESSED_BYTES = 100_000

const NODE_CORE = path.resolve(import.meta.dirname, '..')
const ENTRY = 'virtual:light'
const SOURCE = `
import * as light from '${NODE_CORE}/adapters/light-client.ts'
globalThis.light = light
`

let chunk: Rolldown.OutputChunk

beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? SOURCE : null),
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: ENTRY, output: { format: 'iife' } },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (!output || !('output' in output)) throw new Error('no output')
  chunk = output.output[0]
}, 120_000)

describe('the light client by itself', () => {
  it('is small', () => {
    const compressed = gzipSync(chunk.code).length
    console.log(
      `light client: ${compressed} bytes compressed, ${chunk.code.length} plain, at most ${MAX_COMPRESSED_BYTES}`,
    )
    expect(compressed).toBeLessThanOrEqual(MAX_COMPRESSED_BYTES)
  })

  it('brings no consensus, no execution, no network and nothing of Node', () => {
    const own = Object.keys(chunk.modules)
      .filter((id) => id.startsWith(NODE_CORE))
      .map((id) => path.relative(NODE_CORE, id).split(path.sep)[0]!)
    expect([...new Set(own)].sort()).toEqual(['adapters', 'economy', 'lib', 'light', 'protocol', 'state'])
    const packages = Object.keys(chunk.modules).filter((id) => id.includes('node_modules'))
    expect(packages.filter((id) => /libp2p|multiformats|react|idb|level/.test(id))).toEqual([])
  })

  it('starts where there is nothing but a browser', () => {
    const globals = { TextEncoder, TextDecoder, WebAssembly, atob, btoa, crypto }
    const context = createContext({ ...globals })
    runInContext(chunk.code, context)
    expect(runInContext('typeof light.createLightClient + typeof process', context)).toBe('functionundefined')
  })
})
