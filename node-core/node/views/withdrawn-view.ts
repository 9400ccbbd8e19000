/** Stake that came back to an account: the state forgets it, the receipts of the blocks that are here do not. */
import { formatAddress } from '../../protocol/address.ts'
import type { Address, Height } from '../../protocol/ids.ts'
import type { LiveNode } from '../live-node.ts'
import { MOST_ROWS } from '../method-input.ts'
import type { StakePositionView } from '../stake-api.ts'
import { nameOf } from './view-words.ts'

/** Newest first; of the account's newest transactions alone, and of those that are no batch. */
export async function withdrawnPositions(node: LiveNode, address: Address): Promise<StakePositionView[]> {
  const places = node.history.ofAccount(address, MOST_ROWS)
  const found: StakePositionView[] = []
  for (const height of new Set(places.map((place) => place.height)))
    found.push(...(await withdrawnAt(node, address, height)).reverse())
  return found
}

async function withdrawnAt(node: LiveNode, address: Address, height: Height): Promise<StakePositionView[]> {
  const stored = await node.chain.load(height)
  return (stored?.block.body.transactions ?? []).flatMap(({ sender, payload }, index) => {
    const { code, data } = stored!.receipts[index]!
    if (sender !== address || payload.type !== 'stake.withdraw' || code !== 'ok') return []
    const validator = data.validator as Address
    const [amount, initial] = [BigInt(data.amount!), BigInt(data.initialAmount!)]
    return [
      {
        kind: 'unbonding' as const,
        position: payload.position,
        state: 'withdrawn' as const,
        validator: formatAddress(validator),
        validatorName: nameOf(node, validator),
        from: null,
        amount: String(amount),
        principal: String(initial),
        lost: String(initial - amount),
        compounding: false,
        rewards: '0',
        releasedAtMs: null,
        blocksLeft: null,
      },
    ]
  })
}
