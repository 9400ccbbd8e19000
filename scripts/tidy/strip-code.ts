/** Source text with comments, strings and regular expressions blanked, lines kept: what is left is code. */

/** After these a slash begins a regular expression, not a division. */
const BEFORE_REGEX =
  /(?:^|[=(,;:!&|?{}[\]+\-*%<>~^]|\b(?:return|typeof|case|in|of|delete|void|throw|await))\s*$/

/** Blanks keep their length, so offsets and lines stay those of the file. `keepStrings` leaves strings as they are. */
export function stripCode(source: string, keepStrings = false): string {
  const out: string[] = []
  // Open `${` of template literals: braces opened since.
  const templates: number[] = []
  let i = 0
  const blank = (end: number, keep = false) => {
    const part = source.slice(i, end)
    out.push(keep ? part : part.replace(/[^\n]/g, ' '))
    i = end
  }
  const template = () => {
    const end = templateEnd(source, i + 1)
    const opens = source.startsWith('${', end - 2) && source[end - 1] === '{'
    if (opens) templates.push(0)
    blank(end, keepStrings)
  }
  while (i < source.length) {
    const char = source[i]!
    const two = source.slice(i, i + 2)
    if (two === '//') blank(endOf(source, i, '\n'))
    else if (two === '/*') blank(endOf(source, i + 2, '*/') + 2)
    else if (char === "'" || char === '"') blank(quoteEnd(source, i), keepStrings)
    else if (char === '`') template()
    else if (char === '}' && templates.at(-1) === 0) {
      templates.pop()
      template()
    } else if (char === '/' && BEFORE_REGEX.test(source.slice(Math.max(0, i - 40), i)))
      blank(regexEnd(source, i))
    else {
      if (templates.length > 0 && char === '{') templates[templates.length - 1]! += 1
      if (templates.length > 0 && char === '}') templates[templates.length - 1]! -= 1
      out.push(char)
      i += 1
    }
  }
  return out.join('')
}

function endOf(source: string, from: number, mark: string): number {
  const end = source.indexOf(mark, from)
  return end === -1 ? source.length : end
}

function quoteEnd(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === '\\') i += 1
    // A quote never spans lines: an apostrophe in the text of a page ends here too.
    else if (source[i] === source[start] || source[i] === '\n') return source[i] === '\n' ? i : i + 1
  }
  return source.length
}

/** Just after the closing backtick, or just after the `${` that opens an expression. */
function templateEnd(source: string, start: number): number {
  for (let i = start; i < source.length; i++) {
    if (source[i] === '\\') i += 1
    else if (source[i] === '`') return i + 1
    else if (source[i] === '$' && source[i + 1] === '{') return i + 2
  }
  return source.length
}

function regexEnd(source: string, start: number): number {
  let inClass = false
  for (let i = start + 1; i < source.length && source[i] !== '\n'; i++) {
    if (source[i] === '\\') i += 1
    else if (source[i] === '[') inClass = true
    else if (source[i] === ']') inClass = false
    else if (source[i] === '/' && !inClass) return i + 1
  }
  return start + 1
}
