import { digest } from '@chainsafe/as-sha256'
import { describe, expect, test } from 'vitest'
import { toHex } from '../../../node-core/lib/bytes.ts'
import type { ProofView } from '../../../node-core/node/node-api.ts'
import { addressOf, formatAddress } from '../../../node-core/protocol/address.ts'
import { accountKey, encodeRecord, keyHash } from '../../../node-core/state/keys.ts'
import { bitAt, leafHash, nodeHash } from '../../../node-core/state/proof.ts'
import { checkProof } from './proof-check.ts'

const raw = addressOf(0, new Uint8Array(32).fill(7))
const address = formatAddress(raw)
const key = keyHash(accountKey(raw))
const value = encodeRecord(accountKey(raw), {
  balance: 1_204_500_000_000n,
  nonce: 12,
  lastDripHeight: 0,
  funder: null,
})
const siblings = [1, 2, 3].map((seed) => new Uint8Array(32).fill(seed))

function rootOver(start: Uint8Array): Uint8Array {
  return siblings.reduce(
    (hash, sibling, i) =>
      bitAt(key, siblings.length - 1 - i) === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash),
    start,
  )
}

const header = { blockId: '0xb1', stateRoot: toHex(rootOver(leafHash(key, digest(value)))) }
const proof: ProofView = {
  height: 48_217,
  blockId: header.blockId,
  stateRoot: header.stateRoot,
  key: toHex(key),
  value: toHex(value),
  leaf: { key: toHex(key), valueHash: toHex(digest(value)) },
  siblings: siblings.map(toHex),
}
const failed = (over: Partial<ProofView>, claim: Partial<Parameters<typeof checkProof>[0]> = {}) =>
  checkProof({ address, proof: { ...proof, ...over }, header, ...claim })

describe('a proof of an account', () => {
  test('that fits says what the record holds', () => {
    const verdict = checkProof({ address, proof, header })
    expect(verdict.ok).toBe(true)
    expect(verdict.account).toEqual({ balance: '1204500000000', nonce: 12 })
  })

  test('of nobody proves absence', () => {
    const root = toHex(rootOver(new Uint8Array(32)))
    const verdict = checkProof({
      address,
      proof: { ...proof, value: null, leaf: null, stateRoot: root },
      header: { ...header, stateRoot: root },
    })
    expect(verdict).toMatchObject({ ok: true, absent: true, account: null })
  })

  test.each([
    [
      'a changed balance',
      {
        value: toHex(
          encodeRecord(accountKey(raw), { balance: 9n, nonce: 12, lastDripHeight: 0, funder: null }),
        ),
      },
    ],
    ['a missing sibling', { siblings: proof.siblings.slice(1) }],
    ['a sibling that is no hash', { siblings: ['0x12', ...proof.siblings.slice(1)] }],
    [
      'more siblings than a key has bits',
      { siblings: Array.from({ length: 300 }, () => proof.siblings[0]!) },
    ],
    ['hidden value', { value: null }],
  ])('with %s does not hold', (_, over) => {
    const verdict = failed(over)
    expect(verdict.ok).toBe(false)
    expect(verdict.checks.find((check) => check.step === 'path')!.ok).toBe(false)
    expect(verdict.account).toBeNull()
  })

  test('for another block, another root or another account is told so', () => {
    const step = (verdict: ReturnType<typeof failed>) =>
      verdict.checks.filter((check) => !check.ok).map((check) => check.step)
    expect(step(failed({ blockId: '0xb2' }))).toEqual(['root'])
    expect(step(failed({ stateRoot: `0x${'0'.repeat(64)}` }))).toEqual(['root'])
    expect(step(failed({ key: `0x${'0'.repeat(64)}` }))).toEqual(['key'])
    const other = formatAddress(addressOf(0, new Uint8Array(32).fill(8)))
    expect(step(failed({}, { address: other }))).toContain('key')
    expect(failed({}, { address: 'ait1nobody' }).ok).toBe(false)
  })
})
