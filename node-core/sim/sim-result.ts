/** What a run says. */
import type { Offence } from '../protocol/offence.ts'

export interface SimResult {
  /** null: every promise was kept. */
  readonly violation: string | null
  readonly seed: number
  /** Heights decided by honest replicas. */
  readonly heights: number
  /** The highest round that an honest replica went to. */
  readonly rounds: number
  readonly crashes: number
  readonly events: number
  /** Sent from one node to another and not lost. */
  readonly messages: number
  /** Validators that the chain of an honest node has punished, by what for; nobody where nothing is executed. */
  readonly punished: Readonly<Partial<Record<Offence, number>>>
  /** Stores with a damaged page that a node found when it opened them; 0 where no pages are stored. */
  readonly damagedStores: number
  /** Virtual ms from the end of the faults to the end of the run. */
  readonly recoveryMs: number
}
