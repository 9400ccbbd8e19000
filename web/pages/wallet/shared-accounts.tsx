import { Link } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import type { MultisigProposalView, MultisigView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { capital } from '../../i18n/format.ts'
import type { Query } from '../../store/query.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Flag } from '../../ui/flag.tsx'
import { CopyButton } from '../../ui/id.tsx'
import { shortId } from '../../ui/id-words.ts'
import { Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Who } from '../../ui/who.tsx'
import { partsText, todoParts } from '../explorer/transaction-words.ts'
import { useBlockIntervalMs } from '../use-block-interval.ts'
import { type Names, useNames } from '../use-names.ts'
import { actsOn, approvalWords, expiryWords, type ProposalAct, thresholdWords } from './shared-words.ts'
import type { WalletDialog } from './wallet-page.tsx'

export interface SharedAccountsProps {
  readonly query: Query<readonly MultisigView[]>
  /** The account that signs, a member of them. */
  readonly own: string
  readonly onDo: (dialog: WalletDialog, at?: string) => void
}

/** Accounts that need several of their members, with what is proposed in them. */
export function SharedAccounts({ query, own, onDo }: SharedAccountsProps) {
  const names = useNames()
  return (
    <Section
      title="Accounts of several"
      end={
        <Button
          size="small"
          icon={<UsersRound size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => onDo('share')}
        >
          Share an account
        </Button>
      }
    >
      <States
        query={query}
        what="accounts of several"
        isEmpty={(all) => all.length === 0}
        empty={
          <Empty
            sentence="You are a member of none."
            line="Money that nobody should be able to spend alone: so many of its members must agree."
          />
        }
      >
        {(all) => (
          <ul className="list">
            {all.map((shared) => (
              <Shared key={shared.account} shared={shared} own={own} names={names} onDo={onDo} />
            ))}
          </ul>
        )}
      </States>
    </Section>
  )
}

interface SharedProps {
  readonly shared: MultisigView
  readonly own: string
  readonly names: Names
  readonly onDo: SharedAccountsProps['onDo']
}

function Shared({ shared, own, names, onDo }: SharedProps) {
  const { account, members, balance, proposals } = shared
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <Flag address={account} size={26} />
        <Link className="inline-flex min-h-6 items-center" to={`/explorer/account/${account}`}>
          {names.nameOf(account) ?? shortId(account)}
        </Link>
        <CopyButton value={account} label="Copy the address of the account of several" />
        <span className="min-w-0 flex-1 text-right font-[540]">
          <Amount value={balance} />
        </span>
        <Button
          size="small"
          aria-label={`Propose something in ${names.wordsFor(account)}`}
          onClick={() => onDo('propose', account)}
        >
          Propose
        </Button>
      </div>
      <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
        {thresholdWords(shared)}
        {members.map((member) => (
          <Who
            key={member}
            address={member}
            name={names.nameOf(member)}
            own={member === own}
            to={`/explorer/account/${member}`}
          />
        ))}
      </p>
      {proposals.length > 0 && (
        <ol className="mt-2 grid gap-3 border-l border-line pl-4">
          {proposals.map((proposal) => (
            <Proposal
              key={proposal.proposal}
              proposal={proposal}
              shared={shared}
              own={own}
              names={names}
              onDo={onDo}
            />
          ))}
        </ol>
      )}
    </li>
  )
}

const ACT_WORDS: Readonly<Record<ProposalAct, string>> = {
  execute: 'Execute',
  approve: 'Approve',
  revoke: 'Take back',
}

function Proposal({
  proposal,
  shared,
  own,
  names,
  onDo,
}: SharedProps & { readonly proposal: MultisigProposalView }) {
  const head = useNode((state) => state.blocks.at(-1)?.height ?? 0)
  const interval = useBlockIntervalMs()
  const words = capital(partsText(todoParts(proposal.payload), names.wordsFor))
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 text-sm">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-[540]">
          {words}
          {proposal.state === 'ready' && <Tag tone="good">ready</Tag>}
          {proposal.state === 'expired' && <Tag tone="warn">expired</Tag>}
        </p>
        <p className="mt-0.5 text-ink-2">{approvalWords(proposal, shared, names.wordsFor)}</p>
        <p className="mt-0.5 text-xs text-ink-3">
          Number {proposal.proposal}, proposed by {names.wordsFor(proposal.proposer)}.{' '}
          {expiryWords(proposal, head, interval)}
        </p>
      </div>
      <div className="btns">
        {actsOn(proposal, own).map((act) => (
          <Button
            key={act}
            size="small"
            look={act === 'revoke' ? 'quiet' : 'outlined'}
            aria-label={`${ACT_WORDS[act]}: ${words}, number ${proposal.proposal}`}
            onClick={() => onDo(act, `${shared.account}.${proposal.proposal}`)}
          >
            {ACT_WORDS[act]}
          </Button>
        ))}
      </div>
    </li>
  )
}
