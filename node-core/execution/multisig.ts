/** Accounts of several: created, asked, approved, executed. */
import { MAX_MEMBER_PROPOSALS } from '../protocol/constants.ts'
import type { Address } from '../protocol/ids.ts'
import { multisigAddress } from '../protocol/multisig-account.ts'
import type { MultisigPayload } from '../protocol/transaction.ts'
import { multisigKey, multisigProposalKey } from '../state/keys.ts'
import { accountOf } from '../state/ledger.ts'
import type { MultisigAccount, MultisigProposal } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import { applyProposable } from './proposable.ts'
import type { TransactionFailure } from './transaction-errors.ts'

type Operation<T extends MultisigPayload['type']> = Extract<MultisigPayload, { type: T }>
type ActOnProposal = Operation<'multisig.approve' | 'multisig.revoke' | 'multisig.execute'>

/** One that has not ended, with the account that it is of. */
interface Open {
  readonly account: MultisigAccount
  readonly proposal: MultisigProposal
}

/** The caller drops the draft on a failure: of a proposal whose payload fails nothing has happened, and it stays open. */
export function applyMultisigOperation(
  draft: Draft,
  sender: Address,
  payload: MultisigPayload,
  context: BlockContext,
): TransactionFailure | null {
  if (payload.type === 'multisig.create') return create(draft, sender, payload)
  const account = draft.get(multisigKey(payload.account))
  if (!account) return { code: 'unknown-multisig', data: { address: payload.account } }
  if (!account.members.includes(sender)) return { code: 'not-a-member', data: { address: sender } }
  if (payload.type === 'multisig.propose') return propose(draft, sender, payload, { account, context })
  const proposal = draft.get(multisigProposalKey(payload.account, payload.proposal))
  if (!proposal) return notOpen(account, payload.proposal)
  const open = { account, proposal }
  if (payload.type === 'multisig.revoke') return revoke(draft, sender, payload, open)
  if (isOver(proposal, context)) return expired(proposal)
  if (payload.type === 'multisig.approve') return approve(draft, sender, payload, proposal)
  return execute(draft, payload, open, context)
}

/** Its terms were judged at admission. */
function create(
  draft: Draft,
  creator: Address,
  { threshold, members }: Operation<'multisig.create'>,
): TransactionFailure | null {
  // The transaction's own: it was spent with the fee.
  const nonce = accountOf(draft, creator).nonce - 1
  let place = 0
  while (draft.get(multisigKey(multisigAddress({ threshold, members, creator, nonce, place })))) place += 1
  const address = multisigAddress({ threshold, members, creator, nonce, place })
  draft.set(multisigKey(address), { threshold, members, nextProposal: 0, open: [] })
  return null
}

function propose(
  draft: Draft,
  proposer: Address,
  { account: address, payload, expiresAtHeight }: Operation<'multisig.propose'>,
  { account, context }: { readonly account: MultisigAccount; readonly context: BlockContext },
): TransactionFailure | null {
  const proposal = { proposer, payload, approvals: [proposer], expiresAtHeight }
  if (isOver(proposal, context)) return expired(proposal)
  const open = withoutExpired(draft, address, account, context)
  const own = open.filter((each) => draft.get(multisigProposalKey(address, each))!.proposer === proposer)
  if (own.length >= MAX_MEMBER_PROPOSALS)
    return { code: 'too-many-proposals', data: { limit: String(MAX_MEMBER_PROPOSALS) } }
  const { nextProposal } = account
  draft.set(multisigProposalKey(address, nextProposal), proposal)
  draft.set(multisigKey(address), {
    ...account,
    nextProposal: nextProposal + 1,
    open: [...open, nextProposal],
  })
  return null
}

function approve(
  draft: Draft,
  sender: Address,
  { account, proposal: number }: ActOnProposal,
  proposal: MultisigProposal,
): TransactionFailure | null {
  if (proposal.approvals.includes(sender)) return { code: 'already-approved', data: { address: sender } }
  const approvals = [...proposal.approvals, sender].sort()
  draft.set(multisigProposalKey(account, number), { ...proposal, approvals })
  return null
}

function revoke(
  draft: Draft,
  sender: Address,
  payload: ActOnProposal,
  open: Open,
): TransactionFailure | null {
  const { proposal } = open
  if (!proposal.approvals.includes(sender)) return { code: 'not-approved', data: { address: sender } }
  if (sender === proposal.proposer) {
    close(draft, payload, open.account)
    return null
  }
  const approvals = proposal.approvals.filter((each) => each !== sender)
  draft.set(multisigProposalKey(payload.account, payload.proposal), { ...proposal, approvals })
  return null
}

/** Closed first: whatever its payload does, it is done once. */
function execute(
  draft: Draft,
  payload: ActOnProposal,
  { account, proposal }: Open,
  context: BlockContext,
): TransactionFailure | null {
  const { threshold } = account
  const approvals = proposal.approvals.length
  if (approvals < threshold) {
    const data = { approvals: String(approvals), threshold: String(threshold) }
    return { code: 'not-enough-approvals', data }
  }
  close(draft, payload, account)
  return applyProposable(draft, payload.account, proposal.payload, context)
}

function close(
  draft: Draft,
  { account: address, proposal: number }: ActOnProposal,
  account: MultisigAccount,
): void {
  draft.delete(multisigProposalKey(address, number))
  draft.set(multisigKey(address), { ...account, open: account.open.filter((each) => each !== number) })
}

/** The numbers that are left; those past their height are taken out of the state. */
function withoutExpired(
  draft: Draft,
  address: Address,
  account: MultisigAccount,
  context: BlockContext,
): number[] {
  return account.open.filter((number) => {
    const key = multisigProposalKey(address, number)
    const over = isOver(draft.get(key)!, context)
    if (over) draft.delete(key)
    return !over
  })
}

function isOver({ expiresAtHeight }: MultisigProposal, { height }: BlockContext): boolean {
  return expiresAtHeight < height
}

function expired({ expiresAtHeight }: MultisigProposal): TransactionFailure {
  return { code: 'proposal-expired', data: { expiresAtHeight: String(expiresAtHeight) } }
}

/** Numbers are given in order: a lower one than the next was a proposal once. */
function notOpen({ nextProposal }: MultisigAccount, proposal: number): TransactionFailure {
  const code = proposal < nextProposal ? 'proposal-closed' : 'unknown-proposal'
  return { code, data: { proposal: String(proposal) } }
}
