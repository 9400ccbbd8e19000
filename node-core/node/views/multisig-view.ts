/** Accounts of several as views. */
import { formatAddress } from '../../protocol/address.ts'
import type { Address, Height } from '../../protocol/ids.ts'
import { multisigKey, multisigProposalKey, type StateKey } from '../../state/keys.ts'
import { accountOf } from '../../state/ledger.ts'
import type { MultisigAccount, MultisigProposal } from '../../state/records.ts'
import type { StateView } from '../../state/store.ts'
import { MOST_ROWS } from '../method-input.ts'
import type { MultisigProposalView, MultisigView } from '../multisig-api.ts'
import type { AccountView } from '../node-api.ts'
import { payloadView } from './payload-view.ts'

/** null: no account of several. `height`: that of the state. */
export function multisigView(view: StateView, address: Address, height: Height): MultisigView | null {
  const account = view.get(multisigKey(address))
  return account && viewOf(view, address, account, height)
}

/** Those that the address is a member of, by address, at most MOST_ROWS. */
export function multisigsOf(view: StateView, member: Address, height: Height): MultisigView[] {
  const own: MultisigView[] = []
  for (const key of view.keysOf('multisig') as StateKey<MultisigAccount>[]) {
    const account = view.get(key)!
    if (!account.members.includes(member)) continue
    own.push(viewOf(view, key.slice(key.indexOf(':') + 1) as Address, account, height))
    if (own.length === MOST_ROWS) break
  }
  return own
}

/** What an account's view says of its members. */
export function membersView(view: StateView, address: Address): AccountView['multisig'] {
  const account = view.get(multisigKey(address))
  return account && { threshold: account.threshold, members: account.members.map(formatAddress) }
}

function viewOf(view: StateView, address: Address, account: MultisigAccount, height: Height): MultisigView {
  const { threshold, members, open } = account
  return {
    account: formatAddress(address),
    threshold,
    members: members.map(formatAddress),
    balance: String(accountOf(view, address).balance),
    proposals: open.map((number) => {
      const proposal = view.get(multisigProposalKey(address, number))!
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
