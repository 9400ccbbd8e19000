/** Addresses: 20 bytes of a hash inside, bech32m outside (ait1…), so that a mistyped one is noticed. */
import { digest } from '@chainsafe/as-sha256'
import { bech32m } from '@scure/base'
import { assert } from '../lib/assert.ts'
import { concatBytes, fromHex, toHex } from '../lib/bytes.ts'
import { ADDRESS_BYTES } from './constants.ts'
import type { Address } from './ids.ts'

const PREFIX = 'ait'
/** Prefix, separator, 32 characters of data, 6 of checksum. */
const TEXT_LENGTH = PREFIX.length + 1 + 32 + 6

/** The first 20 bytes of sha256(scheme ‖ public key). */
export function addressOf(scheme: number, publicKey: Uint8Array): Address {
  assert(Number.isInteger(scheme) && scheme >= 0 && scheme <= 255, 'a scheme is one byte')
  return toHex(digest(concatBytes(Uint8Array.of(scheme), publicKey)).subarray(0, ADDRESS_BYTES)) as Address
}

export function addressBytes(address: Address): Uint8Array {
  const bytes = fromHex(address, ADDRESS_BYTES)
  assert(bytes, 'an address is 20 bytes of hex')
  return bytes
}

/** What people see: ait1…, 42 characters. */
export function formatAddress(address: Address): string {
  return bech32m.encode(PREFIX, bech32m.toWords(addressBytes(address)))
}

/** Reads what formatAddress writes, in one case throughout; null for anything else. */
export function parseAddress(text: string): Address | null {
  if (text.length !== TEXT_LENGTH) return null
  const decoded = bech32m.decodeUnsafe(text, TEXT_LENGTH)
  if (decoded?.prefix !== PREFIX) return null
  const bytes = bech32m.fromWordsUnsafe(decoded.words)
  if (bytes?.length !== ADDRESS_BYTES) return null
  return toHex(bytes) as Address
}
