/** Accounts of several as views. */
import { formatAddress } from '../../protocol/address.ts'
import type { Address, Height } from '../../protocol/ids.ts'
import { multisigKey, multisigProposalKey, type StateKey } from '../../state/keys.ts'
import { accountOf } from '../../state/ledger.ts'
import type { MultisigAccount, MultisigProposal } from '../../state/records.ts'
import type { StateView } from '../../state/store.ts'
import { MOST_ROWS } from '../method-input.ts'
import type { MultisigProposalView, MultisigView } from '../multisig-api.ts'
import { payloadView } from './payload-view.ts'

/** A node, or as much of it as these views are made of. */
interface AtHead {
  readonly chain: { readonly state: StateView; readonly height: Height }
}

/** null: no account of several. */
export function multisigView({ chain }: AtHead, address: Address): MultisigView | null {
  const account = chain.state.get(multisigKey(address))
  return account && viewOf(chain, address, account)
}

/** Those that the address is a member of, by address, at most MOST_ROWS. */
export function multisigList({ chain }: AtHead, member: Address): MultisigView[] {
  const own: MultisigView[] = []
  for (const key of chain.state.keysOf('multisig') as StateKey<MultisigAccount>[]) {
    const account = chain.state.get(key)!
    if (!account.members.includes(member)) continue
    own.push(viewOf(chain, key.slice(key.indexOf(':') + 1) as Address, account))
    if (own.length === MOST_ROWS) break
  }
  return own
}

function viewOf(
  { state, height }: AtHead['chain'],
  address: Address,
  account: MultisigAccount,
): MultisigView {
  const { threshold, members, open } = account
  return {
    account: formatAddress(address),
    threshold,
    members: members.map(formatAddress),
    balance: String(accountOf(state, address).balance),
    proposals: open.map((number) => {
      const proposal = state.get(multisigProposalKey(address, number))!
      return proposalView(number, proposal, { threshold, height })
    }),
  }
}

function proposalView(
  number: number,
  { proposer, payload, approvals, expiresAtHeight }: MultisigProposal,
  { threshold, height }: { readonly threshold: number; readonly height: Height },
): MultisigProposalView {
  // What is asked is whether the next block could execute it.
  const state = expiresAtHeight <= height ? 'expired' : approvals.length < threshold ? 'waiting' : 'ready'
  return {
    proposal: number,
    proposer: formatAddress(proposer),
    payload: payloadView(payload),
    approvals: approvals.map(formatAddress),
    expiresAtHeight,
    state,
  }
}
