import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromHex, toHex, utf8 } from '../lib/bytes.ts'
import { bent, fuzzRuns, hostileJson } from '../lib/mutations.test-kit.ts'
import {
  addressesIn,
  addressOfKey,
  decryptSecrets,
  encryptSecrets,
  type KeySecrets,
  requirePassword,
} from './key-backup.ts'
import { KeyError } from './key-error.ts'
import { ACCOUNTS, BACKUP_CHARACTERS } from './limits.ts'
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
  const header = [body.version, body.kdf?.name, body.kdf?.iterations, body.salt, body.iv, body.addresses]
  const sealed = typeof body.ciphertext === 'string' ? body.ciphertext : ''
  const covered = new TextEncoder().encode(`${JSON.stringify(header)}${sealed}`)
  return JSON.stringify({
    ...body,
    checksum: toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', covered))),
  })
}

/** The file with other contents under the same password: what somebody gives who tells the password as well. */
async function sealed(plaintext: string): Promise<string> {
  const { version, kdf, salt, iv, addresses } = JSON.parse(text)
  const material = await crypto.subtle.importKey('raw', bytes(utf8(PASSWORD)), 'PBKDF2', false, ['deriveKey'])
  const derivation = {
    name: 'PBKDF2',
    hash: 'SHA-256',
    salt: bytes(fromHex(salt)!),
    iterations: kdf.iterations,
  }
  const cipher = { name: 'AES-GCM', length: 256 }
  const key = await crypto.subtle.deriveKey(derivation, material, cipher, false, ['encrypt'])
  const additionalData = bytes(utf8(JSON.stringify([version, kdf.name, kdf.iterations, salt, iv, addresses])))
  const algorithm = { name: 'AES-GCM', iv: bytes(fromHex(iv)!), additionalData }
  const ciphertext = await crypto.subtle.encrypt(algorithm, key, bytes(utf8(plaintext)))
  return forged('ciphertext', toHex(new Uint8Array(ciphertext)))
}

const bytes = (value: Uint8Array) => new Uint8Array(value)

async function codeOf(outcome: Promise<unknown>): Promise<string | null> {
  try {
    await outcome
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(KeyError)
    return (error as KeyError).code
  }
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
    for (const [field, bytes] of [
      ['salt', 15],
      ['salt', 17],
      ['iv', 11],
      ['iv', 13],
    ] as const) {
      const other = await forged(field, toHex(new Uint8Array(bytes)))
      await expect(decryptSecrets(other, PASSWORD)).rejects.toMatchObject({ code: 'backup-damaged' })
    }
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

  it('of bent bytes is damaged, or says the same', async () => {
    const real = fc.constant(utf8(text))
    const texts = fc.oneof(
      bent(real).map((each) => new TextDecoder().decode(each)),
      fc.string(),
      fc.json(),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (damage) => {
        const named = addressesIn(damage)
        const code = await codeOf(named)
        if (code === null) expect(await named).toEqual([secrets.address])
        else expect(code).toBe('backup-damaged')
      }),
      { numRuns: fuzzRuns(500) },
    )
  })

  it('with anything in a field, under a checksum that fits, names texts or is refused with a code', async () => {
    const fields = fc.constantFrom('version', 'kdf', 'salt', 'iv', 'addresses', 'ciphertext')
    const values = fc.oneof(hostileJson, fc.array(hostileJson, { maxLength: ACCOUNTS + 2 }))
    await fc.assert(
      fc.asyncProperty(fields, values, async (field, value) => {
        const named = addressesIn(await forged(field, value))
        const code = await codeOf(named)
        if (code !== null) {
          expect(code).toBe('backup-damaged')
          return
        }
        const addresses = await named
        expect(addresses.length).toBeLessThanOrEqual(ACCOUNTS)
        expect(addresses.every((each) => typeof each === 'string')).toBe(true)
      }),
      { numRuns: fuzzRuns(500) },
    )
  })

  it('has so many characters and names so many accounts, and no more', async () => {
    expect(await addressesIn(text.padEnd(BACKUP_CHARACTERS))).toEqual([secrets.address])
    expect(await codeOf(addressesIn(text.padEnd(BACKUP_CHARACTERS + 1)))).toBe('backup-damaged')
    const names = (count: number) => Array.from({ length: count }, () => secrets.address)
    expect(await addressesIn(await forged('addresses', names(ACCOUNTS)))).toHaveLength(ACCOUNTS)
    expect(await codeOf(addressesIn(await forged('addresses', names(ACCOUNTS + 1))))).toBe('backup-damaged')
  })

  it('is read inside with the same care: what is no account is damage, whoever sealed it', async () => {
    const account = {
      address: secrets.address,
      accountSeed: toHex(seed(1)),
      validatorSeed: null,
      randomnessSeed: null,
      peerSeed: null,
    }
    const open = async (contents: unknown) => decryptSecrets(await sealed(JSON.stringify(contents)), PASSWORD)
    const accounts = (count: number) => ({ accounts: Array.from({ length: count }, () => account) })
    expect(await open(accounts(ACCOUNTS))).toHaveLength(ACCOUNTS)
    const wrong: unknown[] = [
      null,
      [],
      {},
      { accounts: {} },
      accounts(0),
      accounts(ACCOUNTS + 1),
      { accounts: [null] },
      { accounts: [{ ...account, address: 7 }] },
      { accounts: [{ ...account, accountSeed: null }] },
      { accounts: [{ ...account, accountSeed: toHex(new Uint8Array(31)) }] },
      { accounts: [{ ...account, validatorSeed: 'seed' }] },
      { accounts: [{ ...account, peerSeed: undefined }] },
      { accounts: [{ ...account, spareValidatorSeed: [1, 2] }] },
    ]
    const codes = await Promise.all(wrong.map((contents) => codeOf(open(contents))))
    expect(codes).toEqual(wrong.map(() => 'backup-damaged'))
    expect(await codeOf(sealed('not JSON').then((file) => decryptSecrets(file, PASSWORD)))).toBe(
      'backup-damaged',
    )
  })
})
