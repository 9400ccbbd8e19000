import { expect, it } from 'vitest'
import { ED25519_MODULE } from '../../node-core/adapters/ed25519-module.ts'
import { toHex } from '../../node-core/lib/bytes.ts'
import { ed25519Module } from './module.ts'

it('the committed module is what its source makes; `node scripts/write-ed25519.ts` writes it', () => {
  expect(toHex(ed25519Module())).toBe(ED25519_MODULE)
})
