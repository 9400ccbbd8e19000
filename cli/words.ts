/** Small formats of the command line's lines for people. */

export function percent(millionths: number): string {
  return `${(millionths / 10_000).toFixed(1)} %`
}

/** UTC to the second. */
export function timeWords(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 19)
}

const DURATIONS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** In the largest unit of which it is at least one, to a tenth: `14 days`, `1.5 hours`. */
export function durationWords(ms: number): string {
  const [unit, unitMs] = DURATIONS.find(([, each]) => ms >= each) ?? DURATIONS.at(-1)!
  const count = Math.round((ms / unitMs) * 10) / 10
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** Columns padded to the widest cell; two spaces between. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

/** Fields one under the other. */
export function fields(entries: readonly (readonly [string, string | number])[]): string[] {
  return table(entries.map(([name, value]) => [name, String(value)]))
}

/** Of a refusal, below its words. */
export function factLines(facts: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(facts).map(
    ([name, value]) => `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
}
