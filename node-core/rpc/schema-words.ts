/** What schemas of results are made of. */
import type { JsonSchema } from './json-schema.ts'

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })
export const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })

/** An object with these fields; all are present unless named in `optional`. */
export function object(properties: Record<string, JsonSchema>, optional: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
  }
}

export const text: JsonSchema = { type: 'string' }
export const flag: JsonSchema = { type: 'boolean' }
export const number: JsonSchema = { type: 'number' }
export const count: JsonSchema = { type: 'integer', minimum: 0 }
export const timeMs: JsonSchema = { type: 'number', description: 'ms since the Unix epoch' }
export const millionths: JsonSchema = {
  type: 'integer',
  minimum: 0,
  maximum: 1_000_000,
  description: 'millionths',
}
export const freeObject: JsonSchema = { type: 'object', additionalProperties: true }
export const hash = ref('Hash')
export const address = ref('Address')
export const amount = ref('Amount')
