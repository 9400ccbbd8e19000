/** Writes node-core/adapters/ed25519-module.ts from scripts/ed25519. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { toHex } from '../node-core/lib/bytes.ts'
import { ed25519Module } from './ed25519/module.ts'

const file = path.resolve(import.meta.dirname, '../node-core/adapters/ed25519-module.ts')
writeFileSync(
  file,
  `/** Made by scripts/write-ed25519.ts from scripts/ed25519: WebAssembly in hex, which is sent smaller than base64. */
export const ED25519_MODULE =
  '${toHex(ed25519Module())}'
`,
)
