/** What the light client costs a page, and that it brings nothing of a node. */
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Rolldown } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import { BUILD_TIMEOUT_MS, browserScript, inBrowser } from '../lib/browser-script.test-kit.ts'

/** Bytes of script, compressed, signatures and hashes included. */
const MAX_COMPRESSED_BYTES = 100_000

const NODE_CORE = path.resolve(import.meta.dirname, '..')
const SOURCE = `
import * as light from '${NODE_CORE}/adapters/light-client.ts'
globalThis.light = light
`

let chunk: Rolldown.OutputChunk

beforeAll(async () => {
  chunk = await browserScript(SOURCE)
}, BUILD_TIMEOUT_MS)

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
    const evaluate = inBrowser(chunk.code)
    expect(evaluate('typeof light.createLightClient + typeof process')).toBe('functionundefined')
  })
})
