/** Stake on its way back, as a view. */
import { releasesAtMs } from '../../economy/epoch-records.ts'
import type { ChainParameters } from '../../protocol/genesis.ts'
import type { Address } from '../../protocol/ids.ts'
import type { StateKey } from '../../state/keys.ts'
import type { Unbonding } from '../../state/records.ts'
import type { StateView } from '../../state/store.ts'
import type { AccountView } from '../node-api.ts'

/** The oldest first, which is the soonest. */
export function unbondingsOf(
  view: StateView,
  address: Address,
  parameters: ChainParameters,
): NonNullable<AccountView['unbonding']> {
  const entries = (view.keysOf('unbonding') as StateKey<Unbonding>[]).flatMap((key) => {
    const entry = view.get(key)!
    if (entry.address !== address) return []
    const position = Number(key.slice(key.indexOf(':') + 1))
    return [{ position, amount: String(entry.amount), releasedAtMs: releasesAtMs(view, entry, parameters) }]
  })
  return entries.sort((a, b) => a.position - b.position)
}
