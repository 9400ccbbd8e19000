import { beforeAll, describe, expect, it } from 'vitest'
import { toHex } from '../lib/bytes.ts'
import {
  addressesIn,
  addressOfKey,
  decryptSecrets,
  encryptSecrets,
  type KeySecrets,
  requirePassword,
} from './key-backup.ts'
import { createSigningKey } from './verifier.ts'

const PASSWORD = 'correct horse battery'
const seed = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)

let secrets: KeySecrets
let text: string

beforeAll(async () => {
  const { publicKey } = await createSigningKey(seed(1))
  const address = addressOfKey(publicKey)
  secrets = {
    address,
    accountSeed: seed(1),
    validatorSeed: seed(2),
    randomnessSeed: seed(3),
    peerSeed: null,
    spare: null,
  }
  text = await encryptSecrets([secrets], PASSWORD)
})

/** The file with one field changed and a checksum that fits again: what an attacker would send. */
async function forged(field: string, value: unknown): Promise<string> {
  const { checksum: _, ...body } = { ...JSON.parse(text), [field]: value }
  const header = [body.version, body.kdf.name, body.kdf.iterations, body.salt, body.iv, body.addresses]
  const covered = new TextEncoder().encode(`${JSON.stringify(header)}${body.ciphertext}`)
  return JSON.stringify({
    ...body,
    checksum: toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', covered))),
  })
}

describe('an encrypted backup', () => {
  it('gives back what went in, and names its addresses without the password', async () => {
    expect(await decryptSecrets(text, PASSWORD)).toEqual([secrets])
    expect(await addressesIn(text)).toEqual([secrets.address])
  })

  it('gives back keys that are to take the place of others', async () => {
    const rotated = { ...secrets, spare: { validatorSeed: seed(4), randomnessSeed: seed(5) } }
    const file = await encryptSecrets([secrets, rotated], PASSWORD)
    expect(await decryptSecrets(file, PASSWORD)).toEqual([secrets, rotated])
    expect(file).not.toContain(toHex(seed(4)).slice(2))
  })

  it('holds no seed in the clear, and 600,000 rounds of key derivation', () => {
    for (const bytes of [seed(1), seed(2), seed(3)]) expect(text).not.toContain(toHex(bytes).slice(2))
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      kdf: { name: 'PBKDF2-SHA-256', iterations: 600_000 },
    })
  })

  it('is different every time', async () => {
    const again = JSON.parse(await encryptSecrets([secrets], PASSWORD))
    const first = JSON.parse(text)
    for (const field of ['salt', 'iv', 'ciphertext']) expect(again[field]).not.toBe(first[field])
  })

  it('tells a wrong password from a damaged file', async () => {
    await expect(decryptSecrets(text, 'correct horse batterz')).rejects.toMatchObject({
      code: 'password-wrong',
    })
    await expect(decryptSecrets(text, '')).rejects.toMatchObject({ code: 'password-wrong' })
    const { ciphertext } = JSON.parse(text)
    const flipped = ciphertext.replace(/.$/, (digit: string) => (digit === '0' ? '1' : '0'))
    const damages = [
      text.replace(ciphertext, flipped),
      text.slice(0, -20),
      '',
      'null',
      '{}',
      text.replace('"version": 1', '"version": 2'),
      text.replace('600000', '1000'),
      text.replace(secrets.address, `${secrets.address.slice(0, -1)}x`),
      `${text}${' '.repeat(70_000)}`,
    ]
    for (const damage of damages) {
      await expect(decryptSecrets(damage, PASSWORD), damage.slice(0, 60)).rejects.toMatchObject({
        code: 'backup-damaged',
      })
    }
  })

  it('opens for no forged header, whose checksum fits', async () => {
    expect(await decryptSecrets(await forged('version', 1), PASSWORD)).toEqual([secrets])
    await expect(decryptSecrets(await forged('addresses', ['ait1other']), PASSWORD)).rejects.toMatchObject({
      code: 'password-wrong',
    })
    for (const iterations of [1, 599_999, 1e12, -1, '600000', null]) {
      const weak = await forged('kdf', { name: 'PBKDF2-SHA-256', iterations })
      await expect(decryptSecrets(weak, PASSWORD)).rejects.toMatchObject({ code: 'backup-damaged' })
    }
  })

  it('refuses an address that is not that of its key', async () => {
    const wrong = await encryptSecrets([{ ...secrets, accountSeed: seed(9) }], PASSWORD)
    await expect(decryptSecrets(wrong, PASSWORD)).rejects.toMatchObject({ code: 'backup-damaged' })
  })

  it('counts the characters of a password as a person does', () => {
    expect(() => requirePassword('elevenchars')).toThrowError(
      expect.objectContaining({ code: 'password-too-short' }),
    )
    expect(() => requirePassword('twelve chars')).not.toThrow()
    expect(() => requirePassword('🔑'.repeat(11))).toThrowError(
      expect.objectContaining({ code: 'password-too-short' }),
    )
    expect(() => requirePassword('🔑'.repeat(12))).not.toThrow()
    expect(() => requirePassword('x'.repeat(1_025))).toThrowError(
      expect.objectContaining({ code: 'password-too-long' }),
    )
  })

  it('takes a password however its accents are encoded', async () => {
    const composed = 'caf\u00e9 caf\u00e9 caf\u00e9'
    const decomposed = composed.normalize('NFD')
    expect(decomposed).not.toBe(composed)
    expect(await decryptSecrets(await encryptSecrets([secrets], composed), decomposed)).toEqual([secrets])
  })
})
