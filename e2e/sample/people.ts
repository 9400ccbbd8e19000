/** Who is in the sample network, from a seed: names, addresses, powers. */

/** A number in [0, 1) from texts and numbers; the same each time. */
export function chance(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const letter of parts.join('/')) {
    hash ^= letter.charCodeAt(0)
    hash = Math.imul(hash, 0x01000193)
  }
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  hash ^= hash >>> 12
  hash = Math.imul(hash, 0x297a2d39)
  hash ^= hash >>> 15
  return (hash >>> 0) / 0x1_0000_0000
}

export function hexOf(bytes: number, ...seed: readonly (string | number)[]): string {
  let text = '0x'
  for (let i = 0; i < bytes; i++)
    text += Math.floor(chance(...seed, i) * 256)
      .toString(16)
      .padStart(2, '0')
  return text
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function lettersOf(alphabet: string, count: number, ...seed: readonly (string | number)[]): string {
  return Array.from(
    { length: count },
    (_, i) => alphabet[Math.floor(chance(...seed, i) * alphabet.length)],
  ).join('')
}

export function addressOf(name: string): string {
  return `ait1${lettersOf(BECH32, 38, 'address', name)}`
}

export function peerOf(name: string): string {
  return `12D3KooW${lettersOf(BASE58, 44, 'peer', name)}`
}

export interface Member {
  readonly name: string
  readonly address: string
  /** Millionths of the set. */
  readonly power: number
  readonly self: boolean
  /** Nothing heard since this height. */
  readonly silentSince: number | null
  /** Often behind the others. */
  readonly slow: boolean
}

export const FIRST_HEIGHT = 48_218
const SILENT_SINCE = 48_196

const NINE: readonly (readonly [string, number])[] = [
  ['Lodestone', 174_000],
  ['Kestrel', 158_000],
  ['Marram', 141_000],
  ['Tern', 129_000],
  ['Pellworm', 113_000],
  ['Skerry', 96_000],
  ['Nightjar', 79_000],
  ['Bodø', 63_000],
  ['Ostrava', 47_000],
]

export const SELF = 'Nightjar'
export const SELF_ADDRESS = addressOf(SELF)

export function nine(silent: readonly string[]): readonly Member[] {
  return NINE.map(([name, power]) => ({
    name,
    address: addressOf(name),
    power,
    self: name === SELF,
    silentSince: silent.includes(name) ? SILENT_SINCE : null,
    slow: name === 'Ostrava' || name === 'Skerry',
  }))
}

/** A hundred validators of falling power, four of them silent. */
export function hundred(): readonly Member[] {
  const weights = Array.from({ length: 100 }, (_, i) => 1 / (i + 12))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight, i) => {
    const name = i < NINE.length ? NINE[i]![0] : `Station ${i + 1}`
    return {
      name,
      address: addressOf(name),
      power: Math.round((weight / sum) * 1_000_000),
      self: name === SELF,
      silentSince: i % 25 === 24 ? SILENT_SINCE - i : null,
      slow: i % 11 === 5,
    }
  })
}
