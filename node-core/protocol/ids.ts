/** Branded identifiers and type names for numbers, used by every layer above. */

declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** 32 bytes as lower-case hex with 0x: a block id, a transaction id, a root, a set's hash. */
export type Hash = Brand<`0x${string}`, 'Hash'>
/** 20 bytes as lower-case hex with 0x. Faces (RPC, page, command line) show it as bech32m, ait1…; see address.ts. */
export type Address = Brand<`0x${string}`, 'Address'>

export type ChainId = string
export type Height = number
export type Round = number
export type Epoch = number
export type TimestampMs = number
/** Units of gas: a safe integer. */
export type Gas = number
/** Base units (nAIT): 1 AIT = 1,000,000,000. On the wire an unsigned 64-bit integer. */
export type Amount = bigint
/** A fraction in [0, 1] as an integer of millionths. */
export type Millionths = number
