/** Signatures and random bytes. Hashing is pure and lives in protocol/hash.ts. */

/** Verifies for everyone; holds no key. */
export interface Verifier {
  /**
   * The one Ed25519 verdict: accepted by the platform = accepted; rejected by it = ZIP-215 decides.
   * Total: wrong lengths are false, never a throw.
   */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** BLS12-381, public key in G1 (48 bytes), signature in G2 (96 bytes). Total as above. */
  verifyBls(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
}

/** One Ed25519 key that may be used but not read. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** 64 bytes; not necessarily the same ones twice. */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** The key that makes block randomness: its signature over a message is unique. */
export interface RandomnessKey {
  /** 48 bytes. */
  readonly publicKey: Uint8Array
  /** 96 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>
}

export interface RandomSource {
  /** Cryptographic random bytes; 1 ≤ length ≤ 65,536. */
  randomBytes(length: number): Uint8Array
}
