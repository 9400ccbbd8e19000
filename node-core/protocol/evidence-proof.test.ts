import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzRuns, hostileBytes } from '../lib/mutations.test-kit.ts'
import { bytesOf, validatorSets } from './arbitraries.ts'
import { bitmapOf } from './certificate-builder.ts'
import { pairOf } from './codec-evidence.ts'
import { MAX_EVIDENCE_BYTES } from './constants.ts'
import type { ProposalStatement } from './evidence.ts'
import {
  accusedBy,
  decodeEvidenceProof,
  type EvidenceProof,
  encodeEvidenceProof,
  type InvalidBlockProof,
  offenceId,
  rejecters,
  signaturesIn,
} from './evidence-proof.ts'
import { validatorsHash, ZERO_HASH } from './hash.ts'
import type { Hash } from './ids.ts'
import type { ValidatorSet } from './validator-set.ts'

const blockNumber = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as Hash
const SIGNATURE = new Uint8Array(64)

const rejected: fc.Arbitrary<InvalidBlockProof> = fc
  .tuple(validatorSets, fc.nat(), bytesOf(64))
  .map(([set, seed, signature]) => proofOf(set, seed, signature))

function proofOf(set: ValidatorSet, seed: number, signature: Uint8Array): InvalidBlockProof {
  const { members } = set
  const signers = members.filter((_, i) => (seed >> (i % 31)) & 1)
  const place = { height: set.firstHeight, round: seed % 5, sender: members[seed % members.length]!.address }
  return {
    type: 'invalid-block',
    set,
    proposal: { type: 'pre-prepare', ...place, blockId: blockNumber(seed), signature } as ProposalStatement,
    code: 'wrong-state-root',
    bitmap: bitmapOf(set, new Set(signers.map(({ address }) => address))),
    signatures: signers.map(() => signature),
  }
}

const contradictions: fc.Arbitrary<EvidenceProof> = fc
  .tuple(validatorSets, fc.nat(7), fc.nat(1_000_000), bytesOf(32), bytesOf(64))
  .map(([set, round, height, validatorKey, signature]) => {
    const said = { type: 'commit', height, round, sender: set.members[0]!.address, signature } as const
    const pair = pairOf({ ...said, blockId: blockNumber(1) }, { ...said, blockId: blockNumber(2) })
    return { type: 'contradiction', validatorsHash: validatorsHash(set), validatorKey, pair }
  })

describe('a proof of an offence', () => {
  it('comes back from its bytes', () => {
    fc.assert(
      fc.property(fc.oneof(rejected, contradictions), (proof) => {
        const bytes = encodeEvidenceProof(proof)
        const decoded = decodeEvidenceProof(bytes)
        expect(decoded).toEqual({ ok: true, value: proof })
        expect(bytes.length).toBeLessThanOrEqual(MAX_EVIDENCE_BYTES)
      }),
    )
  })

  it('any bytes are a proof in its one encoding, or refused', () => {
    const real = fc.oneof(rejected, contradictions).map(encodeEvidenceProof)
    fc.assert(
      fc.property(hostileBytes(real), (bytes) => {
        const decoded = decodeEvidenceProof(bytes)
        if (decoded.ok) expect(encodeEvidenceProof(decoded.value)).toEqual(bytes)
        else expect(decoded.code).toMatch(/^(malformed|non-canonical|unknown-type)$/)
      }),
      { numRuns: fuzzRuns(500) },
    )
  })

  it('of more bytes than one may have is not looked into', () => {
    const [proof] = fc.sample(rejected, { numRuns: 1, seed: 2 })
    const bytes = new Uint8Array(MAX_EVIDENCE_BYTES + 1)
    bytes.set(encodeEvidenceProof(proof!))
    expect(decodeEvidenceProof(bytes)).toMatchObject({ ok: false, code: 'too-large' })
    expect(decodeEvidenceProof(bytes.subarray(1))).toMatchObject({ ok: false })
  })

  it('names each signature with its key and what it is over', () => {
    fc.assert(
      fc.property(rejected, (proof) => {
        const [proposal, ...rejects] = signaturesIn('test', proof)
        const proposer = proof.set.members.find(({ address }) => address === proof.proposal.sender)!
        expect(proposal!.publicKey).toEqual(proposer.validatorKey)
        expect(rejects.map(({ publicKey }) => publicKey)).toEqual(
          rejecters(proof).map(({ validatorKey }) => validatorKey),
        )
        const messages = new Set([proposal!, ...rejects].map(({ message }) => message.join()))
        expect(messages.size).toBe(rejects.length > 0 ? 2 : 1)
      }),
    )
  })

  it('is of one offence whoever shows it and however', () => {
    fc.assert(
      fc.property(rejected, contradictions, (invalid, contradiction) => {
        const others = { ...invalid, signatures: invalid.signatures.map(() => SIGNATURE) }
        expect(offenceId(others)).toBe(offenceId(invalid))
        expect(offenceId({ ...invalid, code: 'wrong-gas-used' })).toBe(offenceId(invalid))
        const later = { ...invalid.proposal, height: invalid.proposal.height + 1 }
        expect(offenceId({ ...invalid, proposal: later })).not.toBe(offenceId(invalid))
        const { sender } = accusedBy(contradiction)
        const sameOne = { ...invalid, proposal: { ...invalid.proposal, ...accusedBy(contradiction), sender } }
        expect(offenceId(sameOne as EvidenceProof)).not.toBe(offenceId(contradiction))
      }),
    )
  })

  it('by a proposer that is no member has no signature to check', () => {
    fc.assert(
      fc.property(rejected, (proof) => {
        const stranger = `0x${'ee'.repeat(20)}` as typeof proof.proposal.sender
        expect(signaturesIn('test', { ...proof, proposal: { ...proof.proposal, sender: stranger } })).toEqual(
          [],
        )
      }),
    )
  })

  it('of a hundred members and their quorum fits in a transaction', () => {
    const members = Array.from({ length: 100 }, (_, i) => ({
      address: `0x${i.toString(16).padStart(40, '0')}` as ValidatorSet['members'][number]['address'],
      validatorKey: new Uint8Array(32).fill(i),
      randomnessKey: new Uint8Array(32).fill(i),
      power: 1n,
      weight: 1n,
      priority: 0n,
    }))
    const set: ValidatorSet = { epoch: 1, firstHeight: 1, lastHeight: 9, members, totalPower: 100n }
    const signers = members.slice(0, 67)
    const proof: InvalidBlockProof = {
      ...proofOf(set, 1, SIGNATURE),
      bitmap: bitmapOf(set, new Set(signers.map(({ address }) => address))),
      signatures: signers.map(() => SIGNATURE),
    }
    expect(encodeEvidenceProof(proof).length).toBeLessThan(20_000)
    expect(decodeEvidenceProof(encodeEvidenceProof(proof)).ok).toBe(true)
    expect(validatorsHash(set)).not.toBe(ZERO_HASH)
  })
})
