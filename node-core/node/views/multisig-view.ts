/** Accounts of several and what they are asked, as views. */
import { fromHex } from '../../lib/bytes.ts'
import { formatAddress } from '../../protocol/address.ts'
import { ADDRESS_BYTES } from '../../protocol/constants.ts'
import type { Address } from '../../protocol/ids.ts'
import { multisigKey, type StateKey } from '../../state/keys.ts'
import { accountOf } from '../../state/ledger.ts'
import type { MultisigAccount, MultisigProposal } from '../../state/records.ts'
import type { LiveNode } from '../live-node.ts'
import type { MultisigProposalView, MultisigView } from '../multisig-api.ts'
import { payloadView } from './payload-view.ts'

/** Those that the address is a member of, by address. */
export function multisigList(node: LiveNode, member: Address): MultisigView[] {
  const found: Address[] = []
  node.chain.state.each<MultisigAccount>('multisig', ({ members }, key) => {
    if (members.includes(member)) found.push(suffixOf(key) as Address)
  })
  return found.sort().flatMap((account) => multisigView(node, account) ?? [])
}

/** null: there is no such account. */
export function multisigView(node: LiveNode, account: Address): MultisigView | null {
  const { state } = node.chain
  const record = state.get(multisigKey(account))
  if (!record) return null
  return {
    account: formatAddress(account),
    threshold: record.threshold,
    members: record.members.map(formatAddress),
    balance: String(accountOf(state, account).balance),
    proposals: proposalsOf(node, account, record),
  }
}

function proposalsOf(
  node: LiveNode,
  account: Address,
  { threshold }: MultisigAccount,
): readonly MultisigProposalView[] {
  const { state, height } = node.chain
  const keys = state.keysOf('multisigProposal') as StateKey<MultisigProposal>[]
  // The number is written so that its order as text is its order.
  return keys
    .filter((key) => suffixOf(key).startsWith(account))
    .map((key) => {
      const { proposer, payload, approvals, expiresAtHeight } = state.get(key)!
      return {
        proposal: numberOf(suffixOf(key)),
        proposer: formatAddress(proposer),
        payload: payloadView(payload),
        approvals: approvals.map(formatAddress),
        expiresAtHeight,
        state: expiresAtHeight <= height ? 'expired' : approvals.length >= threshold ? 'ready' : 'waiting',
      }
    })
}

function suffixOf(key: StateKey<unknown>): string {
  return key.slice(key.indexOf(':') + 1)
}

function numberOf(suffix: string): number {
  const bytes = fromHex(suffix)!
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(ADDRESS_BYTES))
}
