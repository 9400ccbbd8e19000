/** What follows an offence: stake lost, jail, removal for good, a lower score. */
import { assert } from '../lib/assert.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Height, Millionths, TimestampMs } from '../protocol/ids.ts'
import type { Contradiction, Offence } from '../protocol/offence.ts'
import { validatorKey } from '../state/keys.ts'
import type { JailReason, OffenceCount, ValidatorRecord } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import { nextPerformance } from './performance.ts'
import { forfeitRewards, type SlashContext, slash } from './slashing.ts'

/** Of the block that punishes. */
export interface PunishContext extends SlashContext {
  readonly timestampMs: TimestampMs
  readonly parameters: ChainParameters
}

/** Shown by evidence. */
export interface ProvedOffence {
  readonly validator: Address
  readonly offence: Contradiction | 'invalid-block'
  readonly height: Height
  /** Who is paid a share. */
  readonly reporter: Address
}

/** Each is slashed at the first. Who contradicts itself is never a member again. */
export function punishProved(draft: Draft, proved: ProvedOffence, context: PunishContext): void {
  const { validator, offence, height: offenceHeight, reporter } = proved
  const fraction = fractionOf(offence, context.parameters)
  slash(draft, { validator, offence, offenceHeight, reporter, fraction }, context)
  sendToJail(draft, validator, offence, context)
  if (offence !== 'invalid-block') change(draft, validator, { tombstoned: true })
}

/** Of a window of blocks, seen by the chain itself. */
export interface Absence {
  readonly validator: Address
  readonly offence: 'unavailable' | 'slow'
  /** Last of the window. */
  readonly height: Height
  readonly signed: number
  readonly expected: number
}

/** The first ones cost no stake: being away means jail, being slow a lower score. */
export function punishAbsence(draft: Draft, absence: Absence, context: PunishContext): void {
  const { validator, offence, height: offenceHeight } = absence
  const { parameters, timestampMs } = context
  const count = countWith(recordOf(draft, validator)[offence], context)
  const slashedAt = offence === 'slow' ? parameters.slowOffences : parameters.unavailableOffences
  const isSlashed = count >= slashedAt
  change(draft, validator, { [offence]: { count: isSlashed ? 0 : count, lastAtMs: timestampMs } })
  const fraction = fractionOf(offence, parameters)
  if (isSlashed) slash(draft, { validator, offence, offenceHeight, reporter: null, fraction }, context)
  if (offence === 'unavailable') sendToJail(draft, validator, offence, context)
  else
    change(draft, validator, {
      performance: nextPerformance(recordOf(draft, validator).performance, absence),
    })
}

function fractionOf(offence: Offence, parameters: ChainParameters): Millionths {
  switch (offence) {
    case 'double-sign':
    case 'amnesia':
      return parameters.doubleSignSlash
    case 'invalid-block':
      return parameters.invalidBlockSlash
    case 'unavailable':
      return parameters.unavailableSlash
    case 'slow':
      return parameters.slowSlash
  }
}

/** With one more now. What lies further back than an unbonding period is forgotten. */
function countWith(
  { count, lastAtMs }: OffenceCount,
  { timestampMs, parameters }: Pick<PunishContext, 'timestampMs' | 'parameters'>,
): number {
  return timestampMs - lastAtMs > parameters.unbondingMs ? 1 : count + 1
}

/** Out of the next sets until it asks to be let out; what it has earned and not been paid is lost. */
function sendToJail(draft: Draft, validator: Address, reason: JailReason, context: PunishContext): void {
  const releasesAtMs = context.timestampMs + context.parameters.jailMs
  change(draft, validator, { jail: { reason, releasesAtMs } })
  forfeitRewards(draft, validator)
}

function change(draft: Draft, validator: Address, fields: Partial<ValidatorRecord>): void {
  draft.set(validatorKey(validator), { ...recordOf(draft, validator), ...fields })
}

function recordOf(draft: Draft, validator: Address): ValidatorRecord {
  const record = draft.get(validatorKey(validator))
  assert(record, 'a validator keeps its record as long as it can be punished')
  return record
}
