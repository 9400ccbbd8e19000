/** SHA-512 (FIPS 180-4): in a batch it costs less here than the way to the platform's. */
import { HASH, MESSAGE, ROUND_CONSTANTS, SCHEDULE } from '../../node-core/adapters/ed25519-layout.ts'
import {
  type Code,
  code,
  I32,
  I64,
  i32,
  i64,
  type Local,
  repeat,
  v128,
  type WasmModule,
} from './assembler.ts'

const ROUNDS = 80
const BLOCK_BYTES = 128
const WORDS = 16
const WORD = 2n ** 64n

function primes(count: number): bigint[] {
  const found: bigint[] = []
  for (let n = 2n; found.length < count; n++) if (found.every((prime) => n % prime !== 0n)) found.push(n)
  return found
}

/** The largest r with r^degree ≤ value. */
function rootOf(value: bigint, degree: bigint): bigint {
  let root = 0n
  for (let bit = 2n ** 90n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= value) root += bit
  return root
}

/** The first 64 bits after the point of the root of a prime. */
const fractionOfRoot = (prime: bigint, degree: bigint) => rootOf(prime * WORD ** degree, degree) % WORD

/** Each group of 8 bytes the other way round. */
const REVERSED = [0, 8].flatMap((start) => [7, 6, 5, 4, 3, 2, 1, 0].map((byte) => start + byte))

/** Exports sha512(blocks): the padded message's hash is at HASH then, its 64 bytes in their order. */
export function addSha512(module: WasmModule): void {
  const constants = BigUint64Array.from(primes(ROUNDS), (prime) => fractionOfRoot(prime, 3n))
  module.data(ROUND_CONSTANTS, new Uint8Array(constants.buffer))
  const compress = addCompress(module)
  module.export('sha512', [I32], [], ({ parameters: [blocks], local }) => {
    const n = local(I32)
    const at = (word: number) => i32.const(HASH + 8 * word)
    return code(
      ...primes(8).map((prime, word) => i64.store(at(word), i64.const(fractionOfRoot(prime, 2n)))),
      repeat(
        n,
        blocks!.get,
        compress.call(i32.add(i32.const(MESSAGE), i32.mul(n.get, i32.const(BLOCK_BYTES)))),
      ),
      ...[0, 2, 4, 6].map((word) => {
        const pair = v128.load(at(word))
        return v128.store(at(word), v128.shuffle(pair, pair, REVERSED))
      }),
    )
  })
}

function addCompress(module: WasmModule) {
  return module.routine([I32], [], ({ parameters: [block], local }) => {
    const state = Array.from({ length: 8 }, () => local(I64))
    const [sum, round] = [local(I64), local(I32)]
    const scheduled = (word: number) => i64.load(i32.const(SCHEDULE), 8 * (word % WORDS))
    const rotations = (value: Code, ...bits: bigint[]) =>
      bits.map((count) => i64.rotr(value, i64.const(count))).reduce((a, b) => i64.xor(a, b))
    const extend = (word: number) => {
      const [early, late] = [scheduled(word + 1), scheduled(word + 14)]
      return code(
        sum.set(i64.xor(rotations(early, 1n, 8n), i64.shrU(early, i64.const(7n)))),
        sum.set(i64.add(sum.get, i64.xor(rotations(late, 19n, 61n), i64.shrU(late, i64.const(6n))))),
        sum.set(i64.add(i64.add(sum.get, scheduled(word)), scheduled(word + 9))),
        i64.store(i32.const(SCHEDULE), sum.get, 8 * word),
      )
    }
    /** The variables change places by name, so that eight rounds bring each back to its own. */
    const oneRound = (word: number) => {
      const [a, b, c, d, e, f, g, h] = state.map((_, n) => state[(n + 8 - (word % 8)) % 8]!) as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ]
      const constant = i64.load(
        i32.add(i32.const(ROUND_CONSTANTS), i32.shl(round.get, i32.const(3))),
        8 * word,
      )
      const choice = i64.xor(g.get, i64.and(e.get, i64.xor(f.get, g.get)))
      const majority = i64.or(i64.and(a.get, b.get), i64.and(c.get, i64.or(a.get, b.get)))
      return code(
        h.set(i64.add(i64.add(h.get, constant), i64.add(scheduled(word), choice))),
        h.set(i64.add(h.get, rotations(e.get, 14n, 18n, 41n))),
        d.set(i64.add(d.get, h.get)),
        h.set(i64.add(i64.add(h.get, majority), rotations(a.get, 28n, 34n, 39n))),
      )
    }
    const words = [...Array(WORDS).keys()]
    const at = (word: number) => i32.const(HASH + 8 * word)
    return code(
      ...words
        .filter((word) => word % 2 === 0)
        .map((word) => {
          const pair = v128.load(block!.get, 8 * word)
          return v128.store(i32.const(SCHEDULE), v128.shuffle(pair, pair, REVERSED), 8 * word)
        }),
      ...state.map((variable, n) => variable.set(i64.load(at(n)))),
      repeat(round, i32.const(ROUNDS), code(...words.map(oneRound), ...words.map(extend)), WORDS),
      ...state.map((variable, n) => i64.store(at(n), i64.add(i64.load(at(n)), variable.get))),
    )
  })
}
