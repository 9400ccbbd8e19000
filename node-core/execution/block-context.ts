/** What the operations of a block may know about it. */
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Amount, Epoch, Height, TimestampMs } from '../protocol/ids.ts'

export interface BlockContext {
  readonly height: Height
  readonly epoch: Epoch
  readonly timestampMs: TimestampMs
  readonly proposer: Address
  readonly baseFeePerGas: Amount
  readonly parameters: ChainParameters
}
