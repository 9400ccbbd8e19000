/** For tests: proofs of offences on a chain without keys, and what became of the accused. Signatures are stand-ins. */
import { bitmapOf } from '../protocol/certificate-builder.ts'
import { pairOf } from '../protocol/codec-evidence.ts'
import type { ProposalStatement, Statement, VoteFields } from '../protocol/evidence.ts'
import {
  type ContradictionProof,
  type EvidenceProof,
  encodeEvidenceProof,
  type InvalidBlockProof,
} from '../protocol/evidence-proof.ts'
import { validatorsHash } from '../protocol/hash.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { EvidenceSubmit } from '../protocol/transaction.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { validatorKey } from '../state/keys.ts'
import type { ValidatorRecord } from '../state/records.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'
import { addressNumber, consensusKey, type TestChain } from './test-chain.ts'

const SIGNATURE = new Uint8Array(64)

export const blockNumber = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as Hash

export function voteBy(
  n: number,
  height: Height,
  block: number,
  fields: Partial<Pick<VoteFields, 'type' | 'round'>> = {},
): Statement {
  const place = { height, round: 0, sender: addressNumber(n), signature: SIGNATURE }
  return { type: 'commit', ...place, blockId: blockNumber(block), ...fields }
}

export function roundChangeBy(n: number, height: Height, round: number): Statement {
  return {
    type: 'round-change',
    height,
    round,
    sender: addressNumber(n),
    prepared: null,
    signature: SIGNATURE,
  }
}

/** The set of a height of the running epoch or the one before. */
export function setAt(chain: TestChain, height: Height): ValidatorSet {
  return validatorSetOf(chain.state, epochOf(height, chain.state.parameters))
}

/** Of two statements by validator n, under its set and key of now unless they are given. */
export function contradiction(
  chain: TestChain,
  [first, second]: readonly [Statement, Statement],
  given: Partial<Pick<ContradictionProof, 'validatorsHash' | 'validatorKey'>> & { readonly n?: number } = {},
): ContradictionProof {
  return {
    type: 'contradiction',
    validatorsHash: given.validatorsHash ?? validatorsHash(setAt(chain, first.height)),
    validatorKey: given.validatorKey ?? consensusKey(given.n ?? 3),
    pair: pairOf(first, second),
  }
}

/** Two COMMITs of validator n. */
export function doubleSign(chain: TestChain, n: number, height: Height): ContradictionProof {
  return contradiction(chain, [voteBy(n, height, 1), voteBy(n, height, 2)], { n })
}

/** A proposal of validator n that these reject. */
export function invalidBlock(
  chain: TestChain,
  n: number,
  height: Height,
  by: readonly number[] = [0, 1, 2],
): InvalidBlockProof {
  const set = setAt(chain, height)
  return {
    type: 'invalid-block',
    set,
    proposal: voteBy(n, height, 7, { type: 'pre-prepare' }) as ProposalStatement,
    code: 'wrong-state-root',
    bitmap: bitmapOf(set, new Set(by.map(addressNumber))),
    signatures: by.map(() => SIGNATURE),
  }
}

export function evidence(proof: EvidenceProof | Uint8Array): EvidenceSubmit {
  return {
    type: 'evidence.submit',
    proof: proof instanceof Uint8Array ? proof : encodeEvidenceProof(proof),
  }
}

/** Person n sends it; what became of it. */
export function submit(chain: TestChain, n: number, proof: EvidenceProof | Uint8Array): Receipt {
  return chain.decide([chain.by(n, evidence(proof))]).outcome.receipts[0]!
}

export function recordOf(chain: TestChain, n: number): ValidatorRecord {
  return chain.state.get(validatorKey(addressNumber(n)))!
}
