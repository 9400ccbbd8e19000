import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, differenceOf, linearOf, type Rgb, seenWith, VISIONS } from './colour.ts'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const THEMES = ['light', 'dark'] as const

function readTokens(): Record<(typeof THEMES)[number], Map<string, Rgb>> {
  const tokens = { light: new Map<string, Rgb>(), dark: new Map<string, Rgb>() }
  const opaque = 'oklch\\(([\\d.]+) ([\\d.]+) ([\\d.]+)\\)'
  for (const match of css.matchAll(
    new RegExp(`--([\\w-]+):\\s*light-dark\\(${opaque},\\s*${opaque}\\)`, 'g'),
  )) {
    const [, name, ...numbers] = match
    const [l1, c1, h1, l2, c2, h2] = numbers.map(Number)
    tokens.light.set(name!, linearOf(l1!, c1!, h1!))
    tokens.dark.set(name!, linearOf(l2!, c2!, h2!))
  }
  return tokens
}

const tokens = readTokens()
const INKS = ['ink', 'ink-2', 'ink-3']
const TONES = ['you', 'good', 'warn', 'bad', 'info']
const SURFACES = ['sea', 'sheet', 'raised', 'hover']
const PHASES = ['phase-preprepare', 'phase-prepare', 'phase-commit', 'phase-round']
const SERIES = [1, 2, 3, 4, 5, 6].map((index) => `series-${index}`)

describe.each(THEMES)('the %s colours', (theme) => {
  const colour = (name: string): Rgb => {
    const found = tokens[theme].get(name)
    if (found === undefined) throw new Error(`no token --${name}`)
    return found
  }
  const tooClose = (pairs: readonly (readonly [string, string])[], atLeast: number) =>
    pairs
      .map(([front, back]) => ({ front, back, ratio: contrast(colour(front), colour(back)) }))
      .filter(({ ratio }) => ratio < atLeast)
  const each = (fronts: readonly string[], backs: readonly string[]) =>
    fronts.flatMap((front) => backs.map((back) => [front, back] as const))

  it('are all read from the file', () => {
    expect(tokens[theme].size).toBeGreaterThan(40)
  })

  it('let text be read on every surface and wash', () => {
    const washes = TONES.map((tone) => `${tone}-wash`)
    expect(tooClose(each(INKS, [...SURFACES, 'sunk', ...washes]), 4.5)).toEqual([])
    expect(tooClose(each(TONES, SURFACES), 4.5)).toEqual([])
    expect(
      tooClose(
        TONES.map((tone) => [tone, `${tone}-wash`] as const),
        4.5,
      ),
    ).toEqual([])
    expect(tooClose([['on-you', 'you']], 4.5)).toEqual([])
  })

  it('let marks and control borders be seen', () => {
    const marks = ['line-strong', 'lit', ...PHASES, ...SERIES]
    expect(tooClose(each(marks, ['sea', 'sheet', 'raised']), 3)).toEqual([])
  })

  it.each(VISIONS)('are told apart with %s vision', (vision) => {
    const groups = [
      { names: SERIES, atLeast: 10 },
      { names: PHASES, atLeast: 8 },
      { names: ['you', 'good', 'warn', 'bad'], atLeast: 7 },
    ]
    const alike = groups.flatMap(({ names, atLeast }) =>
      names.flatMap((one, index) =>
        names.slice(index + 1).flatMap((other) => {
          const apart = differenceOf(seenWith(vision, colour(one)), seenWith(vision, colour(other)))
          return apart < atLeast ? [`${one} and ${other}: ${apart.toFixed(1)}`] : []
        }),
      ),
    )
    expect(alike).toEqual([])
  })
})

describe('the arithmetic', () => {
  it('gives the known contrast of black on white and of a grey', () => {
    expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21, 5)
    expect(contrast(linearOf(1, 0, 0), linearOf(0, 0, 0))).toBeCloseTo(21, 1)
  })

  it('finds no difference of a colour from itself, and a large one of black from white', () => {
    expect(differenceOf([0.3, 0.2, 0.1], [0.3, 0.2, 0.1])).toBe(0)
    expect(differenceOf([0, 0, 0], [1, 1, 1])).toBeCloseTo(100, 1)
  })
})
