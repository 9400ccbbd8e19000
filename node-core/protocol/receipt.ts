/** What became of a transaction in a block. */
import type { Amount, Gas } from './ids.ts'

export interface Receipt {
  /** 'ok', or why it failed. */
  readonly code: string
  /** The figures behind a failure, or behind a withdrawal, by name: at most 16, each name at most 32 bytes, each value at most 256. */
  readonly data: Readonly<Record<string, string>>
  readonly gasUsed: Gas
  /** Base units taken from the sender: base fee and tip. */
  readonly feePaid: Amount
}
