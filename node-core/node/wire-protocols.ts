/** The request-response protocols of nodes and their framing; ids are prefixed with the chain by the network adapter. */
import { concatBytes, utf8 } from '../lib/bytes.ts'
import type { Height } from '../protocol/ids.ts'
import { BODY_TRANSACTIONS, SYNC_BLOCKS } from './constants.ts'
import type { NodeMode } from './node-api.ts'

export const STATUS_PROTOCOL = 'status/1'
export const SYNC_PROTOCOL = 'sync/1'
export const BODY_PROTOCOL = 'body/1'
/** Evidence that the asker, who names what it has, does not hold. */
export const EVIDENCE_PROTOCOL = 'evidence/1'
/** A proposal's compact block by its id. */
export const PROPOSAL_PROTOCOL = 'proposal/1'

/** What peers tell each other about themselves. Unsigned: a hint, never a proof. */
export interface PeerStatus {
  readonly genesisHash: string
  readonly headHeight: Height
  readonly mode: NodeMode
  readonly version: string
  /** Hex address of the validator that the peer says it runs. */
  readonly validator: string | null
  readonly wallMs: number
}

const MODES: readonly NodeMode[] = ['validator', 'full', 'light', 'observer']
/** Bytes of an encoded status. */
const STATUS_BYTES = 1_024
/** Printed and logged as it is, so nothing that a terminal or a page would take for more than text. */
const VERSION_TEXT = /^[\w.+-]{1,32}$/

export function encodeStatus(status: PeerStatus): Uint8Array {
  return utf8(JSON.stringify(status))
}

/** null: not a status. */
export function decodeStatus(bytes: Uint8Array): PeerStatus | null {
  if (bytes.length > STATUS_BYTES) return null
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const status = value as Record<string, unknown>
  if (typeof status.genesisHash !== 'string' || !/^0x[0-9a-f]{64}$/.test(status.genesisHash)) return null
  if (typeof status.version !== 'string' || !VERSION_TEXT.test(status.version)) return null
  if (!Number.isSafeInteger(status.headHeight) || (status.headHeight as number) < 0) return null
  const { wallMs } = status
  if (typeof wallMs !== 'number' || !(wallMs >= 0 && wallMs <= Number.MAX_SAFE_INTEGER)) return null
  if (!MODES.includes(status.mode as NodeMode)) return null
  const validator = status.validator
  if (validator !== null && !(typeof validator === 'string' && /^0x[0-9a-f]{40}$/.test(validator)))
    return null
  return {
    genesisHash: status.genesisHash,
    headHeight: status.headHeight as number,
    mode: status.mode as NodeMode,
    version: status.version,
    validator,
    wallMs,
  }
}

/** A list of byte strings: count, then length and bytes of each, little-endian u32. */
export function encodeList(items: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [u32(items.length)]
  for (const item of items) parts.push(u32(item.length), item)
  return concatBytes(...parts)
}

/** null: not exactly such a list, or more than `limit` items. */
export function decodeList(bytes: Uint8Array, limit: number): Uint8Array[] | null {
  if (bytes.length < 4) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0, true)
  if (count > limit) return null
  const items: Uint8Array[] = []
  let offset = 4
  for (let i = 0; i < count; i++) {
    if (offset + 4 > bytes.length) return null
    const length = view.getUint32(offset, true)
    offset += 4
    if (offset + length > bytes.length) return null
    items.push(bytes.slice(offset, offset + length))
    offset += length
  }
  return offset === bytes.length ? items : null
}

/** Blocks from this height on, at most `limit`. */
export interface SyncRequest {
  readonly fromHeight: Height
  readonly limit: number
}

export function encodeSyncRequest(request: SyncRequest): Uint8Array {
  return concatBytes(u32(request.fromHeight), u32(request.limit))
}

export function decodeSyncRequest(bytes: Uint8Array): SyncRequest | null {
  if (bytes.length !== 8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const limit = view.getUint32(4, true)
  return { fromHeight: view.getUint32(0, true), limit: Math.min(limit, SYNC_BLOCKS) }
}

/** Ids of 32 bytes each: transactions whose bodies are missing, or evidence that is known. */
export function decodeIds(bytes: Uint8Array): Uint8Array[] | null {
  if (bytes.length % 32 !== 0 || bytes.length / 32 > BODY_TRANSACTIONS) return null
  const ids: Uint8Array[] = []
  for (let offset = 0; offset < bytes.length; offset += 32) ids.push(bytes.slice(offset, offset + 32))
  return ids
}

/**
 * Gossip drops bytes it has seen before, and a vote must be sent again until its round ends; so a counter goes in front.
 * It is not signed and carries no meaning.
 */
export function encodeRepeatable(repeat: number, message: Uint8Array): Uint8Array {
  return concatBytes(u32(repeat), message)
}

export function decodeRepeatable(bytes: Uint8Array): Uint8Array | null {
  return bytes.length < 4 ? null : bytes.subarray(4)
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
