/** Small formats of the command line's lines for people. */

export function percent(millionths: number): string {
  return `${(millionths / 10_000).toFixed(1)} %`
}

/** UTC to the second. */
export function timeWords(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 19)
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
