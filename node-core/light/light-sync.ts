/**
 * The way from a trusted header to a wanted height, as data: what is needed next, and what follows from what came. One
 * header an epoch by default, each by the set that the one before announced; `skipping` tries the wanted height at once and
 * halves the distance while too little of the trusted set signed what it finds.
 */
import { assert } from '../lib/assert.ts'
import type { Height } from '../protocol/ids.ts'
import { accept, type LightResult, refuse } from './fault.ts'
import type { LightBlock } from './light-block.ts'
import type { TrustedState } from './trusted-state.ts'
import {
  concludeVerification,
  isFresh,
  type PreparedVerification,
  prepareVerification,
  type SignatureCheck,
  type VerificationPolicy,
  type VerifiedHeader,
} from './verify-header.ts'

export type SyncStrategy = 'epochs' | 'skipping'

export interface LightSync {
  readonly trusted: TrustedState
  readonly targetHeight: Height
  readonly strategy: SyncStrategy
  /** Fetched, and too far to be believed yet; the nearest last. At most the logarithm of the distance. */
  readonly ahead: readonly LightBlock[]
  readonly checking: PreparedVerification | null
}

export type SyncNeed =
  | { readonly kind: 'header'; readonly height: Height }
  /** All of one certificate: verify each, in this order. */
  | { readonly kind: 'signatures'; readonly checks: readonly SignatureCheck[] }
  /** `trusted` is at the wanted height. */
  | { readonly kind: 'nothing' }

/** `targetHeight` is at or above the trusted height. */
export function startSync(
  trusted: TrustedState,
  targetHeight: Height,
  strategy: SyncStrategy = 'epochs',
): LightSync {
  assert(targetHeight >= trusted.height, 'a light client goes forward')
  return { trusted, targetHeight, strategy, ahead: [], checking: null }
}

export function syncNeed(sync: LightSync, policy: VerificationPolicy): SyncNeed {
  if (sync.checking) return { kind: 'signatures', checks: sync.checking.checks }
  if (sync.trusted.height === sync.targetHeight) return { kind: 'nothing' }
  return { kind: 'header', height: nextHeight(sync, policy) }
}

/** What came for the header that `syncNeed` asked for. `policy` is the one that it was asked with. */
export function headerReceived(
  sync: LightSync,
  block: LightBlock,
  policy: VerificationPolicy,
): LightResult<LightSync> {
  const expected = nextHeight(sync, policy)
  if (block.header.height !== expected)
    return refuse('wrong-height', { expected, found: block.header.height })
  return tryBlock(sync, block, policy)
}

/** The verdicts on the checks that `syncNeed` asked for, in their order. */
export function signaturesChecked(
  sync: LightSync,
  verdicts: readonly boolean[],
  policy: VerificationPolicy,
): LightResult<{ readonly sync: LightSync; readonly verified: VerifiedHeader }> {
  assert(sync.checking, 'verdicts follow checks')
  const concluded = concludeVerification(sync.checking, verdicts)
  if (!concluded.ok) return concluded
  const verified = concluded.value
  const moved: LightSync = { ...sync, trusted: verified.trusted, checking: null }
  const waiting = moved.ahead.at(-1)
  if (!waiting) return accept({ sync: moved, verified })
  const next = tryBlock({ ...moved, ahead: moved.ahead.slice(0, -1) }, waiting, policy)
  return next.ok ? accept({ sync: next.value, verified }) : next
}

function tryBlock(sync: LightSync, block: LightBlock, policy: VerificationPolicy): LightResult<LightSync> {
  const prepared = prepareVerification(sync.trusted, block, policy)
  if (prepared.ok) return accept({ ...sync, checking: prepared.value })
  return prepared.fault.code === 'too-little-trust'
    ? accept({ ...sync, ahead: [...sync.ahead, block] })
    : prepared
}

function nextHeight(sync: LightSync, policy: VerificationPolicy): Height {
  const { trusted, targetHeight } = sync
  if (trusted.height === 0) return 1
  const endOfNextEpoch = 2 * trusted.set.lastHeight - trusted.set.firstHeight + 1
  const tooFar = sync.ahead.at(-1)?.header.height ?? null
  if (tooFar !== null) {
    const middle = Math.floor((trusted.height + tooFar) / 2)
    return Math.min(Math.max(middle, endOfNextEpoch), tooFar - 1)
  }
  if (sync.strategy === 'skipping' && isFresh(trusted, policy)) return targetHeight
  return targetHeight <= trusted.set.lastHeight ? targetHeight : Math.min(targetHeight, endOfNextEpoch)
}
