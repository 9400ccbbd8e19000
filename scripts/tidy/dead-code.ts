/** Files that nothing imports and exports that nothing names. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { lineAt, type SourceFile } from './source-files.ts'

/** Read by tools and people, not by other files. */
const ENTRY_FILES: readonly RegExp[] = [
  /\.config\.ts$/,
  /^(?:cli|relay)\/main\.ts$/,
  /^cli\/bin\.mjs$/,
  /^scripts\/[^/]+\.(?:mjs|ts)$/,
  /^bench\/main\.ts$/,
  /\.d\.ts$/,
]

/** Where paths of source files are named outside of imports. */
const NAMING_FILES: readonly string[] = [
  'package.json',
  'index.html',
  'vite.config.ts',
  'playwright.config.ts',
]

export function isEntry(file: string): boolean {
  return ENTRY_FILES.some((pattern) => pattern.test(file))
}

export function deadFiles(files: readonly SourceFile[], root: string): string[] {
  const imported = new Set(files.flatMap((file) => file.imports.map((entry) => entry.target)))
  const named = NAMING_FILES.map((file) => readOrEmpty(path.join(root, file))).join('\n')
  return files
    .filter(
      (file) => !file.isTest && !isEntry(file.path) && !imported.has(file.path) && !named.includes(file.path),
    )
    .map((file) => `${file.path}:1 nothing imports it`)
}

const EXPORT = /^export (?:async )?(?:function|const|class)\s+([A-Za-z_$][\w$]*)/gm

/** Values alone, and only those that their own file does not use either: a type costs nothing. */
export function deadExports(files: readonly SourceFile[]): string[] {
  const uses = new Map<string, number>()
  for (const file of files)
    for (const [word] of file.code.matchAll(/[A-Za-z_$][\w$]*/g)) uses.set(word, (uses.get(word) ?? 0) + 1)
  return files
    .filter((file) => !file.isTest && !isEntry(file.path))
    .flatMap((file) =>
      [...file.code.matchAll(EXPORT)]
        .filter((match) => uses.get(match[1]!) === 1)
        .map((match) => `${file.path}:${lineAt(file.code, match.index)} exports ${match[1]} to nobody`),
    )
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
