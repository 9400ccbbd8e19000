/**
 * The signal flag of an address: which pattern, colours and charge it flies. An aid to the eye, never a proof: there are
 * 4,704 forms, so two addresses can share one, and a flag is always shown with a name or an id.
 */

export const FLAG_PATTERNS = [
  'stripe',
  'diamond',
  'bars',
  'border',
  'canton',
  'pennant',
  'chequer',
  'disc',
  'sunrise',
  'cross',
  'saltire',
  'diagonal',
  'pile',
  'halves',
  'band',
  'quarters',
] as const
export type FlagPattern = (typeof FLAG_PATTERNS)[number]

export const FLAG_CHARGES = ['none', 'foot', 'triangle', 'hoist', 'corner', 'dot'] as const
export type FlagCharge = (typeof FLAG_CHARGES)[number]

export type FlagColour = 'bone' | 'night' | 'blue' | 'teal' | 'ochre' | 'brick' | 'slate'

export interface FlagPair {
  readonly field: FlagColour
  readonly device: FlagColour
  /** Colours that stand out on both; a charge takes one of them. */
  readonly charges: readonly [FlagColour, FlagColour, FlagColour, FlagColour]
}

export const FLAG_PAIRS: readonly FlagPair[] = [
  { field: 'bone', device: 'night', charges: ['blue', 'ochre', 'brick', 'teal'] },
  { field: 'bone', device: 'brick', charges: ['blue', 'teal', 'night', 'ochre'] },
  { field: 'bone', device: 'blue', charges: ['brick', 'night', 'ochre', 'slate'] },
  { field: 'bone', device: 'teal', charges: ['night', 'blue', 'brick', 'ochre'] },
  { field: 'night', device: 'ochre', charges: ['brick', 'bone', 'teal', 'blue'] },
  { field: 'night', device: 'slate', charges: ['brick', 'teal', 'bone', 'ochre'] },
  { field: 'ochre', device: 'teal', charges: ['night', 'brick', 'bone', 'blue'] },
  { field: 'ochre', device: 'brick', charges: ['teal', 'night', 'blue', 'bone'] },
  { field: 'ochre', device: 'night', charges: ['blue', 'bone', 'brick', 'teal'] },
  { field: 'ochre', device: 'blue', charges: ['brick', 'teal', 'night', 'bone'] },
  { field: 'brick', device: 'bone', charges: ['blue', 'night', 'teal', 'ochre'] },
  { field: 'brick', device: 'ochre', charges: ['night', 'bone', 'blue', 'teal'] },
  { field: 'blue', device: 'bone', charges: ['teal', 'night', 'ochre', 'brick'] },
  { field: 'teal', device: 'bone', charges: ['ochre', 'night', 'brick', 'blue'] },
]

export interface FlagForm {
  readonly pattern: FlagPattern
  /** Index into FLAG_PAIRS. */
  readonly pair: number
  readonly charge: FlagCharge
  /** Index into the pair's charge colours; 0 when there is no charge. */
  readonly chargeColour: number
}

/** Any text that names a key: ait1…, or a peer id. The same text gives the same flag in every release. */
export function flagOf(address: string): FlagForm {
  let bits = hash32(address)
  const take = (choices: number): number => {
    const choice = bits % choices
    bits = Math.floor(bits / choices)
    return choice
  }
  const pattern = FLAG_PATTERNS[take(FLAG_PATTERNS.length)]!
  const pair = take(FLAG_PAIRS.length)
  const charge = FLAG_CHARGES[take(FLAG_CHARGES.length)]!
  const colour = take(4)
  return { pattern, pair, charge, chargeColour: charge === 'none' ? 0 : colour }
}

/** FNV-1a over UTF-16 units, then the finishing steps of MurmurHash3 so that near texts land far apart. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
