/** The faucet of development and staging chains: new money for whoever asks, a little at a time. */
import { MAX_AMOUNT } from '../protocol/amount.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Height } from '../protocol/ids.ts'
import { accountOf, drip, supplyOf, totalSupply } from '../state/ledger.ts'
import type { Draft, StateView } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import type { TransactionRejection } from './transaction-errors.ts'

/** A drip that is refused is never in a block, so nobody can ask for nothing. */
export function checkDrip(
  view: StateView,
  sender: Address,
  { parameters, height }: { readonly parameters: ChainParameters; readonly height: Height },
): TransactionRejection | null {
  const isFull = totalSupply(supplyOf(view)) + parameters.faucetDrip > MAX_AMOUNT
  if (parameters.faucetDrip === 0n || isFull) return { code: 'faucet-closed', data: {} }
  const { lastDripHeight } = accountOf(view, sender)
  const nextHeight = lastDripHeight === 0 ? 0 : lastDripHeight + parameters.faucetIntervalBlocks
  return height < nextHeight ? { code: 'drip-too-early', data: { nextHeight: String(nextHeight) } } : null
}

/** Before the fee is taken: an account with nothing pays it from the drip. */
export function applyDrip(draft: Draft, sender: Address, { parameters, height }: BlockContext): void {
  drip(draft, sender, parameters.faucetDrip, height)
}
