/** Limits of the wire format with their units: the most any chain may allow. Chain parameters are at or below them. */
import { assert } from '../lib/assert.ts'

/** Bytes of UTF-8 in a chain's name. */
export const MAX_CHAIN_ID_BYTES = 32
/** Bytes of UTF-8 in a validator's name. */
export const MAX_NAME_BYTES = 32
/** Bytes of UTF-8 in a reason code. */
export const MAX_CODE_BYTES = 64

export const HASH_BYTES = 32
export const ADDRESS_BYTES = 20
/** Ed25519. */
export const VALIDATOR_KEY_BYTES = 32
export const ED25519_SIGNATURE_BYTES = 64
/** The key of a verifiable random function on edwards25519 (RFC 9381). */
export const RANDOMNESS_KEY_BYTES = 32
/** A proof of that function: point, challenge, response. */
export const VRF_PROOF_BYTES = 80
/** Signature scheme ids: the first byte of what an address is the hash of. */
export const SCHEME_ED25519 = 0
export const SCHEME_PASSKEY = 1
export const SCHEME_MULTISIG = 2
/** P-256, compressed. */
export const PASSKEY_KEY_BYTES = 33
/** Bytes of a transaction's public key and signature, any scheme. */
export const MAX_PUBLIC_KEY_BYTES = 128
export const MAX_TRANSACTION_SIGNATURE_BYTES = 1_024

/** Certificate scheme 0: a list of Ed25519 signatures and a bitmap. */
export const CERTIFICATE_ED25519_LIST = 0

/** Header.version of the blocks that this code makes. */
export const BLOCK_VERSION = 1

/** Members of a multisig account. */
export const MAX_MULTISIG_MEMBERS = 16
/** Proposals that one member has open at a multisig account: nobody can take the places of the others. */
export const MAX_MEMBER_PROPOSALS = 8
/** Open proposals of a multisig account. */
export const MAX_OPEN_PROPOSALS = MAX_MULTISIG_MEMBERS * MAX_MEMBER_PROPOSALS
/** Payloads in a batch. */
export const MAX_BATCH_PAYLOADS = 64
/** Bytes of one transaction, signature included. */
export const MAX_TRANSACTION_BYTES = 64 * 1024
/** Transactions in a block. */
export const MAX_BLOCK_TRANSACTIONS = 10_000
/** Bytes of an encoded block: header and body. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024
/** Bytes of transactions sent together: a gossip bundle or a body response. */
export const MAX_TRANSACTIONS_BYTES = MAX_BLOCK_BYTES
/** Pieces of evidence in a block, and bytes of each. */
export const MAX_BLOCK_EVIDENCE = 16
export const MAX_EVIDENCE_BYTES = 32 * 1024

/** Members of a validator set. */
export const MAX_VALIDATORS = 512
/** Bytes of a certificate's bitmap: one bit a member. */
export const MAX_BITMAP_BYTES = MAX_VALIDATORS / 8
/** Bytes of an encoded certificate: its fixed part, bitmap and signatures, rounded up. */
export const MAX_CERTIFICATE_BYTES = 40 * 1024
/** Bytes of an encoded validator set, at 140 bytes a member, rounded up. */
export const MAX_VALIDATOR_SET_BYTES = 72 * 1024
/** Bytes of an encoded header, rounded up. */
export const MAX_HEADER_BYTES = 1_024
/** Bytes of a block without its transactions' bodies: header, ids, evidence, parent certificate. */
export const MAX_COMPACT_BLOCK_BYTES = 1024 * 1024
/** Bytes of one consensus message. A PRE-PREPARE of a later round carries its justification. */
export const MAX_CONSENSUS_MESSAGE_BYTES = 2 * 1024 * 1024
/** Bytes of a block with the certificate that decided it. */
export const MAX_DECIDED_BLOCK_BYTES = MAX_BLOCK_BYTES + MAX_CERTIFICATE_BYTES + 16
/** Bytes of an announcement of a decision: a compact block with its certificate. */
export const MAX_DECIDED_BYTES = MAX_COMPACT_BLOCK_BYTES + MAX_CERTIFICATE_BYTES + 16

/** Entries of a receipt's data, and bytes of UTF-8 in each name and value. */
export const MAX_RECEIPT_ENTRIES = 16
export const MAX_RECEIPT_NAME_BYTES = 32
export const MAX_RECEIPT_VALUE_BYTES = 256
/** Bytes of an encoded receipt. */
export const MAX_RECEIPT_BYTES = 8 * 1024

/** Accounts that a genesis may fund. */
export const MAX_GENESIS_ACCOUNTS = 10_000

/** The largest round: a u32. */
export const MAX_ROUND = 2 ** 32 - 1
/** One whole as millionths. */
export const ONE_MILLION = 1_000_000

/** Bytes of a vote inside a certificate or justification, with its place in the list. */
const VOTE_BYTES = 192

assert(MAX_BITMAP_BYTES * 8 === MAX_VALIDATORS, 'one bit a member')
assert(
  MAX_CERTIFICATE_BYTES >= 256 + MAX_BITMAP_BYTES + MAX_VALIDATORS * ED25519_SIGNATURE_BYTES,
  'the largest certificate fits',
)
assert(
  MAX_TRANSACTION_BYTES + MAX_CERTIFICATE_BYTES + MAX_HEADER_BYTES < MAX_BLOCK_BYTES,
  'a block holds any transaction',
)
assert(
  MAX_COMPACT_BLOCK_BYTES >=
    MAX_HEADER_BYTES +
      MAX_BLOCK_TRANSACTIONS * HASH_BYTES +
      MAX_BLOCK_EVIDENCE * (MAX_EVIDENCE_BYTES + 4) +
      MAX_CERTIFICATE_BYTES,
  'the largest block can be announced',
)
assert(
  MAX_CONSENSUS_MESSAGE_BYTES >= MAX_COMPACT_BLOCK_BYTES + 2 * MAX_VALIDATORS * VOTE_BYTES,
  'a proposal with every ROUND-CHANGE and the proof of the highest prepared value fits',
)
assert(
  MAX_RECEIPT_BYTES >= 128 + MAX_RECEIPT_ENTRIES * (16 + MAX_RECEIPT_NAME_BYTES + MAX_RECEIPT_VALUE_BYTES),
  'the largest receipt fits',
)
