/** Hashes, ids and the bytes that signatures are over. Every hash names what it is of, so none can stand for another. */
import { digest } from '@chainsafe/as-sha256'
import { assert } from '../lib/assert.ts'
import { concatBytes, fromHex, toHex, utf8 } from '../lib/bytes.ts'
import { addressBytes } from './address.ts'
import type { Header } from './block.ts'
import type { Certificate } from './certificate.ts'
import { encodeHeader } from './codec-block.ts'
import { encodeCertificate } from './codec-certificate.ts'
import { encodeGenesis } from './codec-genesis.ts'
import { encodeSignedFields, MESSAGE_NUMBERS } from './codec-messages.ts'
import { encodeReceipts } from './codec-receipt.ts'
import { encodeUnsignedTransaction, unsignedPart } from './codec-transaction.ts'
import { encodeValidatorSet } from './codec-validator-set.ts'
import { HASH_BYTES } from './constants.ts'
import type { StatementFields } from './evidence.ts'
import type { Genesis } from './genesis.ts'
import type { Address, ChainId, Hash } from './ids.ts'
import type { ConsensusMessage, Unsigned } from './messages.ts'
import type { Receipt } from './receipt.ts'
import type { UnsignedTransaction } from './transaction.ts'
import type { ValidatorSet } from './validator-set.ts'

/** What is hashed or signed. A name is part of the bytes and never changes its meaning; see `prefixes`. */
export const DOMAINS = {
  transactionId: 'transaction-id',
  transactionSignature: 'transaction-signature',
  block: 'block',
  validators: 'validators',
  certificate: 'certificate',
  genesis: 'genesis',
  transactions: 'transactions',
  receipts: 'receipts',
  evidence: 'evidence',
  offence: 'offence',
  leaf: 'leaf',
  branch: 'branch',
  message: 'consensus-message',
  possession: 'possession',
  randomnessReveal: 'randomness-reveal',
  randomness: 'randomness',
  genesisRandomness: 'genesis-randomness',
} as const

export type Domain = (typeof DOMAINS)[keyof typeof DOMAINS]

/** Of no block, no parent, no value. */
export const ZERO_HASH = `0x${'00'.repeat(HASH_BYTES)}` as Hash

/** 32 bytes. Synchronous, WebAssembly: under a microsecond for a short input. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return digest(bytes)
}

/** sha256 of the domain's prefix and of each part behind its length, so different parts never make the same input. */
export function hashOf(domain: Domain, ...parts: readonly Uint8Array[]): Hash {
  return toHex(digestOf(domain, parts)) as Hash
}

/** The 32 bytes of a hash. */
export function hashBytes(hash: Hash): Uint8Array {
  const bytes = fromHex(hash, HASH_BYTES)
  assert(bytes, 'a hash is 32 bytes of hex')
  return bytes
}

/** Signature bytes never enter an id: they may differ from one signing to the next. */
export function transactionId(transaction: UnsignedTransaction): Hash {
  const known = transactionIds.get(transaction)
  if (known) return known
  const id = hashOf(DOMAINS.transactionId, encodeUnsignedTransaction(transaction))
  transactionIds.set(transaction, id)
  return id
}

/** PERF: asked for in the pool, in blocks and in the history; a transaction never changes in place. */
const transactionIds = new WeakMap<UnsignedTransaction, Hash>()

/** What the sender's key signs. */
export function transactionSigningBytes(transaction: UnsignedTransaction): Uint8Array {
  return inDomain(DOMAINS.transactionSignature, [encodeUnsignedTransaction(transaction)])
}

/**
 * Id and signed bytes of a transaction that is here as canonical bytes too.
 * PERF: without encoding it twice more, half of the cost of taking one in besides its signature.
 */
export function hashEncoded(
  transaction: UnsignedTransaction,
  bytes: Uint8Array,
): { readonly id: Hash; readonly signingBytes: Uint8Array } {
  const unsigned = unsignedPart(bytes)
  const id = hashOf(DOMAINS.transactionId, unsigned)
  transactionIds.set(transaction, id)
  return { id, signingBytes: inDomain(DOMAINS.transactionSignature, [unsigned]) }
}

export function blockId(header: Header): Hash {
  return hashOf(DOMAINS.block, encodeHeader(header))
}

export function validatorsHash(set: ValidatorSet): Hash {
  const known = setHashes.get(set)
  if (known) return known
  const hash = hashOf(DOMAINS.validators, encodeValidatorSet(set))
  setHashes.set(set, hash)
  return hash
}

/** PERF: asked for at every vote and block of an epoch; a hundred members are 14 KB to encode. Sets never change in place. */
const setHashes = new WeakMap<ValidatorSet, Hash>()

/** Signatures included: a header commits to the one certificate in its body. null: block 1, which has none. */
export function certificateHash(certificate: Certificate | null): Hash {
  return certificate
    ? hashOf(DOMAINS.certificate, encodeCertificate(certificate))
    : hashOf(DOMAINS.certificate)
}

/** Parent id of block 1. The order of accounts and validators in the genesis does not matter. */
export function genesisHash(genesis: Genesis): Hash {
  return hashOf(DOMAINS.genesis, encodeGenesis(genesis))
}

export function transactionsRoot(ids: readonly Hash[]): Hash {
  if (!lastRoot || !areSame(ids, lastRoot.ids))
    lastRoot = { ids: [...ids], root: listRoot(DOMAINS.transactions, ids.map(hashBytes)) }
  return lastRoot.root
}

/** PERF: of each block the same root is asked for when its proposal is verified and when the block is checked. */
let lastRoot: { readonly ids: readonly Hash[]; readonly root: Hash } | null = null

function areSame(a: readonly Hash[], b: readonly Hash[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i])
}

export function receiptsRoot(receipts: readonly Receipt[]): Hash {
  return listRoot(DOMAINS.receipts, encodeReceipts(receipts))
}

export function evidenceRoot(evidence: readonly Uint8Array[]): Hash {
  return listRoot(DOMAINS.evidence, evidence)
}

/** What a validator signs. `validatorsHash` is that of the message's height. */
export function messageSigningBytes(
  chainId: ChainId,
  validatorsHash: Hash,
  message: Unsigned<ConsensusMessage> | StatementFields,
): Uint8Array {
  const fields = encodeSignedFields({
    chainId,
    validatorsHash,
    messageNumber: MESSAGE_NUMBERS[message.type],
    height: message.height,
    round: message.round,
    blockId: message.type === 'round-change' ? ZERO_HASH : message.blockId,
    prepared: message.type === 'round-change' ? message.prepared : null,
    code: message.type === 'reject' ? message.code : '',
  })
  return inDomain(DOMAINS.message, [fields])
}

/** What everyone in the certificate signed: a COMMIT. */
export function commitSigningBytes(chainId: ChainId, certificate: Certificate): Uint8Array {
  const fields = encodeSignedFields({
    chainId,
    validatorsHash: certificate.validatorsHash,
    messageNumber: MESSAGE_NUMBERS.commit,
    height: certificate.height,
    round: certificate.round,
    blockId: certificate.blockId,
    prepared: null,
    code: '',
  })
  return inDomain(DOMAINS.message, [fields])
}

/** What a new validator key signs, to prove that the account which registers it has it. */
export function possessionMessage(chainId: ChainId, address: Address): Uint8Array {
  return inDomain(DOMAINS.possession, [utf8(chainId), addressBytes(address)])
}

/** What a proposer's random function takes. */
export function randomnessMessage(chainId: ChainId, parentRandomness: Hash): Uint8Array {
  return inDomain(DOMAINS.randomnessReveal, [utf8(chainId), hashBytes(parentRandomness)])
}

/** A block's randomness, from the output of its proposer's random function (64 bytes) over the parent's. */
export function randomnessOf(output: Uint8Array): Hash {
  return hashOf(DOMAINS.randomness, output)
}

/** The parent randomness of block 1. */
export function genesisRandomness(genesisHash: Hash): Hash {
  return hashOf(DOMAINS.genesisRandomness, hashBytes(genesisHash))
}

/** A binary tree over the items in order; an odd one moves up. The count is mixed in at the top. */
function listRoot(domain: Domain, items: readonly Uint8Array[]): Hash {
  let level = leavesOf(items)
  while (level.length > 1) {
    const above: Uint8Array[] = []
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i]!, level[i + 1]]
      const isRepeated = i > 0 && left === level[i - 2] && right === level[i - 1]
      above.push(isRepeated ? above.at(-1)! : right ? hashBranch(left, right) : left)
    }
    level = above
  }
  return hashOf(domain, u32(items.length), level[0] ?? new Uint8Array(0))
}

/** The very same item beside itself is hashed once, and so is the same pair above: equal receipts share their bytes. */
function leavesOf(items: readonly Uint8Array[]): Uint8Array[] {
  const leaves: Uint8Array[] = []
  for (const [i, item] of items.entries()) {
    if (i > 0 && item === items[i - 1]) leaves.push(leaves[i - 1]!)
    else leaves.push(item.length === HASH_BYTES ? hashLeaf(item) : digestOf(DOMAINS.leaf, [item]))
  }
  return leaves
}

function digestOf(domain: Domain, parts: readonly Uint8Array[]): Uint8Array {
  return digest(inDomain(domain, parts))
}

function inDomain(domain: Domain, parts: readonly Uint8Array[]): Uint8Array {
  const prefix = prefixes.get(domain)!
  const input = new Uint8Array(parts.reduce((size, part) => size + 4 + part.length, prefix.length))
  const view = new DataView(input.buffer)
  input.set(prefix)
  let offset = prefix.length
  for (const part of parts) {
    view.setUint32(offset, part.length, true)
    input.set(part, offset + 4)
    offset += 4 + part.length
  }
  return input
}

/** digestOf where every part is a hash. PERF: one input, written again each time; to make it anew took half of the time. */
function hasherOfHashes(domain: Domain, count: number): (...parts: readonly Uint8Array[]) => Uint8Array {
  const input = inDomain(domain, new Array<Uint8Array>(count).fill(new Uint8Array(HASH_BYTES)))
  const first = input.length - count * (4 + HASH_BYTES) + 4
  return (...parts) => {
    for (let i = 0; i < count; i++) input.set(parts[i]!, first + i * (4 + HASH_BYTES))
    return digest(input)
  }
}

/** Length of the name, then the name and the version of its layout. */
const prefixes = new Map<Domain, Uint8Array>(
  Object.values(DOMAINS).map((domain) => {
    const name = utf8(`aitbc/${domain}/1`)
    return [domain, concatBytes(Uint8Array.of(name.length), name)]
  }),
)
assert(prefixes.size === Object.keys(DOMAINS).length, 'one name a domain')

const hashLeaf = hasherOfHashes(DOMAINS.leaf, 1)
const hashBranch = hasherOfHashes(DOMAINS.branch, 2)

/** Little-endian. */
function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
