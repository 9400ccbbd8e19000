/** What a detector of attacks says: the same of all. */
import type { Address, Height, Millionths } from '../../protocol/ids.ts'

export type AttackType =
  | 'sybil'
  | 'stake-grinding'
  | 'nothing-at-stake'
  | 'long-range'
  | 'front-running'
  | 'gas-manipulation'
  | 'stake-concentration'
  | 'wash-trading'

export type ThreatLevel = 'low' | 'medium' | 'high' | 'critical'

/** What the chain does about it by itself. */
export type AttackResponse =
  | 'none'
  | 'slash'
  | 'cool-down'
  | 'narrower-entry'
  | 'sender-share'
  | 'refused'
  | 'no-reputation'

export interface Finding {
  readonly type: AttackType
  /** null: silent. */
  readonly threat: ThreatLevel | null
  readonly windowMs: number
  /** In `unit`, as the threshold is. */
  readonly value: number
  readonly threshold: number
  readonly unit: 'millionths' | 'count' | 'times-millionths'
  /** For people; there while it is silent too. */
  readonly evidence: readonly { readonly label: string; readonly value: string }[]
  /** Heights that show it, the newest, ascending. */
  readonly heights: readonly Height[]
  /** Worst first. */
  readonly suspects: readonly Address[]
  readonly response: AttackResponse
}

/** Heights and suspects that a finding names. */
const NAMED = 20

/** The newest so many, ascending, each once. */
export function namedHeights(heights: Iterable<Height>): Height[] {
  return [...new Set(heights)].sort((a, b) => a - b).slice(-NAMED)
}

export function namedSuspects(suspects: Iterable<Address>): Address[] {
  return [...new Set(suspects)].slice(0, NAMED)
}

/** With one digit after the point, rounded down. */
export function percentOf(share: Millionths): string {
  const tenths = Math.floor(share / 1_000)
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`
}
