import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NodeMethod } from '../node/node-api.ts'
import { API_VERSION } from './api-version.ts'
import { EXAMPLES } from './examples.ts'
import { schemaError } from './json-schema.ts'
import { METHODS, type MethodSpec, paramsSchema } from './methods.ts'
import { openRpcDocument } from './openrpc.ts'
import { SCHEMAS } from './result-schemas.ts'

const root = path.resolve(import.meta.dirname, '../..')
const readJson = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'))

describe('the OpenRPC document', () => {
  it('is the one in docs/api (else run: node scripts/write-openrpc.ts)', () => {
    expect(readJson('docs/api/openrpc.json')).toEqual(
      JSON.parse(JSON.stringify(openRpcDocument(API_VERSION))),
    )
  })

  it("bears the package's version", () => {
    expect(readJson('package.json').version).toBe(API_VERSION)
  })

  it.each(Object.entries<MethodSpec>(METHODS))(
    'has an example of %s that fits its own schemas',
    (name, spec) => {
      const example = EXAMPLES[name as NodeMethod]
      expect(schemaError(paramsSchema(spec), example.params, SCHEMAS)).toBeNull()
      expect(schemaError(spec.result, example.result, SCHEMAS, 'result')).toBeNull()
    },
  )

  it('refers only to schemas that it holds', () => {
    const names = [
      ...JSON.stringify(openRpcDocument(API_VERSION)).matchAll(/#\/components\/schemas\/(\w+)/g),
    ].map((match) => match[1]!)
    expect(names.filter((name) => !(name in SCHEMAS))).toEqual([])
  })
})
