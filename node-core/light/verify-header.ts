/**
 * From one header that is believed to a later one. The rules are pure: which signatures have to hold is handed out as data,
 * and the verdicts come back, so that the caller decides where and how they are verified.
 *
 *   same epoch   the header names the trusted header's set
 *   next epoch   it names the set that the trusted header announced
 *   skip         more than one third of the trusted set's power signed it, and the trusted header is young enough
 *
 * and always a quorum (more than two thirds) of its own set, a greater height, a later time, a time that is not in the future.
 */
import { toHex } from '../lib/bytes.ts'
import { certificateSigners } from '../protocol/certificate-builder.ts'
import { commitSigningBytes, validatorsHash } from '../protocol/hash.ts'
import type { Amount, TimestampMs } from '../protocol/ids.ts'
import type { Validator, ValidatorSet } from '../protocol/validator-set.ts'
import { accept, type LightResult, refuse } from './fault.ts'
import type { LightBlock } from './light-block.ts'
import { isSetOf, type TrustedState, trustedAt } from './trusted-state.ts'

export interface VerificationPolicy {
  /** The caller's clock. */
  readonly nowMs: TimestampMs
  /** A header may be this far ahead of it. */
  readonly allowedDriftMs: number
  /** Below the unbonding period: trustingPeriodMs of trusted-state.ts. */
  readonly trustingPeriodMs: number
}

export type VerificationRule = 'same-epoch' | 'next-epoch' | 'skip'

/** One Ed25519 signature to verify. */
export interface SignatureCheck {
  /** 32 bytes. */
  readonly key: Uint8Array
  /** What was signed; the same for all of a certificate. */
  readonly bytes: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** Everything holds except for the signatures. */
export interface PreparedVerification {
  readonly rule: VerificationRule
  readonly origin: TrustedState['origin']
  readonly block: LightBlock
  /** Check i is of signer i. */
  readonly signers: readonly Validator[]
  readonly checks: readonly SignatureCheck[]
  readonly signedPower: Amount
}

export interface VerifiedHeader {
  /** By which rule; `given`: the checkpoint itself. */
  readonly rule: VerificationRule | 'given'
  readonly trusted: TrustedState
  readonly signers: readonly Validator[]
  /** Base units, of trusted.set.totalPower. */
  readonly signedPower: Amount
}

export function prepareVerification(
  trusted: TrustedState,
  block: LightBlock,
  policy: VerificationPolicy,
): LightResult<PreparedVerification> {
  const { header, certificate, set } = block
  const placed = checkPlace(trusted, block, policy)
  if (!placed.ok) return placed
  if (!isSetOf(set, header)) return refuse('set-mismatch', { expected: header.validatorsHash })
  const rule = checkRule(trusted, block, policy)
  if (!rule.ok) return rule
  if (
    certificate.blockId !== block.id ||
    certificate.height !== header.height ||
    certificate.validatorsHash !== header.validatorsHash
  )
    return refuse('certificate-mismatch', { expected: block.id, found: certificate.blockId })
  const signers = certificateSigners(set, certificate)
  if (!signers.ok)
    return signers.code === 'no-quorum'
      ? refuse('no-quorum', { of: String(set.totalPower) })
      : refuse('bad-certificate', { reason: signers.code })
  if (rule.value === 'skip') {
    const power = trustedPower(trusted.set, signers.members)
    if (3n * power <= trusted.set.totalPower)
      return refuse('too-little-trust', { power: String(power), of: String(trusted.set.totalPower) })
  }
  const bytes = commitSigningBytes(header.chainId, certificate)
  return accept({
    rule: rule.value,
    origin: trusted.origin,
    block,
    signers: signers.members,
    checks: signers.members.map((member, i) => ({
      key: member.validatorKey,
      bytes,
      signature: certificate.signatures[i]!,
    })),
    signedPower: signers.power,
  })
}

/** `verdicts[i]` is of check i. One signature that does not hold refuses the whole: nobody honest passes such a certificate on. */
export function concludeVerification(
  prepared: PreparedVerification,
  verdicts: readonly boolean[],
): LightResult<VerifiedHeader> {
  const bad = prepared.signers.find((_, i) => verdicts[i] !== true)
  if (bad) return refuse('bad-signature', { validator: bad.address })
  return accept({
    rule: prepared.rule,
    trusted: trustedAt(prepared.origin, prepared.block),
    signers: prepared.signers,
    signedPower: prepared.signedPower,
  })
}

/** The trusted header is young enough that its signers still have something to lose. */
export function isFresh(trusted: TrustedState, { nowMs, trustingPeriodMs }: VerificationPolicy): boolean {
  return nowMs < trusted.timestampMs + trustingPeriodMs
}

/** Chain, height, time, parent. */
function checkPlace(
  trusted: TrustedState,
  { header }: LightBlock,
  policy: VerificationPolicy,
): LightResult<null> {
  if (header.chainId !== trusted.chainId)
    return refuse('wrong-chain', { expected: trusted.chainId, found: header.chainId })
  if (header.height <= trusted.height)
    return refuse('height-not-above', { trusted: trusted.height, found: header.height })
  // Block 1 alone names the genesis: chains of one name with the same first validators differ in it.
  if (trusted.height === 0 && header.height !== 1)
    return refuse('wrong-height', { expected: 1, found: header.height })
  if (header.timestampMs <= trusted.timestampMs)
    return refuse('time-not-above', { trusted: trusted.timestampMs, found: header.timestampMs })
  if (header.timestampMs > policy.nowMs + policy.allowedDriftMs)
    return refuse('from-the-future', { found: header.timestampMs, now: policy.nowMs })
  if (header.height === trusted.height + 1 && header.parentId !== trusted.blockId)
    return refuse(trusted.height === 0 ? 'wrong-chain' : 'wrong-parent', {
      expected: trusted.blockId,
      found: header.parentId,
    })
  if (trusted.origin === 'checkpoint' && !isFresh(trusted, policy)) return expired(trusted, policy)
  return accept(null)
}

/** Which rule the heights ask for, and whether the sets obey it. */
function checkRule(
  trusted: TrustedState,
  { header, set }: LightBlock,
  policy: VerificationPolicy,
): LightResult<VerificationRule> {
  if (header.height <= trusted.set.lastHeight) {
    const expected = validatorsHash(trusted.set)
    if (header.validatorsHash !== expected)
      return refuse('wrong-validators', { expected, found: header.validatorsHash })
    if (header.nextValidatorsHash !== trusted.nextValidatorsHash)
      return refuse('next-set-changed', {
        expected: trusted.nextValidatorsHash,
        found: header.nextValidatorsHash,
      })
    return accept('same-epoch')
  }
  if (header.validatorsHash === trusted.nextValidatorsHash) return accept('next-epoch')
  if (set.firstHeight <= trusted.set.lastHeight + 1)
    return refuse('wrong-validators', {
      expected: trusted.nextValidatorsHash,
      found: header.validatorsHash,
    })
  return isFresh(trusted, policy) ? accept('skip') : expired(trusted, policy)
}

/** Of the trusted set's members whose key signed. By key, since a signature names nothing else; each counts once. */
function trustedPower(set: ValidatorSet, signers: readonly Validator[]): Amount {
  const keys = new Set(signers.map((signer) => toHex(signer.validatorKey)))
  return set.members.reduce(
    (power, member) => (keys.has(toHex(member.validatorKey)) ? power + member.power : power),
    0n,
  )
}

function expired(trusted: TrustedState, { nowMs, trustingPeriodMs }: VerificationPolicy) {
  return refuse('trust-expired', {
    height: trusted.height,
    ageMs: nowMs - trusted.timestampMs,
    trustingPeriodMs,
  })
}
