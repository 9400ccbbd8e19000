/** States of the model as they come out of a trace: Informal Trace Format, decoded into plain values. */

export interface Claim {
  readonly round: number
  readonly value: number
}

export interface Proved {
  readonly claim: Claim
  readonly signers: readonly number[]
}

export interface Vote {
  readonly sender: number
  readonly round: number
  readonly value: number
}

export interface Departure {
  readonly sender: number
  readonly round: number
  readonly prepared: Proved
}

interface Proposal extends Vote {
  readonly justification: readonly Departure[]
}

export type ModelMessage =
  | { readonly tag: 'RoundChange'; readonly value: Departure }
  | { readonly tag: 'PrePrepare'; readonly value: Proposal }
  | { readonly tag: 'Prepare'; readonly value: Vote }
  | { readonly tag: 'Commit'; readonly value: Vote }

interface ModelRecord {
  readonly place: number
  readonly messages: readonly ModelMessage[]
  readonly lastCommit: Claim
  readonly prepared: Proved
}

export interface ModelReplica {
  readonly self: number
  readonly round: number
  readonly accepted: number
  readonly prepared: Proved
  readonly preparedInRound: boolean
  readonly timerRuns: boolean
  readonly building: boolean
  readonly justification: readonly Departure[]
  readonly proposals: readonly number[]
  readonly prepares: readonly Vote[]
  readonly commits: readonly Vote[]
  readonly roundChanges: readonly Departure[]
  readonly latest: readonly Departure[]
  readonly known: readonly number[]
  readonly wanted: readonly number[]
  readonly own: readonly ModelMessage[]
  readonly orders: readonly { readonly message: ModelMessage; readonly prepared: Proved }[]
  readonly guardPlace: number
  readonly lastCommit: Claim
  readonly record: ModelRecord
  readonly decided: number
}

export type ModelEvent =
  | { readonly tag: 'Started' }
  | { readonly tag: 'Proposed' | 'Fetched'; readonly value: { readonly by: number; readonly value: number } }
  | { readonly tag: 'Persisted' | 'TimedOut'; readonly value: { readonly by: number } }
  | { readonly tag: 'Delivered'; readonly value: { readonly to: number; readonly message: number } }
  | { readonly tag: 'Lost'; readonly value: { readonly by: number; readonly message: number } }
  | { readonly tag: 'Restarted'; readonly value: { readonly by: number; readonly durable: number } }
  | { readonly tag: 'Forged'; readonly value: { readonly message: number } }

export interface ModelState {
  readonly replicas: ReadonlyMap<number, ModelReplica>
  readonly sent: readonly ModelMessage[]
  readonly event: ModelEvent
}

/** Integers are small here; sets become arrays, in the order in which they came. */
function decodeItf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decodeItf)
  if ('#bigint' in value) return Number(value['#bigint'])
  if ('#set' in value) return decodeItf(value['#set'])
  if ('#tup' in value) return decodeItf(value['#tup'])
  if ('#map' in value) return new Map(decodeItf(value['#map']) as [unknown, unknown][])
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, decodeItf(each)]))
}

/** `state`: one of an ITF trace, whose variables are named with their modules in front. */
export function decodeState(state: Readonly<Record<string, unknown>>): ModelState {
  const variable = (name: string) => {
    const key = Object.keys(state).find((each) => each === name || each.endsWith(`::${name}`))
    if (key === undefined) throw new Error(`the model has no variable ${name}`)
    return decodeItf(state[key])
  }
  return {
    replicas: variable('replicas'),
    sent: variable('sent'),
    event: variable('event'),
  } as ModelState
}
