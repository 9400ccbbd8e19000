/**
 * The bytes of a journal file: frames one behind the other.
 *
 *   magic (4) · payload length (u32, little endian) · checksum (8) · payload
 *
 * The checksum is the first 8 bytes of SHA-256 over length and payload. A frame that is not whole is a torn tail only when no
 * whole frame stands anywhere behind it: records are appended one at a time and each is durable before the next, so a hole
 * before a whole record is damage, and forgetting what was in it could make a validator sign twice.
 */
import { concatBytes, equalBytes } from '../lib/bytes.ts'
import { StorageError } from '../ports/storage-error.ts'
import { JOURNAL_RECORD_BYTES } from './limits.ts'
import { longHash } from './long-hash.ts'

const MAGIC = Uint8Array.of(0x41, 0x4a, 0x4c, 0x31)
const CHECKSUM_BYTES = 8
const LENGTH_BYTES = 4
export const FRAME_OVERHEAD_BYTES = MAGIC.length + LENGTH_BYTES + CHECKSUM_BYTES

/** Throws StorageError 'record-too-large' above JOURNAL_RECORD_BYTES. */
export function encodeFrame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  if (payload.length > JOURNAL_RECORD_BYTES) {
    throw new StorageError('record-too-large', { bytes: payload.length, limit: JOURNAL_RECORD_BYTES })
  }
  const frame = new Uint8Array(FRAME_OVERHEAD_BYTES + payload.length)
  frame.set(MAGIC)
  new DataView(frame.buffer).setUint32(MAGIC.length, payload.length, true)
  frame.set(checksum(payload), MAGIC.length + LENGTH_BYTES)
  frame.set(payload, FRAME_OVERHEAD_BYTES)
  return frame
}

export interface FrameScan {
  /** Copies, oldest first. */
  readonly records: Uint8Array[]
  /** Length of the whole frames at the start. */
  readonly wholeBytes: number
  /** What is behind them cannot be the tail of an interrupted append. */
  readonly damaged: boolean
}

export function scanFrames(file: Uint8Array): FrameScan {
  const records: Uint8Array[] = []
  let offset = 0
  for (;;) {
    const payload = frameAt(file, offset)
    if (!payload) break
    records.push(payload.slice())
    offset += FRAME_OVERHEAD_BYTES + payload.length
  }
  return { records, wholeBytes: offset, damaged: !isTornTail(file.subarray(offset)) }
}

/** The payload of the whole frame that begins at `offset`, as a view; null when there is none. */
function frameAt(file: Uint8Array, offset: number): Uint8Array | null {
  if (offset + FRAME_OVERHEAD_BYTES > file.length) return null
  if (!equalBytes(file.subarray(offset, offset + MAGIC.length), MAGIC)) return null
  const length = new DataView(file.buffer, file.byteOffset + offset + MAGIC.length).getUint32(0, true)
  const start = offset + FRAME_OVERHEAD_BYTES
  if (length > JOURNAL_RECORD_BYTES || start + length > file.length) return null
  const payload = file.subarray(start, start + length)
  const expected = file.subarray(offset + MAGIC.length + LENGTH_BYTES, start)
  return equalBytes(checksum(payload), expected) ? payload : null
}

/** An interrupted append leaves the beginning of one frame, with pages of it possibly still zero, and nothing whole. */
function isTornTail(tail: Uint8Array): boolean {
  const begun = Math.min(tail.length, MAGIC.length)
  const start = tail.subarray(0, begun)
  if (!equalBytes(start, MAGIC.subarray(0, begun)) && start.some((byte) => byte !== 0)) return false
  for (let offset = tail.indexOf(MAGIC[0]!); offset !== -1; offset = tail.indexOf(MAGIC[0]!, offset + 1)) {
    if (frameAt(tail, offset)) return false
  }
  return true
}

function checksum(payload: Uint8Array): Uint8Array {
  const length = new Uint8Array(LENGTH_BYTES)
  new DataView(length.buffer).setUint32(0, payload.length, true)
  return longHash(concatBytes(length, payload)).subarray(0, CHECKSUM_BYTES)
}
