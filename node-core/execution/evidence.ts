/** Evidence of an offence, sent by anyone: whether it holds by what the state remembers, and what follows. */
import { punishableEpoch } from '../economy/epoch-records.ts'
import { punishProved } from '../economy/punishment.ts'
import {
  accusedBy,
  type ContradictionProof,
  decodeEvidenceProof,
  type EvidenceProof,
  type InvalidBlockProof,
  offenceId,
  rejecters,
  setHashOf,
} from '../protocol/evidence-proof.ts'
import type { Address, Epoch } from '../protocol/ids.ts'
import { type Contradiction, offenceOf } from '../protocol/offence.ts'
import type { EvidenceSubmit } from '../protocol/transaction.ts'
import { epochKey, evidenceKey, keyOwnerKey, type StateKey, validatorKey } from '../state/keys.ts'
import type { KeyOwner } from '../state/records.ts'
import type { Draft, StateView } from '../state/store.ts'
import { epochOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'
import type { TransactionFailure } from './transaction-errors.ts'

type Judged =
  | { readonly ok: true; readonly offence: Contradiction | 'invalid-block' }
  | { readonly ok: false; readonly failure: TransactionFailure }

/** Its signatures were verified before (see outsideProofsOf). */
export function applyEvidence(
  draft: Draft,
  sender: Address,
  payload: EvidenceSubmit,
  context: BlockContext,
): TransactionFailure | null {
  const decoded = decodeEvidenceProof(payload.proof)
  if (!decoded.ok) return failure('evidence-malformed', decoded.code)
  const judged = judge(draft, decoded.value, context)
  if (!judged.ok) return judged.failure
  const { sender: validator, height } = accusedBy(decoded.value)
  draft.set(evidenceKey(offenceId(decoded.value)), { epoch: epochOf(height, context.parameters) })
  punishProved(draft, { validator, offence: judged.offence, height, reporter: sender }, context)
  return null
}

type JudgeContext = Pick<BlockContext, 'height' | 'timestampMs' | 'parameters'>

/** Whether the block of that context would refuse it: who knows before need not pay for it. */
export function evidenceFailure(
  view: StateView,
  { proof }: EvidenceSubmit,
  context: JudgeContext,
): TransactionFailure | null {
  const decoded = decodeEvidenceProof(proof)
  if (!decoded.ok) return failure('evidence-malformed', decoded.code)
  const judged = judge(view, decoded.value, context)
  return judged.ok ? null : judged.failure
}

function judge(view: StateView, proof: EvidenceProof, context: JudgeContext): Judged {
  const { sender, height } = accusedBy(proof)
  if (height < 1) return refuse('evidence-malformed', 'the genesis')
  if (height >= context.height) return refuse('evidence-too-new', String(height))
  const epoch = epochOf(height, context.parameters)
  const record = punishableEpoch(view, epoch, context)
  if (!record) return refuse('evidence-too-old', String(height))
  if (setHashOf(proof) !== record.validatorsHash) return refuse('evidence-wrong-set', record.validatorsHash)
  if (!record.stakes.some(({ address }) => address === sender)) return refuse('evidence-wrong-set', sender)
  const judged = proof.type === 'contradiction' ? judgePair(view, proof, epoch) : judgeRejects(proof, sender)
  if (!judged.ok) return judged
  if (view.get(evidenceKey(offenceId(proof)))) return refuse('evidence-known', offenceId(proof))
  // One removal is the last punishment, however many proofs of however many heights there are.
  if (view.get(validatorKey(sender))?.tombstoned)
    return { ok: false, failure: { code: 'tombstoned', data: { address: sender } } }
  return judged
}

/** A key that was given up still accuses its owner, of the epochs in which it was in use: whoever stole it since can do nothing. */
function judgePair(view: StateView, { pair, validatorKey: key }: ContradictionProof, epoch: Epoch): Judged {
  const owner = view.get(keyOwnerKey(key))
  const isTheirs = owner?.address === pair.first.sender && isInUse(owner, epoch)
  if (!isTheirs) return refuse('evidence-wrong-set', 'the key')
  const offence = offenceOf(pair.first, pair.second)
  return offence ? { ok: true, offence } : refuse('evidence-no-offence', 'no contradiction')
}

function isInUse({ fromEpoch, untilEpoch }: KeyOwner, epoch: Epoch): boolean {
  return fromEpoch <= epoch && (untilEpoch === null || epoch <= untilEpoch)
}

function judgeRejects(proof: InvalidBlockProof, sender: Address): Judged {
  const { set } = proof
  if (!set.members.some(({ address }) => address === sender)) return refuse('evidence-wrong-set', sender)
  const power = rejecters(proof).reduce((sum, member) => sum + member.power, 0n)
  if (3n * power <= 2n * set.totalPower) return refuse('evidence-no-offence', 'no quorum')
  return { ok: true, offence: 'invalid-block' }
}

/** At the end of an epoch: what was punished of epochs that are forgotten, and keys that were given up before them. */
export function forgetPunished(draft: Draft): void {
  for (const key of draft.keysOf('evidence') as StateKey<{ readonly epoch: Epoch }>[])
    if (!draft.get(epochKey(draft.get(key)!.epoch))) draft.delete(key)
  for (const key of draft.keysOf('validatorKey') as StateKey<KeyOwner>[]) {
    const { untilEpoch } = draft.get(key)!
    if (untilEpoch !== null && !draft.get(epochKey(untilEpoch))) draft.delete(key)
  }
}

function refuse(code: EvidenceCode, detail: string): Judged {
  return { ok: false, failure: failure(code, detail) }
}

type EvidenceCode = Extract<TransactionFailure['code'], `evidence-${string}`>

function failure(code: EvidenceCode, detail: string): TransactionFailure {
  return { code, data: { detail } }
}
