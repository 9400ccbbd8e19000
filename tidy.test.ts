/** The house rules that a machine can check. Each message names file and line. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { deadExports, deadFiles } from './scripts/tidy/dead-code.ts'
import { functionComplaints, functionSpans } from './scripts/tidy/function-length.ts'
import { importComplaints, purityComplaints, unknownLayers } from './scripts/tidy/layers.ts'
import { projectFiles, readSources, type SourceFile } from './scripts/tidy/source-files.ts'
import { stripCode } from './scripts/tidy/strip-code.ts'

const MAX_FILE_LINES = 450
const MAX_FUNCTION_LINES = 90

const root = import.meta.dirname
const paths = projectFiles(root)
const sources = readSources(root)
const texts = paths.filter(
  (file) => /\.(?:ts|tsx|mjs|css|html|json|md|sh|yml)$/.test(file) && file !== 'package-lock.json',
)
const lines = (text: string) => text.split('\n')

/** `file:line words` for every line of the code that matches. */
function matches(files: readonly SourceFile[], pattern: RegExp, words: string): string[] {
  return files.flatMap((file) =>
    lines(file.code).flatMap((line, index) =>
      pattern.test(line) ? [`${file.path}:${index + 1} ${words}`] : [],
    ),
  )
}

describe('layers', () => {
  it('import only what is below them', () => {
    expect(sources.flatMap(importComplaints)).toEqual([])
    expect(unknownLayers(sources)).toEqual([])
  })

  it('are pure where they say so', () => {
    expect(sources.flatMap(purityComplaints)).toEqual([])
  })
})

describe('files', () => {
  it(`have at most ${MAX_FILE_LINES} lines`, () => {
    const long = texts
      .filter((file) => /\.(?:ts|tsx|mjs|css)$/.test(file))
      .map((file) => ({ file, count: lines(readFileSync(path.join(root, file), 'utf8')).length - 1 }))
      .filter(({ count }) => count > MAX_FILE_LINES)
    expect(long.map(({ file, count }) => `${file}:${count} has ${count} lines`)).toEqual([])
  })

  it('have names in kebab-case', () => {
    const odd = sources.filter(
      (file) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*$/.test(path.basename(file.path)),
    )
    expect(odd.map((file) => `${file.path}:1 is not in kebab-case`)).toEqual([])
  })

  it('are no barrels', () => {
    const handsOn = /^(?:import|export)\s(?:type\s+)?(?:\*|\{[^}]*\})[^;\n]*\bfrom\b.*$/gm
    const onlyHandsOn = (file: SourceFile) =>
      /^export\b/m.test(file.code) && file.code.replace(handsOn, '').trim() === ''
    const barrels = sources.filter((file) => /(?:^|\/)index\.[a-z]+$/.test(file.path) || onlyHandsOn(file))
    expect(barrels.map((file) => `${file.path}:1 only hands on what others export`)).toEqual([])
    expect(matches(sources, /^export\s+\*/, 'exports whatever another file does')).toEqual([])
  })

  it('have named exports', () => {
    const own = sources.filter((file) => !/\.config\.ts$/.test(file.path))
    expect(matches(own, /^export default\b/, 'has a default export')).toEqual([])
  })

  it('are all used', () => {
    expect(deadFiles(sources, root)).toEqual([])
    expect(deadExports(sources)).toEqual([])
  })

  it('name no place on one machine and leave nothing for later', () => {
    const machine = /(?<![\w.@])\/(?:work|root|home)\/\w/
    const later = new RegExp(`\\b(?:${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b`)
    const found = texts.flatMap((file) =>
      lines(readFileSync(path.join(root, file), 'utf8')).flatMap((line, index) => [
        ...(machine.test(line) ? [`${file}:${index + 1} names a place on one machine`] : []),
        ...(later.test(line) ? [`${file}:${index + 1} leaves something for later`] : []),
      ]),
    )
    expect(found).toEqual([])
  })
})

describe('functions', () => {
  it(`have at most ${MAX_FUNCTION_LINES} lines`, () => {
    expect(sources.flatMap((file) => functionComplaints(file, MAX_FUNCTION_LINES))).toEqual([])
  })
})

describe('folders', () => {
  it('say in a README what lives in them', () => {
    const folders = [
      ...new Set(
        sources.filter((file) => file.path.includes('/')).map((file) => file.path.split('/', 1)[0]!),
      ),
    ]
    const all = [...folders, 'config', 'docs'].filter((folder) => existsSync(path.join(root, folder)))
    expect(all.filter((folder) => !existsSync(path.join(root, folder, 'README.md')))).toEqual([])
  })
})

describe('the rules themselves', () => {
  const source = (file: string, text: string, targets: readonly string[] = []): SourceFile => ({
    path: file,
    text,
    code: stripCode(text),
    imports: targets.map((target, index) => ({
      line: index + 1,
      specifier: target,
      target: target.startsWith('node-core/') ? target : null,
    })),
    isTest: false,
  })

  it('see through comments, strings, templates and regular expressions', () => {
    const text = `const a = 'Date' // Date\nconst b = \`x \${Date.now()} Date\`\nconst c = /[/]Date'/.test(d) /* await */\n`
    expect(stripCode(text).match(/Date|await/g)).toEqual(['Date'])
    expect(lines(stripCode(text)).length).toBe(lines(text).length)
  })

  it('find a clock, an upward import and a library in the wrong place', () => {
    const clock = source('node-core/state/a.ts', '\nconst now = Date.now()')
    expect(purityComplaints(clock)).toEqual(['node-core/state/a.ts:2 uses Date: state is pure'])
    expect(purityComplaints(source('node-core/state/a.ts', 'export const fetch2 = header.process'))).toEqual(
      [],
    )
    const complaints = (file: string, ...targets: string[]) =>
      importComplaints(source(file, '', targets)).length
    expect(complaints('node-core/state/a.ts', 'node-core/node/chain.ts')).toBe(1)
    expect(complaints('node-core/consensus/a.ts', 'node-core/execution/b.ts')).toBe(1)
    expect(complaints('node-core/node/a.ts', 'libp2p', 'node:fs')).toBe(2)
    expect(complaints('web/a.ts', 'node-core/consensus/step.ts', 'node-core/node/node-api.ts')).toBe(1)
  })

  it('measure functions, not types, classes and objects', () => {
    const body = '\n'.repeat(5)
    expect(functionSpans(`function a(b: number): Promise<number> {${body}}`)).toEqual([{ line: 1, lines: 6 }])
    expect(functionSpans(`const a = (b) => {${body}}`)).toEqual([{ line: 1, lines: 6 }])
    const others = [`class A {${body}}`, `const b = {${body}}`, `if (b) {${body}}`, `interface C {${body}}`]
    expect(functionSpans(others.join('\n'))).toEqual([])
  })

  it('find dead exports', () => {
    const used = source('web/a.ts', 'export function used() {}\nexport const unused = 1')
    const found = deadExports([used, source('web/b.ts', 'used()')])
    expect(found).toEqual(['web/a.ts:2 exports unused to nobody'])
  })
})
