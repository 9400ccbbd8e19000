/**
 * Evidence as it stands in a transaction: all that it takes to judge it, with the signatures. Who remembers no more of an
 * epoch than the hash of its validator set can check it.
 */
import { addressBytes } from './address.ts'
import { membersIn } from './certificate-builder.ts'
import { type Decoded, decodeWith } from './codec.ts'
import { pairFault, pairType, proposalStatementType } from './codec-evidence.ts'
import { decodeValidatorSet, encodeValidatorSet } from './codec-validator-set.ts'
import {
  ED25519_SIGNATURE_BYTES,
  MAX_BITMAP_BYTES,
  MAX_CODE_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_VALIDATOR_SET_BYTES,
  MAX_VALIDATORS,
  VALIDATOR_KEY_BYTES,
} from './constants.ts'
import type { ProposalStatement, StatementPair } from './evidence.ts'
import { DOMAINS, hashOf, messageSigningBytes, validatorsHash } from './hash.ts'
import type { Address, ChainId, Hash, Height } from './ids.ts'
import { DecodeFault } from './ssz-base.ts'
import { list, mapped, tagged, union } from './ssz-composites.ts'
import { byteList, bytes, hash, text } from './ssz-scalars.ts'
import type { Validator, ValidatorSet } from './validator-set.ts'

/** Two statements that contradict each other. */
export interface ContradictionProof {
  readonly type: 'contradiction'
  /** Of the set under which both were signed. */
  readonly validatorsHash: Hash
  /** Ed25519, 32 bytes: by which both were signed. */
  readonly validatorKey: Uint8Array
  readonly pair: StatementPair
}

/** A signed proposal, and REJECTs of it with one code. */
export interface InvalidBlockProof {
  readonly type: 'invalid-block'
  /** Of the proposal's height, whole. */
  readonly set: ValidatorSet
  readonly proposal: ProposalStatement
  readonly code: string
  /** Over the set: whose REJECTs they are. */
  readonly bitmap: Uint8Array
  /** In the order of the set. */
  readonly signatures: readonly Uint8Array[]
}

export type EvidenceProof = ContradictionProof | InvalidBlockProof

const setType = mapped<ValidatorSet, Uint8Array>(
  byteList(MAX_VALIDATOR_SET_BYTES),
  encodeValidatorSet,
  (encoded) => {
    const decoded = decodeValidatorSet(encoded)
    if (!decoded.ok) throw new DecodeFault('malformed', decoded.detail)
    return decoded.value
  },
)

/** Numbers are part of the format: never reused. */
const proofType = union<EvidenceProof>({
  1: tagged<ContradictionProof>('contradiction', {
    validatorsHash: hash,
    validatorKey: bytes(VALIDATOR_KEY_BYTES),
    pair: pairType,
  }),
  2: tagged<InvalidBlockProof>('invalid-block', {
    set: setType,
    proposal: proposalStatementType,
    code: text(MAX_CODE_BYTES),
    bitmap: byteList(MAX_BITMAP_BYTES),
    signatures: list(bytes(ED25519_SIGNATURE_BYTES), MAX_VALIDATORS),
  }),
})

/** May be longer than a transaction can carry: a set of more than 150 members is. */
export function encodeEvidenceProof(proof: EvidenceProof): Uint8Array {
  return proofType.serialize(proof)
}

/** Strict: a pair in canonical order, a bitmap over the set with one signature for each of its bits. */
export function decodeEvidenceProof(data: Uint8Array): Decoded<EvidenceProof> {
  const decoded = decodeWith(proofType, data, MAX_EVIDENCE_BYTES)
  if (!decoded.ok) return decoded
  const { value } = decoded
  if (value.type === 'contradiction') return pairFault(value.pair) ?? decoded
  if (membersIn(value.set, value.bitmap)?.length === value.signatures.length) return decoded
  return { ok: false, code: 'malformed', detail: 'the bitmap' }
}

/** Whom it accuses, and of what height. */
export function accusedBy(proof: EvidenceProof): { readonly sender: Address; readonly height: Height } {
  return proof.type === 'contradiction' ? proof.pair.first : proof.proposal
}

/** The hash of the set that the proof stands on. */
export function setHashOf(proof: EvidenceProof): Hash {
  return proof.type === 'contradiction' ? proof.validatorsHash : validatorsHash(proof.set)
}

/** Whose REJECTs are in it. */
export function rejecters({ set, bitmap }: InvalidBlockProof): readonly Validator[] {
  return membersIn(set, bitmap) ?? []
}

/** One for all evidence of one kind against a validator at one height: it is punished once, in however many ways it is shown. */
export function offenceId(proof: EvidenceProof): Hash {
  const { sender, height } = accusedBy(proof)
  const place = new Uint8Array(8)
  new DataView(place.buffer).setBigUint64(0, BigInt(height))
  return hashOf(DOMAINS.offence, Uint8Array.of(NUMBERS[proof.type]), addressBytes(sender), place)
}

const NUMBERS = { contradiction: 1, 'invalid-block': 2 } as const

export interface SignedStatement {
  /** Ed25519. */
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** All signatures in it; they are to hold before it is judged. None where the proposer is no member: then it proves nothing. */
export function signaturesIn(chainId: ChainId, proof: EvidenceProof): readonly SignedStatement[] {
  const setHash = setHashOf(proof)
  if (proof.type === 'contradiction') {
    const { pair, validatorKey: publicKey } = proof
    return [pair.first, pair.second].map((statement) => ({
      publicKey,
      message: messageSigningBytes(chainId, setHash, statement),
      signature: statement.signature,
    }))
  }
  const { set, proposal, code, signatures } = proof
  const proposer = set.members.find(({ address }) => address === proposal.sender)
  if (!proposer) return []
  const { height, round, blockId } = proposal
  const rejects = rejecters(proof).map(({ address: sender, validatorKey: publicKey }, i) => ({
    publicKey,
    message: messageSigningBytes(chainId, setHash, { type: 'reject', height, round, sender, blockId, code }),
    signature: signatures[i]!,
  }))
  const message = messageSigningBytes(chainId, setHash, proposal)
  return [{ publicKey: proposer.validatorKey, message, signature: proposal.signature }, ...rejects]
}
