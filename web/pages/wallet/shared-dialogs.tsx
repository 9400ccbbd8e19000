import type { MultisigView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { capital } from '../../i18n/format.ts'
import type { Query } from '../../store/query.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { partsText, todoParts } from '../explorer/transaction-words.ts'
import { SignDialog } from '../signing/sign-dialog.tsx'
import { useBlockIntervalMs } from '../use-block-interval.ts'
import { useNames } from '../use-names.ts'
import { payloadRows } from './payload-rows.tsx'
import { ProposeDialog } from './propose-dialog.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { approvalWords, expiryWords, type ProposalAct, proposalActWords } from './shared-words.ts'

export interface SharedDialogsProps {
  readonly dialog: ProposalAct | 'share' | 'propose'
  /** An account, or an account and the number of a proposal with a point between. */
  readonly at: string
  readonly own: string
  readonly query: Query<readonly MultisigView[]>
  readonly onClose: () => void
}

export function SharedDialogs({ dialog, at, own, query, onClose }: SharedDialogsProps) {
  if (dialog === 'share') return <ShareDialog own={own} onClose={onClose} />
  const [account, number] = at.split('.')
  if (query.data === null)
    return (
      <Dialog open onClose={onClose} title="Account of several">
        <States query={query} what="accounts of several">
          {() => null}
        </States>
      </Dialog>
    )
  const shared = query.data.find((one) => one.account === account)
  if (shared === undefined) return <NotOne onClose={onClose} />
  if (dialog === 'propose') return <ProposeDialog shared={shared} onClose={onClose} />
  return <OnProposal act={dialog} number={Number(number)} shared={shared} own={own} onClose={onClose} />
}

function NotOne({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Account of several">
      <Empty
        sentence="The account in use is no member of it."
        line="Use the account that is one, or look the account up in the Explorer."
      />
    </Dialog>
  )
}

interface OnProposalProps {
  readonly act: ProposalAct
  readonly number: number
  readonly shared: MultisigView
  readonly own: string
  readonly onClose: () => void
}

/** Approve, take back or execute; what is over says so before anybody signs for nothing. */
function OnProposal({ act, number, shared, own, onClose }: OnProposalProps) {
  const names = useNames()
  const head = useNode((state) => state.blocks.at(-1)?.height ?? 0)
  const interval = useBlockIntervalMs()
  const proposal = shared.proposals.find((one) => one.proposal === number)
  const ends = proposal?.proposer === own
  const enough = (proposal?.approvals.length ?? 0) + 1 >= shared.threshold
  const words = proposalActWords(act, { enough, ends })
  const request = { type: `multisig.${act}` as const, account: shared.account, proposal: number }
  return (
    <SignDialog
      {...words}
      lead={
        proposal === undefined
          ? 'This proposal is over: executed, taken back or expired. A second execution is refused, and costs the fee.'
          : `${capital(partsText(todoParts(proposal.payload), names.wordsFor))}.`
      }
      request={request}
      rows={[
        ['Account', names.wordsFor(shared.account)],
        ['Proposal', String(number)],
        ...(proposal === undefined ? [] : payloadRows(proposal.payload)),
      ]}
      onClose={onClose}
    >
      {proposal !== undefined && (
        <p className="mb-3 text-sm text-ink-2">
          {approvalWords(proposal, shared, names.wordsFor)} {expiryWords(proposal, head, interval)}
        </p>
      )}
    </SignDialog>
  )
}
