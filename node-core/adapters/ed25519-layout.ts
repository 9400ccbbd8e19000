/** Where things lie in the memory of the WebAssembly module that ed25519-batch.ts drives. Addresses and sizes in bytes. */

/** A field element is the sum of so many floats; limb n is a whole multiple of 2^startOf(n). */
export const LIMBS = 12
/** Bits before limb n; for n = 12 those of the field. */
export const startOf = (limb: number) => Math.ceil(21.25 * limb)
export const widthOf = (limb: number) => startOf(limb + 1) - startOf(limb)
/** Of two elements side by side, limb beside limb: 64-bit floats. */
export const LIMB_BYTES = 16
export const PAIR_BYTES = LIMBS * LIMB_BYTES
/** (x, y) and (t, z), or what of them is added to another point. */
export const POINT_BYTES = 2 * PAIR_BYTES

/** Signatures of one equation: it keeps the thread that long. */
export const BATCH_SIGNATURES = 32
/** Terms of one equation: a point R and a key for each signature, and the base point. A multiple of 8. */
export const TERMS = 2 * BATCH_SIGNATURES + 8
/** Scalars are below 2^253, so their signed digits end at position 253. */
export const DIGIT_POSITIONS = 254

/** Signed digits of this many bits, and the odd multiples of the point that they need. */
export const WINDOWS = {
  base: { bits: 8, multiples: 64 },
  key: { bits: 5, multiples: 8 },
  commitment: { bits: 4, multiples: 4 },
} as const

/** Tables of keys kept: more than the validators and the busiest senders of a moment. 12 MiB when all are taken. */
export const KEY_SLOTS = 4_096
export const KEY_TABLE_BYTES = WINDOWS.key.multiples * POINT_BYTES
export const COMMITMENT_TABLE_BYTES = WINDOWS.commitment.multiples * POINT_BYTES

/** Of a signature that can be in a batch: a transaction's may have this size. */
export const LONGEST_MESSAGE_BYTES = 32 * 1_024

/** What an element's limbs are for this number, which may be any below 2^255; balanced. */
export function limbsOf(value: bigint): number[] {
  let rest = value
  return Array.from({ length: LIMBS }, (_, limb) => {
    const width = widthOf(limb)
    const digit = limb === LIMBS - 1 ? rest : BigInt.asIntN(width, rest)
    rest = (rest - digit) >> BigInt(width)
    return Number(digit) * 2 ** startOf(limb)
  })
}

let end = 1_024
function place(bytes: number): number {
  const address = end
  end += (bytes + 63) & ~63
  return address
}

/** Elements and points that routines work on. */
export const SCRATCH = place(36 * PAIR_BYTES)
/** The point that a sum ended in. */
export const SUM = place(POINT_BYTES)
/** Constants of the field, and those of SHA-512. */
export const CONSTANTS = place(8 * PAIR_BYTES)
/** What rounds each limb to the next one's unit. */
export const ROUNDINGS = place(PAIR_BYTES)
export const LANE_FACTORS = place(64)
export const ROUND_CONSTANTS = place(80 * 8)
/** State, and the schedule of one block. */
export const HASH = place(8 * 8)
export const SCHEDULE = place(16 * 8)
/** 32 bytes, little-endian; a routine may read 8 more. */
export const SCALAR = place(48)
export const ENCODED_POINTS = place(TERMS * 32 + 8)
/** One byte for each of the points: 1 = decoded. */
export const DECODED = place(TERMS)
export const POINTS = place(TERMS * POINT_BYTES)
/** For each term the address of its table. */
export const TABLES = place(TERMS * 4)
/** One byte for each position and term, term beside term. */
export const DIGITS = place(DIGIT_POSITIONS * TERMS + 256)
/** R, key and message, padded for SHA-512. */
export const MESSAGE = place(LONGEST_MESSAGE_BYTES + 1_024)
export const BASE_TABLE = place(WINDOWS.base.multiples * POINT_BYTES)
export const COMMITMENT_TABLES = place(BATCH_SIGNATURES * COMMITMENT_TABLE_BYTES)
export const KEY_TABLES = place(KEY_SLOTS * KEY_TABLE_BYTES)
export const MEMORY_BYTES = end
