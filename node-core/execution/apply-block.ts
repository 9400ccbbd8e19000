/** Whether a block may follow its parent: header, body, then its execution on an overlay of the parent's state. */
import type { Header } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import {
  MAX_BLOCK_BYTES,
  MAX_BLOCK_EVIDENCE,
  MAX_BLOCK_TRANSACTIONS,
  MAX_CERTIFICATE_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_HEADER_BYTES,
} from '../protocol/constants.ts'
import { certificateHash, evidenceRoot, receiptsRoot, transactionsRoot } from '../protocol/hash.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'
import type { ChainState } from '../state/store.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'
import { type BlockErrorCode, isMismatch } from './block-errors.ts'
import { earliestTimestamp, type GivenFields, givenFields, type ParentInfo } from './header-fields.ts'
import { isInCanonicalOrder } from './ordering.ts'
import { BlockRun, type Outcome } from './run-block.ts'

export type { ParentInfo } from './header-fields.ts'
export type { Outcome } from './run-block.ts'

/** A block whose transactions were verified one by one. */
export interface CandidateBlock {
  readonly header: Header
  readonly transactions: readonly VerifiedTransaction[]
  readonly evidence: readonly Uint8Array[]
  readonly parentCertificate: Certificate | null
}

/** What takes signatures to know, found out before by the caller. */
export interface OutsideChecks {
  /** The reveal proves the header's randomness: the proposer's random function of the parent's. */
  readonly randomnessValid: boolean
  /** A quorum of its set signed the parent certificate; true at height 1, which has none. */
  readonly parentCertificateValid: boolean
}

export type BlockCheck =
  | { readonly ok: true; readonly outcome: Outcome }
  | {
      readonly ok: false
      readonly code: BlockErrorCode
      /** The body is not the one the header names: no blame for the header. */
      readonly mismatched: boolean
    }

/** Bytes of transactions and evidence that a block holds beside the largest header and certificate. */
export const MAX_CONTENT_BYTES = MAX_BLOCK_BYTES - MAX_CERTIFICATE_BYTES - MAX_HEADER_BYTES
/** Of a list's element: where it starts. */
const OFFSET_BYTES = 4

/** Deterministic: by the block, the parent and its state alone. The state is untouched. */
export function checkBlock(
  state: ChainState,
  parent: ParentInfo,
  block: CandidateBlock,
  outside: OutsideChecks,
): BlockCheck {
  const code =
    checkHeader(state, parent, block.header, outside) ??
    checkRoots(block) ??
    checkBody(state, parent, block, outside)
  if (code) return { ok: false, code, mismatched: isMismatch(code) }
  return execute(state, block)
}

const GIVEN_CODES: Readonly<Record<keyof GivenFields, BlockErrorCode>> = {
  version: 'wrong-version',
  chainId: 'wrong-chain',
  height: 'wrong-height',
  parentId: 'wrong-parent',
  validatorsHash: 'wrong-validators-hash',
  nextValidatorsHash: 'wrong-next-validators-hash',
  gasLimit: 'wrong-gas-limit',
  baseFeePerGas: 'wrong-base-fee',
}

function checkHeader(
  state: ChainState,
  parent: ParentInfo,
  header: Header,
  { randomnessValid }: OutsideChecks,
): BlockErrorCode | null {
  const given = givenFields(state, parent)
  for (const [field, code] of Object.entries(GIVEN_CODES) as [keyof GivenFields, BlockErrorCode][])
    if (header[field] !== given[field]) return code
  const { members } = validatorSetOf(state, epochOf(given.height, state.parameters))
  if (!members.some((member) => member.address === header.proposer)) return 'proposer-not-member'
  return randomnessValid ? null : 'invalid-randomness-reveal'
}

function checkRoots({
  header,
  transactions,
  evidence,
  parentCertificate,
}: CandidateBlock): BlockErrorCode | null {
  if (transactionsRoot(transactions.map((each) => each.id)) !== header.transactionsRoot)
    return 'transactions-mismatch'
  if (evidenceRoot(evidence) !== header.evidenceRoot) return 'evidence-mismatch'
  return certificateHash(parentCertificate) === header.lastCertificateHash ? null : 'certificate-mismatch'
}

function checkBody(
  state: ChainState,
  parent: ParentInfo,
  block: CandidateBlock,
  { parentCertificateValid }: OutsideChecks,
): BlockErrorCode | null {
  const { header, transactions, evidence, parentCertificate } = block
  if (!parentCertificateValid || !certifiesParent(parentCertificate, parent))
    return 'invalid-parent-certificate'
  if (transactions.length > MAX_BLOCK_TRANSACTIONS) return 'too-many-transactions'
  if (evidence.length > MAX_BLOCK_EVIDENCE) return 'too-much-evidence'
  if (evidence.some((each) => each.length > MAX_EVIDENCE_BYTES)) return 'too-much-evidence'
  const content = [...transactions.map((each) => each.bytes), ...evidence]
  if (content.reduce((sum, bytes) => sum + contentSize(bytes), 0) > MAX_CONTENT_BYTES)
    return 'block-too-large'
  const isEmpty = content.length === 0
  if (header.timestampMs < earliestTimestamp(state, parent, { isEmpty })) return 'timestamp-too-early'
  return isInCanonicalOrder(transactions, header.baseFeePerGas) ? null : 'wrong-order'
}

/** Bytes that one transaction or piece of evidence takes in a block. */
export function contentSize(bytes: Uint8Array): number {
  return bytes.length + OFFSET_BYTES
}

function certifiesParent(certificate: Certificate | null, { header, id }: ParentInfo): boolean {
  if (!header || !certificate) return !header && !certificate
  return (
    certificate.height === header.height &&
    certificate.blockId === id &&
    certificate.validatorsHash === header.validatorsHash
  )
}

function execute(state: ChainState, { header, transactions, parentCertificate }: CandidateBlock): BlockCheck {
  const run = new BlockRun(state, contextOf(state, header), parentCertificate)
  for (const transaction of transactions) {
    const included = run.include(transaction)
    if (!included.ok) return { ok: false, code: included.code, mismatched: false }
  }
  const outcome = run.finish()
  const code = checkOutcome(header, outcome)
  return code ? { ok: false, code, mismatched: false } : { ok: true, outcome }
}

function checkOutcome(header: Header, { gasUsed, receipts, overlay }: Outcome): BlockErrorCode | null {
  if (header.gasUsed !== gasUsed) return 'wrong-gas-used'
  if (header.receiptsRoot !== receiptsRoot(receipts)) return 'wrong-receipts-root'
  return header.stateRoot === overlay.root() ? null : 'wrong-state-root'
}

export function contextOf(
  state: ChainState,
  header: Pick<Header, 'height' | 'timestampMs' | 'proposer' | 'baseFeePerGas'>,
): BlockContext {
  const { height, timestampMs, proposer, baseFeePerGas } = header
  const { parameters } = state
  return { height, timestampMs, proposer, baseFeePerGas, parameters, epoch: epochOf(height, parameters) }
}
