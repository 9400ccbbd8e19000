/** Reading JSON that people write: strict, and a refusal says what was wrong and what would be right. */
import { fromHex } from '../lib/bytes.ts'
import { parseAddress } from './address.ts'
import { MAX_AMOUNT } from './amount.ts'
import type { Address, Amount } from './ids.ts'

export interface Refusal {
  readonly ok: false
  /** Where: 'parameters.blockTimeMs', 'validators.2.stake'. */
  readonly key: string
  /** What was there, shortened; 'missing' if nothing. */
  readonly value: string
  /** What is allowed. */
  readonly range: string
}

export type Read<T> = { readonly ok: true; readonly value: T } | Refusal

/** Characters of a refused value, and of the key it stands at, that are repeated. */
const SHOWN_CHARACTERS = 80

class RefusedValue extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(`${refusal.key}: ${refusal.value}`)
    this.refusal = refusal
  }
}

/** Runs a reader; its refusal comes back as a value. */
export function reading<T>(read: () => T): Read<T> {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (error instanceof RefusedValue) return error.refusal
    throw error
  }
}

export function refuse(key: string, value: unknown, range: string): never {
  throw new RefusedValue({ ok: false, key: shortened(key), value: shown(value), range })
}

/** An object of exactly these keys. */
export function readObject(
  key: string,
  value: unknown,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(key, value, `an object of ${keys.join(', ')}`)
  for (const name of Object.keys(value)) {
    if (!keys.includes(name))
      refuse(join(key, name), (value as Record<string, unknown>)[name], `known keys: ${keys.join(', ')}`)
  }
  const object: Record<string, unknown> = {}
  for (const name of keys)
    object[name] = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  return object
}

export function readArray<T>(
  key: string,
  value: unknown,
  limit: number,
  read: (key: string, item: unknown) => T,
): T[] {
  if (!Array.isArray(value) || value.length > limit) refuse(key, value, `a list of at most ${limit}`)
  return Array.from(value, (item, i) => read(join(key, String(i)), item))
}

export function readInteger(key: string, value: unknown, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max)
    refuse(key, value, `an integer from ${min} to ${max}`)
  return value as number
}

/** A decimal string of base units. */
export function readAmount(key: string, value: unknown, min: Amount, max: Amount = MAX_AMOUNT): Amount {
  const range = `base units as a decimal string, from ${min} to ${max}`
  if (typeof value !== 'string' || !/^(0|[1-9]\d{0,19})$/.test(value)) refuse(key, value, range)
  const amount = BigInt(value)
  if (amount < min || amount > max) refuse(key, value, range)
  return amount
}

export function readChoice<T extends string>(key: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) refuse(key, value, choices.join(', '))
  return value as T
}

export function readText(
  key: string,
  value: unknown,
  accepts: (text: string) => boolean,
  range: string,
): string {
  if (typeof value !== 'string' || !accepts(value)) refuse(key, value, range)
  return value
}

export function readAddress(key: string, value: unknown): Address {
  const address = typeof value === 'string' ? parseAddress(value) : null
  if (!address) refuse(key, value, 'an address, ait1…')
  return address
}

export function readBytes(key: string, value: unknown, length: number): Uint8Array {
  const bytes = typeof value === 'string' ? fromHex(value, length) : null
  if (!bytes) refuse(key, value, `${length} bytes of hex with 0x`)
  return bytes
}

export function join(key: string, name: string): string {
  return key === '' ? name : `${key}.${name}`
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  return shortened(typeof value === 'bigint' ? value.toString() : jsonText(value))
}

/** Lists within lists can be read deeper than they can be written. */
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Array.isArray(value) ? 'a list' : 'an object'
  }
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`
}
