/** For tests, in Node and in a browser: public Ed25519 vectors with the verdicts that ZIP-215 gives. */
import type { Verifier } from '../ports/crypto.ts'

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

export interface VectorReport {
  /** Which vectors got another verdict than expected. */
  readonly mismatches: string[]
  readonly total: number
}

export async function runEd25519Vectors(
  verifier: Verifier,
  wycheproof: WycheproofFile,
  speccheck: SpeccheckFile,
): Promise<VectorReport> {
  const mismatches: string[] = []
  let total = 0
  const check = async (name: string, expected: boolean, key: string, message: string, signature: string) => {
    total++
    const actual = await verifier.verifyEd25519(bytesOf(key), bytesOf(message), bytesOf(signature))
    if (actual !== expected) mismatches.push(`${name}: expected ${expected}, got ${actual}`)
  }
  for (const { publicKey, tests } of wycheproof.testGroups) {
    for (const { tcId, msg, sig, result } of tests) {
      const expected = result === 'valid' || WYCHEPROOF_ACCEPTED_BY_ZIP215.has(tcId)
      await check(`wycheproof ${tcId}`, expected, publicKey.pk, msg, sig)
    }
  }
  for (const [number, { message, pub_key, signature }] of speccheck.entries()) {
    await check(`speccheck ${number}`, SPECCHECK_ACCEPTED_BY_ZIP215.has(number), pub_key, message, signature)
  }
  return { mismatches, total }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}
