/** Whose signatures a node takes for a transaction's. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AssertionOptions, SoftwarePasskey } from '../adapters/software-passkey.test-kit.ts'
import { createRandomnessKey, createSigningKey, createVerifier } from '../adapters/verifier.ts'
import { addressNumber, registration } from '../execution/test-chain.ts'
import { concatBytes, toHex } from '../lib/bytes.ts'
import { addressOf } from '../protocol/address.ts'
import { encodeTransaction } from '../protocol/codec-transaction.ts'
import { SCHEME_ED25519, SCHEME_MULTISIG, SCHEME_PASSKEY } from '../protocol/constants.ts'
import { possessionMessage, transactionSigningBytes } from '../protocol/hash.ts'
import { decodePasskeySignature, encodePasskeySignature } from '../protocol/passkey-signature.ts'
import type { Payload, Transaction } from '../protocol/transaction.ts'
import { TransactionVerifier } from './transaction-verifier.ts'

const CHAIN = 'aitbc-test'
const unsigned = {
  chainId: CHAIN,
  nonce: 0,
  gasLimit: 21_000,
  maxFeePerGas: 2_000n,
  maxPriorityFeePerGas: 10n,
  validUntilHeight: 1_000,
  payload: { type: 'transfer', to: addressNumber(3), amount: 5n } as Payload,
}
const passkey = new SoftwarePasskey(1)
const verifier = new TransactionVerifier(createVerifier(), CHAIN, 32_768)

async function verdictOf(transaction: Transaction): Promise<string> {
  const verdict = await verifier.judgeBytes(encodeTransaction(transaction))
  return verdict.ok ? 'ok' : verdict.code
}

const signedWith = (options: AssertionOptions) => verdictOf(passkey.transaction(unsigned, options))

describe('a passkey', () => {
  it('signs for its account', async () => {
    expect(await signedWith({})).toBe('ok')
  })

  it.each<[string, AssertionOptions, string]>([
    ['somebody was there, unverified', { flags: 0x01 }, 'ok'],
    ['nobody was there', { flags: 0x04 }, 'bad-signature'],
    ['it was made, not asked', { type: 'webauthn.create' }, 'bad-signature'],
    [
      'the challenge is another',
      { clientData: () => '{"type":"webauthn.get","challenge":"AAAA","origin":"https://localhost"}' },
      'bad-signature',
    ],
    [
      'the browser writes its data in another order, with more in it',
      { clientData: (of) => `{ "origin":"x", "challenge":"${of}", "z":[1], "type":"webauthn.get" }` },
      'ok',
    ],
    [
      'the challenge has padding',
      { clientData: (of) => `{"type":"webauthn.get","challenge":"${of}="}` },
      'bad-signature',
    ],
    [
      'a later member of the same name is another',
      { clientData: (of) => `{"type":"webauthn.get","challenge":"${of}","challenge":"AAAA"}` },
      'bad-signature',
    ],
    [
      'the members are those of an inner object',
      { clientData: (of) => `{"in":{"type":"webauthn.get","challenge":"${of}"}}` },
      'bad-signature',
    ],
    [
      'the members are those of a prototype',
      { clientData: (of) => `{"__proto__":{"type":"webauthn.get","challenge":"${of}"}}` },
      'bad-signature',
    ],
    ['it is a list', { clientData: (of) => `["webauthn.get","${of}"]` }, 'bad-signature'],
    ['it is null', { clientData: () => 'null' }, 'bad-signature'],
    ['it is no JSON', { clientData: (of) => `type=webauthn.get&challenge=${of}` }, 'bad-signature'],
    [
      'there is a mark of byte order in front',
      { clientData: (of) => `\ufeff{"type":"webauthn.get","challenge":"${of}"}` },
      'bad-signature',
    ],
  ])('when %s', async (_, options, code) => {
    expect(await signedWith(options)).toBe(code)
  })

  it('counts for its own transaction alone', async () => {
    const transaction = passkey.transaction(unsigned)
    expect(await verdictOf({ ...transaction, nonce: 1 })).toBe('bad-signature')
    const other = new SoftwarePasskey(2).transaction(unsigned)
    expect(await verdictOf({ ...transaction, signature: other.signature })).toBe('address-mismatch')
    const mixed = { ...transaction.signature, bytes: other.signature.bytes }
    expect(await verdictOf({ ...transaction, signature: mixed })).toBe('bad-signature')
  })

  it('has no second reading: what does not fit its format is refused', async () => {
    const { signature, ...rest } = passkey.transaction(unsigned)
    const longer = concatBytes(signature.bytes, Uint8Array.of(0))
    const bodies = [new Uint8Array(0), signature.bytes.subarray(1), longer, signature.bytes.subarray(0, 64)]
    for (const bytes of bodies)
      expect(await verdictOf({ ...rest, signature: { ...signature, bytes } })).toBe('bad-signature')
    const read = decodePasskeySignature(signature.bytes)
    if (!read.ok) throw new Error(read.code)
    const short = encodePasskeySignature({
      ...read.value,
      authenticatorData: read.value.authenticatorData.subarray(0, 36),
    })
    expect(await verdictOf({ ...rest, signature: { ...signature, bytes: short } })).toBe('bad-signature')
  })

  it('counts no more when any bit of transaction or signature is another', async () => {
    const bytes = encodeTransaction(passkey.transaction(unsigned))
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const changed = bytes.slice()
        changed[bit >> 3]! ^= 1 << (bit & 7)
        expect((await verifier.judgeBytes(changed)).ok).toBe(false)
      }),
      { numRuns: 150 },
    )
  })
})

describe('a scheme', () => {
  it('is part of the account: the same key in another one is another account', async () => {
    const key = await createSigningKey(new Uint8Array(32).fill(3))
    const transaction = { ...unsigned, sender: addressOf(SCHEME_ED25519, key.publicKey) }
    const bytes = await key.sign(transactionSigningBytes(transaction))
    const by = (scheme: number) =>
      verdictOf({ ...transaction, signature: { scheme, publicKey: key.publicKey, bytes } })
    expect(await by(SCHEME_ED25519)).toBe('ok')
    expect(await by(SCHEME_PASSKEY)).toBe('address-mismatch')
  })

  it.each([SCHEME_MULTISIG, 3, 255])('of number %i signs nothing', async (scheme) => {
    const publicKey = passkey.publicKey
    const transaction = passkey.transaction(unsigned)
    const forged = { ...transaction, sender: addressOf(scheme, publicKey) }
    expect(await verdictOf({ ...forged, signature: { ...transaction.signature, scheme } })).toBe(
      'unknown-scheme',
    )
  })
})

describe('whoever names a key shows that it has it', () => {
  const spoilt = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 7 ? byte ^ 1 : byte))
  const [account, validator] = [4, 5].map((n) => createSigningKey(new Uint8Array(32).fill(n)))
  const randomness = createRandomnessKey(new Uint8Array(32).fill(6))

  async function verdictBy(payload: Payload) {
    const key = await account!
    const transaction = { ...unsigned, sender: addressOf(SCHEME_ED25519, key.publicKey), payload }
    const bytes = await key.sign(transactionSigningBytes(transaction))
    const signature = { scheme: SCHEME_ED25519, publicKey: key.publicKey, bytes }
    return verifier.judgeBytes(encodeTransaction({ ...transaction, signature }))
  }

  /** As its owner makes it. */
  async function rotation() {
    const { publicKey } = await account!
    const key = await validator!
    const message = possessionMessage(CHAIN, addressOf(SCHEME_ED25519, publicKey))
    return {
      type: 'validator.rotateKey' as const,
      validatorKey: key.publicKey,
      validatorKeyProof: await key.sign(message),
      randomnessKey: randomness.publicKey,
      randomnessKeyProof: (await randomness.prove(message)).proof,
    }
  }

  it('in a rotation, both', async () => {
    const payload = await rotation()
    expect((await verdictBy(payload)).ok).toBe(true)
    const { validatorKey, validatorKeyProof, randomnessKey, randomnessKeyProof } = payload
    expect(await verdictBy({ ...payload, validatorKeyProof: spoilt(validatorKeyProof) })).toEqual({
      ok: false,
      code: 'bad-possession-proof',
      data: { key: toHex(validatorKey) },
    })
    expect(await verdictBy({ ...payload, randomnessKeyProof: spoilt(randomnessKeyProof) })).toEqual({
      ok: false,
      code: 'bad-possession-proof',
      data: { key: toHex(randomnessKey) },
    })
  })

  it('for its own account: a proof that somebody else made is worth nothing', async () => {
    const key = await validator!
    const validatorKeyProof = await key.sign(possessionMessage(CHAIN, addressNumber(9)))
    expect(await verdictBy({ ...(await rotation()), validatorKeyProof })).toMatchObject({
      code: 'bad-possession-proof',
      data: { key: toHex(key.publicKey) },
    })
  })

  it('in a proposal to register them, as in a registration', async () => {
    const payload = registration(1)
    expect(
      await verdictBy({ type: 'multisig.propose', account: addressNumber(7), payload, expiresAtHeight: 9 }),
    ).toMatchObject({ code: 'bad-possession-proof', data: { key: toHex(payload.validatorKey) } })
  })
})
