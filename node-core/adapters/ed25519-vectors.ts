/** For tests, in Node and in a browser: public Ed25519 vectors with the verdicts that ZIP-215 gives. */
import type { Verifier } from '../ports/crypto.ts'
import { ED25519_SIGNATURE_BYTES } from '../protocol/constants.ts'
import type { Ed25519Batch } from './ed25519-batch.ts'

/** C2SP/wycheproof, testvectors_v1/ed25519_test.json. */
export interface WycheproofFile {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly msg: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

/** novifinancial/ed25519-speccheck, cases.json. */
export type SpeccheckFile = readonly {
  readonly message: string
  readonly pub_key: string
  readonly signature: string
}[]

/** R with y = 1 and the sign of x set: ZIP-215 reads it, RFC 8032 does not. */
const WYCHEPROOF_ACCEPTED_BY_ZIP215: ReadonlySet<number> = new Set([151])
const SPECCHECK_ACCEPTED_BY_ZIP215: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 9, 10, 11])

/** Batches of one: with nobody to ask after them, each verdict is the batch's own. */
export const ofBatches = (batch: Ed25519Batch): Pick<Verifier, 'verifyEd25519'> => ({
  verifyEd25519: async (publicKey, message, signature) =>
    signature.length === ED25519_SIGNATURE_BYTES && batch.verify([{ publicKey, message, signature }])[0]!,
})

export interface VectorReport {
  /** Which vectors got another verdict than expected. */
  readonly mismatches: string[]
  readonly total: number
}

/** Asks for each alone, then for all at once. */
export async function runEd25519Vectors(
  verifier: Pick<Verifier, 'verifyEd25519'>,
  wycheproof: WycheproofFile,
  speccheck: SpeccheckFile,
): Promise<VectorReport> {
  const mismatches: string[] = []
  const checks: ((how: string) => Promise<void>)[] = []
  const check = (name: string, expected: boolean, key: string, message: string, signature: string) => {
    checks.push(async (how) => {
      const actual = await verifier.verifyEd25519(bytesOf(key), bytesOf(message), bytesOf(signature))
      if (actual !== expected) mismatches.push(`${name} ${how}: expected ${expected}, got ${actual}`)
    })
  }
  for (const { publicKey, tests } of wycheproof.testGroups) {
    for (const { tcId, msg, sig, result } of tests) {
      const expected = result === 'valid' || WYCHEPROOF_ACCEPTED_BY_ZIP215.has(tcId)
      check(`wycheproof ${tcId}`, expected, publicKey.pk, msg, sig)
    }
  }
  for (const [number, { message, pub_key, signature }] of speccheck.entries()) {
    check(`speccheck ${number}`, SPECCHECK_ACCEPTED_BY_ZIP215.has(number), pub_key, message, signature)
  }
  for (const each of checks) await each('alone')
  await Promise.all(checks.map((each) => each('with others')))
  return { mismatches, total: checks.length }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}
