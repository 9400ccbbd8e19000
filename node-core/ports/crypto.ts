/** Signatures and random bytes. Hashing is pure and lives in protocol/hash.ts. */

/** Verifies for everyone; holds no key. */
export interface Verifier {
  /**
   * The one Ed25519 verdict: that of ZIP-215. Total: wrong lengths are false, never a throw.
   * Signatures that are asked for without a wait between them are verified together, at a fraction of the cost of each:
   * whoever has several asks for all before it awaits one.
   */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** ECDSA on P-256 with SHA-256: key 33 bytes (compressed), signature 64 (r ‖ s, s in either half). Total as above. */
  verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
  /**
   * The 64-byte output that a proof (80 bytes) of the verifiable random function shows for this key (32 bytes) and message;
   * null: it shows none. Total as above.
   */
  verifyVrf(publicKey: Uint8Array, message: Uint8Array, proof: Uint8Array): Promise<Uint8Array | null>
}

/** One Ed25519 key that may be used but not read. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** 64 bytes; not necessarily the same ones twice. */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** The key that makes block randomness: its output for a message is unique, its proof is not. */
export interface RandomnessKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** Proof of 80 bytes, output of 64 bytes. */
  prove(message: Uint8Array): Promise<{ readonly proof: Uint8Array; readonly output: Uint8Array }>
}

export interface RandomSource {
  /** Cryptographic random bytes; 1 ≤ length ≤ 65,536. */
  randomBytes(length: number): Uint8Array
}
