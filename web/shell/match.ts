/** Where a query stands in a text: [from, to), passing over commas between digits and the case; null when it does not. */
export function findMatch(text: string, query: string): readonly [number, number] | null {
  const wanted = bare(query)
  if (wanted === '') return null
  for (let from = 0; from < text.length; from++) {
    if (isSkipped(text[from]!)) continue
    const to = matchEnd(text, from, wanted)
    if (to !== null) return [from, to]
  }
  return null
}

function matchEnd(text: string, from: number, wanted: string): number | null {
  let at = from
  for (const letter of wanted) {
    while (at < text.length && isSkipped(text[at]!)) at++
    if (text[at]?.toLowerCase() !== letter) return null
    at++
  }
  return at
}

function bare(query: string): string {
  return [...query.trim().toLowerCase()].filter((letter) => !isSkipped(letter)).join('')
}

function isSkipped(letter: string): boolean {
  return letter === ','
}
