/** Files that nothing imports and exports that nothing names. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { lineAt, type SourceFile } from './source-files.ts'

/** Read by tools and people, not by other files. */
const ENTRY_FILES: readonly RegExp[] = [
  /^[^/]+\.config\.ts$/,
  /^cli\/(?:main\.ts|bin\.mjs)$/,
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

/** Values alone: a type that is exported for its readers' sake costs nothing. */
export function deadExports(files: readonly SourceFile[]): string[] {
  const users = new Map<string, Set<string>>()
  for (const file of files)
    for (const word of new Set(file.code.match(/[A-Za-z_$][\w$]*/g) ?? []))
      users.set(word, (users.get(word) ?? new Set()).add(file.path))
  return files
    .filter((file) => !file.isTest && !isEntry(file.path))
    .flatMap((file) =>
      [...file.code.matchAll(EXPORT)]
        .filter((match) => users.get(match[1]!)!.size === 1)
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
