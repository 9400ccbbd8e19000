/**
 * Figures as words. Units stand after a no-break space; below 1 s tables count in ms. Spans and ages: ui/time-words.ts.
 * PERF: formatters are made once; toLocaleString makes one at each call, and took a third of a busy page's time.
 */

const SPACE = '\u00a0'
const MOST_DIGITS = 6
const byDigits = Array.from(
  { length: MOST_DIGITS + 1 },
  (_, digits) =>
    new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
)
const whole = byDigits[0]!

/** 48217 → "48,217". */
export function integer(value: number | bigint): string {
  return whole.format(value)
}

/** With exactly so many digits after the point, at most 6. */
export function decimal(value: number, digits: number): string {
  return byDigits[digits]!.format(value)
}

/** Millionths as a percentage with one decimal and no unit: 552000 → "55.2". */
export function percentOf(millionths: number): string {
  return decimal(millionths / 10_000, 1)
}

/** The same without a needless decimal, with its unit: 50000 → "5 %", 25000 → "2.5 %". */
export function shortPercent(millionths: number): string {
  return `${percentOf(millionths).replace(/\.0$/, '')} %`
}

/** 552000 → "55.2 %". */
export function percent(millionths: number): string {
  return `${percentOf(millionths)}${SPACE}%`
}

/** Seconds for sentences: 412 → "0.41 seconds"; 4520 → "4.5 seconds". */
export function secondsWords(ms: number): string {
  return `${secondsFigure(ms)}${SPACE}seconds`
}

/** 412 → "0.41"; 4520 → "4.5". */
export function secondsFigure(ms: number): string {
  return decimal(ms / 1000, ms < 1000 ? 2 : 1)
}

/** For narrow columns: 384 → "384", 4520 → "4.5 s". */
export function millisecondsShort(ms: number): string {
  return ms < 1000 ? whole.format(ms) : `${secondsFigure(ms)}${SPACE}s`
}

const SMALL = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
] as const

/** Counts up to twelve as words, for sentences. */
export function countWord(count: number): string {
  return SMALL[count] ?? whole.format(count)
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** "Bodø", "Bodø and Tern", "Bodø, Tern and 3 more". */
export function nameList(names: readonly string[], shown = 2): string {
  if (names.length <= shown) {
    const before = names.slice(0, -1).join(', ')
    return before === '' ? (names[0] ?? '') : `${before} and ${names.at(-1)}`
  }
  const rest = names.length - shown
  return `${names.slice(0, shown).join(', ')} and ${countWord(rest)} more`
}
