/**
 * The part of JSON Schema (draft 7) that the method table uses, and its check. One schema is at once documentation in the
 * OpenRPC document and the validation of what callers send.
 */

export type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'

export interface JsonSchema {
  readonly type?: JsonType
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly anyOf?: readonly JsonSchema[]
  readonly $ref?: string
}

export type SchemaTable = Readonly<Record<string, JsonSchema>>

const REF_PREFIX = '#/components/schemas/'

/** What is wrong with the value, in words that name the place; null: it fits. */
export function schemaError(
  schema: JsonSchema,
  value: unknown,
  table: SchemaTable,
  at = 'params',
): string | null {
  if (schema.$ref !== undefined) return schemaError(resolve(schema.$ref, table), value, table, at)
  if (schema.anyOf !== undefined) return anyOfError(schema.anyOf, value, table, at)
  if (schema.type !== undefined && !hasType(schema.type, value))
    return `${at} must be ${article(schema.type)}`
  if (typeof value === 'string') return stringError(schema, value, at)
  if (typeof value === 'number') return numberError(schema, value, at)
  if (Array.isArray(value)) return itemsError(schema, value, table, at)
  if (typeof value === 'object' && value !== null)
    return objectError(schema, value as Record<string, unknown>, table, at)
  return null
}

function resolve(ref: string, table: SchemaTable): JsonSchema {
  const schema = table[ref.slice(REF_PREFIX.length)]
  if (schema === undefined) throw new Error(`the schema table has no ${ref}`)
  return schema
}

function anyOfError(
  choices: readonly JsonSchema[],
  value: unknown,
  table: SchemaTable,
  at: string,
): string | null {
  let last: string | null = null
  for (const choice of choices) {
    last = schemaError(choice, value, table, at)
    if (last === null) return null
  }
  return last
}

function hasType(type: JsonType, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isSafeInteger(value)
    default:
      return typeof value === type
  }
}

function article(type: JsonType): string {
  if (type === 'null') return 'null'
  return type === 'object' || type === 'array' || type === 'integer' ? `an ${type}` : `a ${type}`
}

function stringError(schema: JsonSchema, value: string, at: string): string | null {
  if (schema.maxLength !== undefined && value.length > schema.maxLength)
    return `${at} is longer than ${schema.maxLength} characters`
  if (schema.minLength !== undefined && value.length < schema.minLength)
    return `${at} is shorter than ${schema.minLength} characters`
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return `${at} must be one of ${schema.enum.join(', ')}`
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
    return `${at} must be ${schema.description ?? `text matching ${schema.pattern}`}`
  return null
}

function numberError(schema: JsonSchema, value: number, at: string): string | null {
  if (schema.minimum !== undefined && value < schema.minimum)
    return `${at} must be at least ${schema.minimum}`
  if (schema.maximum !== undefined && value > schema.maximum) return `${at} must be at most ${schema.maximum}`
  return null
}

function itemsError(
  schema: JsonSchema,
  value: readonly unknown[],
  table: SchemaTable,
  at: string,
): string | null {
  if (schema.items === undefined) return null
  for (const [index, item] of value.entries()) {
    const error = schemaError(schema.items, item, table, `${at}[${index}]`)
    if (error !== null) return error
  }
  return null
}

function objectError(
  schema: JsonSchema,
  value: Record<string, unknown>,
  table: SchemaTable,
  at: string,
): string | null {
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) return `${at}.${name} is missing`
  for (const [name, field] of Object.entries(value)) {
    const known =
      schema.properties !== undefined && Object.hasOwn(schema.properties, name)
        ? schema.properties[name]
        : schema.additionalProperties
    if (known === false) return `${at}.${name} is not known`
    if (typeof known !== 'object') continue
    const error = schemaError(known, field, table, `${at}.${name}`)
    if (error !== null) return error
  }
  return null
}
