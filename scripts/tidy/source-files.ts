/** The project's files as the tidy rules see them, and what each of them imports. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { stripCode } from './strip-code.ts'

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string
  readonly text: string
  /** Without comments, strings and regular expressions. */
  readonly code: string
  readonly imports: readonly Import[]
  readonly isTest: boolean
}

export interface Import {
  readonly line: number
  /** As written. */
  readonly specifier: string
  /** The file it names from the root; null for a package. */
  readonly target: string | null
}

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'test-results',
  'playwright-report',
])
const SOURCE = /\.(?:ts|tsx|mjs)$/

/** Every file below the root that belongs to the project, from the root, sorted. */
export function projectFiles(root: string, folder = ''): string[] {
  return (
    readdirSync(path.join(root, folder), { withFileTypes: true })
      // Hidden files are the editor's and other tools'.
      .filter((entry) => !entry.name.startsWith('.'))
      .flatMap((entry) => {
        const file = folder === '' ? entry.name : `${folder}/${entry.name}`
        if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : projectFiles(root, file)
        return [file]
      })
      .sort()
  )
}

export function readSources(root: string): SourceFile[] {
  return projectFiles(root)
    .filter((file) => SOURCE.test(file))
    .map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8')
      return {
        path: file,
        text,
        code: stripCode(text),
        imports: importsOf(root, file, text),
        isTest: isTestFile(file),
      }
    })
}

/** Tests, what only tests use, and the browser tests. */
function isTestFile(file: string): boolean {
  return (
    /\.test\.tsx?$|\.test-kit\.ts$|-contract\.ts$|\/test-[^/]+\.tsx?$|\/arbitraries\.ts$|-vectors\.ts$/.test(
      file,
    ) || file.startsWith('e2e/')
  )
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(['"])([^'"\n]+)\1/g

function importsOf(root: string, file: string, text: string): Import[] {
  const code = stripCode(text, true)
  return [...code.matchAll(IMPORT)].map((match) => ({
    line: lineAt(code, match.index),
    specifier: match[2]!,
    target: match[2]!.startsWith('.') ? resolveImport(root, file, match[2]!) : null,
  }))
}

function resolveImport(root: string, file: string, specifier: string): string {
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier.split('?', 1)[0]!))
  const candidates = [target, `${target}.ts`, `${target}.tsx`]
  return candidates.find((candidate) => existsSync(path.join(root, candidate))) ?? target
}

/** From 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line += 1
  return line
}
