import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { utf8 } from '../../lib/bytes.ts'
import { addressOfKey } from '../key-backup.ts'
import { createVerifier } from '../verifier.ts'
import { FileKeystore } from './file-keystore.ts'
import { createNodeKeys, loadNodeKeys, prepareRotation } from './node-keys.ts'
import { makeTestDirectory } from './test-directory.ts'

const PASSWORD = 'a password of some length'
const verifier = createVerifier()
let directory: Awaited<ReturnType<typeof makeTestDirectory>>
let keystore: FileKeystore

beforeAll(async () => {
  directory = await makeTestDirectory()
  keystore = new FileKeystore({ home: directory.path })
})
afterAll(() => directory.remove())

const fileOf = (name: string): string => path.join(directory.path, 'keys', `${name}.json`)

describe('wallet files', () => {
  it('are made, listed and unlocked, and sign for their address', async () => {
    expect(await keystore.list()).toEqual([])
    const alice = await keystore.create('alice', PASSWORD)
    const bob = await keystore.create('bob', PASSWORD)
    expect(await keystore.list()).toEqual([alice, bob])
    const { address, key } = await keystore.unlock('alice', PASSWORD)
    expect(address).toBe(alice.address)
    expect(addressOfKey(key.publicKey)).toBe(alice.address)
    const message = utf8('pay bob')
    expect(await verifier.verifyEd25519(key.publicKey, message, await key.sign(message))).toBe(true)
  })

  it('can be read by their owner alone and leave nothing else behind', async () => {
    expect((await stat(fileOf('alice'))).mode & 0o777).toBe(0o600)
    expect((await stat(path.join(directory.path, 'keys'))).mode & 0o777).toBe(0o700)
    expect(await readdir(path.join(directory.path, 'keys'))).toEqual(['alice.json', 'bob.json'])
  })

  it('are never overwritten, not even by two at once', async () => {
    const before = await readFile(fileOf('alice'), 'utf8')
    await expect(keystore.create('alice', PASSWORD)).rejects.toMatchObject({ code: 'wallet-exists' })
    await expect(keystore.restore('alice', await keystore.backup('bob'), PASSWORD)).rejects.toMatchObject({
      code: 'wallet-exists',
    })
    expect(await readFile(fileOf('alice'), 'utf8')).toBe(before)
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => keystore.create('race', PASSWORD)))
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    expect(await keystore.address('race')).toBe(winners[0]!.value.address)
  })

  it('refuse by code', async () => {
    await expect(keystore.unlock('nobody', PASSWORD)).rejects.toMatchObject({ code: 'wallet-missing' })
    await expect(keystore.unlock('alice', 'another long password')).rejects.toMatchObject({
      code: 'password-wrong',
    })
    await expect(keystore.create('carol', 'too short')).rejects.toMatchObject({ code: 'password-too-short' })
    for (const name of ['', '../alice', 'a/b', '.hidden', 'a.b', 'x'.repeat(65), 'é']) {
      await expect(keystore.create(name, PASSWORD), name).rejects.toMatchObject({ code: 'name-invalid' })
    }
    await writeFile(fileOf('broken'), '{"version":1')
    await expect(keystore.unlock('broken', PASSWORD)).rejects.toMatchObject({ code: 'backup-damaged' })
    expect((await keystore.list()).map(({ name }) => name)).not.toContain('broken')
  })

  it('are backups: one restores under another name, after the right password', async () => {
    const text = await keystore.backup('alice')
    await expect(keystore.restore('copy', text, 'another long password')).rejects.toMatchObject({
      code: 'password-wrong',
    })
    await expect(keystore.address('copy')).rejects.toMatchObject({ code: 'wallet-missing' })
    const copy = await keystore.restore('copy', text, PASSWORD)
    expect(copy.address).toBe(await keystore.address('alice'))
    expect((await keystore.unlock('copy', PASSWORD)).address).toBe(copy.address)
  })
})

describe("a node's key file", () => {
  const protections = [{ type: 'password', password: PASSWORD }, { type: 'plain' }] as const
  for (const protection of protections) {
    it(`comes back the same (${protection.type}), is private and never overwritten`, async () => {
      const file = path.join(directory.path, 'nodes', `${protection.type}.json`)
      const made = await createNodeKeys(file, protection)
      const loaded = await loadNodeKeys(file, protection)
      expect(loaded.address).toBe(made.address)
      expect(loaded.peerSeed).toEqual(made.peerSeed)
      for (const key of ['accountKey', 'validatorKey', 'randomnessKey'] as const) {
        expect(loaded[key].publicKey).toEqual(made[key].publicKey)
      }
      const message = utf8('height 7')
      const { validatorKey, randomnessKey } = loaded
      expect(
        await verifier.verifyEd25519(validatorKey.publicKey, message, await validatorKey.sign(message)),
      ).toBe(true)
      expect(
        await verifier.verifyVrf(
          randomnessKey.publicKey,
          message,
          (await randomnessKey.prove(message)).proof,
        ),
      ).not.toBeNull()
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      await expect(createNodeKeys(file, protection)).rejects.toMatchObject({ code: 'keys-exist' })
      await chmod(file, 0o644)
      await expect(loadNodeKeys(file, protection)).rejects.toMatchObject({ code: 'keys-exposed' })
    })
  }

  for (const protection of protections) {
    it(`holds a second pair beside the first while keys change (${protection.type})`, async () => {
      const file = path.join(directory.path, 'nodes', `changing-${protection.type}.json`)
      const first = (await createNodeKeys(file, protection)).validatorKey.publicKey
      expect((await loadNodeKeys(file, protection)).spare).toBeNull()
      const prepared = await prepareRotation(file, protection, first)
      const second = prepared.validatorKey.publicKey
      expect(second).not.toEqual(first)
      const both = await loadNodeKeys(file, protection)
      expect(both.validatorKey.publicKey).toEqual(first)
      expect(both.spare!.validatorKey.publicKey).toEqual(second)
      expect(both.spare!.randomnessKey.publicKey).toEqual(prepared.randomnessKey.publicKey)
      // Asked again before the chain has it, it is the same pair.
      expect((await prepareRotation(file, protection, first)).validatorKey.publicKey).toEqual(second)
      const third = (await prepareRotation(file, protection, second)).validatorKey.publicKey
      const later = await loadNodeKeys(file, protection)
      expect(later.validatorKey.publicKey).toEqual(second)
      expect(later.spare!.validatorKey.publicKey).toEqual(third)
      expect(later.peerSeed).toEqual(both.peerSeed)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
    })
  }

  it('has four different seeds and refuses by code', async () => {
    const file = path.join(directory.path, 'nodes', 'other.json')
    await expect(loadNodeKeys(file, { type: 'plain' })).rejects.toMatchObject({ code: 'keys-missing' })
    await createNodeKeys(file, { type: 'plain' })
    const { accountSeed, validatorSeed, randomnessSeed, peerSeed } = JSON.parse(await readFile(file, 'utf8'))
    expect(new Set([accountSeed, validatorSeed, randomnessSeed, peerSeed]).size).toBe(4)
    const withPassword = { type: 'password', password: PASSWORD } as const
    await expect(loadNodeKeys(file, withPassword)).rejects.toMatchObject({ code: 'backup-damaged' })
    const wallet = fileOf('alice')
    await expect(loadNodeKeys(wallet, withPassword)).rejects.toMatchObject({ code: 'backup-damaged' })
    await expect(loadNodeKeys(wallet, { type: 'plain' })).rejects.toMatchObject({ code: 'backup-damaged' })
    const sealed = path.join(directory.path, 'nodes', 'password.json')
    await chmod(sealed, 0o600)
    await expect(
      loadNodeKeys(sealed, { type: 'password', password: 'another long password' }),
    ).rejects.toMatchObject({
      code: 'password-wrong',
    })
  })
})
