/** Canonical bytes of headers, blocks and decisions. */
import type { Block, Body, Header } from './block.ts'
import type { Certificate } from './certificate.ts'
import { type Decoded, decodeWith } from './codec.ts'
import { certificateType } from './codec-certificate.ts'
import { transactionType } from './codec-transaction.ts'
import {
  MAX_BLOCK_BYTES,
  MAX_BLOCK_EVIDENCE,
  MAX_BLOCK_TRANSACTIONS,
  MAX_CHAIN_ID_BYTES,
  MAX_COMPACT_BLOCK_BYTES,
  MAX_DECIDED_BLOCK_BYTES,
  MAX_DECIDED_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_HEADER_BYTES,
  VRF_PROOF_BYTES,
} from './constants.ts'
import type { Decided, DecidedBlock } from './decided.ts'
import type { CompactBlock } from './messages.ts'
import { container, list, optional } from './ssz-composites.ts'
import { address, byteList, bytes, hash, safeUint, text, uint32, uint64 } from './ssz-scalars.ts'

const headerType = container<Header>({
  version: uint32,
  chainId: text(MAX_CHAIN_ID_BYTES),
  height: safeUint,
  parentId: hash,
  timestampMs: safeUint,
  proposer: address,
  validatorsHash: hash,
  nextValidatorsHash: hash,
  transactionsRoot: hash,
  receiptsRoot: hash,
  stateRoot: hash,
  evidenceRoot: hash,
  lastCertificateHash: hash,
  gasUsed: safeUint,
  gasLimit: safeUint,
  baseFeePerGas: uint64,
  randomnessReveal: bytes(VRF_PROOF_BYTES),
  randomness: hash,
})

const evidenceType = list(byteList(MAX_EVIDENCE_BYTES), MAX_BLOCK_EVIDENCE)
const transactionIdsType = list(hash, MAX_BLOCK_TRANSACTIONS)
const parentCertificateType = optional<Certificate>(certificateType)

const bodyType = container<Body>({
  transactions: list(transactionType, MAX_BLOCK_TRANSACTIONS),
  evidence: evidenceType,
  parentCertificate: parentCertificateType,
})

const blockType = container<Block>({ header: headerType, body: bodyType })

/** For containers of compact blocks: codec-messages.ts. */
export const compactBlockType = container<CompactBlock>({
  header: headerType,
  transactionIds: transactionIdsType,
  evidence: evidenceType,
  parentCertificate: parentCertificateType,
})

const decidedBlockType = container<DecidedBlock>({ block: blockType, certificate: certificateType })

const decidedType = container<Decided>({
  header: headerType,
  certificate: certificateType,
  transactionIds: transactionIdsType,
  evidence: evidenceType,
  parentCertificate: parentCertificateType,
})

export function encodeHeader(header: Header): Uint8Array {
  return headerType.serialize(header)
}

export function decodeHeader(bytes: Uint8Array): Decoded<Header> {
  return decodeWith(headerType, bytes, MAX_HEADER_BYTES)
}

export function encodeBody(body: Body): Uint8Array {
  return bodyType.serialize(body)
}

export function decodeBody(bytes: Uint8Array): Decoded<Body> {
  return decodeWith(bodyType, bytes, MAX_BLOCK_BYTES)
}

export function encodeBlock(block: Block): Uint8Array {
  return blockType.serialize(block)
}

export function decodeBlock(bytes: Uint8Array): Decoded<Block> {
  return decodeWith(blockType, bytes, MAX_BLOCK_BYTES)
}

export function encodeCompactBlock(block: CompactBlock): Uint8Array {
  return compactBlockType.serialize(block)
}

export function decodeCompactBlock(bytes: Uint8Array): Decoded<CompactBlock> {
  return decodeWith(compactBlockType, bytes, MAX_COMPACT_BLOCK_BYTES)
}

/** For those who are behind, and for storage. */
export function encodeDecidedBlock(decided: DecidedBlock): Uint8Array {
  return decidedBlockType.serialize(decided)
}

export function decodeDecidedBlock(bytes: Uint8Array): Decoded<DecidedBlock> {
  return decodeWith(decidedBlockType, bytes, MAX_DECIDED_BLOCK_BYTES)
}

/** For the topic of decisions. */
export function encodeDecided(decided: Decided): Uint8Array {
  return decidedType.serialize(decided)
}

export function decodeDecided(bytes: Uint8Array): Decoded<Decided> {
  return decodeWith(decidedType, bytes, MAX_DECIDED_BYTES)
}
