import { Link } from '@tanstack/react-router'
import { ArrowDownToLine, HandCoins, Send } from 'lucide-react'
import { useMemo } from 'react'
import type { AccountView } from '../../../node-core/node/node-api.ts'
import type { AccountKeyView } from '../../../node-core/node/wallet-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { type DialogState, useDialogState } from '../../hooks/use-dialog-state.ts'
import { useQuery, useWalletQuery } from '../../hooks/use-query.ts'
import { amountWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { PageHead, Section } from '../../ui/section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Empty, NotObserved, States } from '../../ui/states.tsx'
import { readParameters } from '../chain-parameters.ts'
import { TransactionTable } from '../explorer/transaction-table.tsx'
import { useBlockIntervalMs } from '../use-block-interval.ts'
import { Accounts } from './accounts.tsx'
import { CreateDialog } from './create-dialog.tsx'
import { SendDialog } from './send-dialog.tsx'
import { SharedAccounts } from './shared-accounts.tsx'
import { SharedDialogs, type SharedDialogsProps } from './shared-dialogs.tsx'
import { FaucetDialog, ReceiveDialog } from './wallet-dialogs.tsx'
import {
  type Money,
  nextDripHeight,
  nextDripWords,
  walletReason,
  walletSentence,
  wantsBackup,
} from './wallet-words.ts'

export type WalletDialog = SharedDialogsProps['dialog'] | 'send' | 'receive' | 'faucet' | 'create'

const HISTORY = 100

export function WalletPage() {
  const active = useNode((state) => state.status?.account ?? null)
  const known = useNode((state) => state.status !== null)
  const accounts = useWalletQuery('wallet_accounts', {}, 'head')
  const state = useDialogState<WalletDialog>()
  const { dialog, open, close } = state
  const created = () => {
    accounts.retry()
    close()
  }
  return (
    <>
      {!known ? (
        <Skeleton rows={6} label="Reading the wallet" />
      ) : active === null ? (
        <NoAccount onCreate={() => open('create')} />
      ) : (
        <Held
          key={active}
          address={active}
          accounts={accounts.data ?? []}
          state={state}
          onSwitched={accounts.retry}
        />
      )}
      {dialog === 'create' && <CreateDialog onClose={close} onCreated={created} />}
    </>
  )
}

function NoAccount({ onCreate }: { onCreate: () => void }) {
  return (
    <PageHead
      title="Wallet"
      sentence="This tab has no key yet."
      why="A key is an account: it receives, sends and can vote. It is made here in the browser; nobody is asked."
      end={
        <div className="btns self-end">
          <Button look="primary" onClick={onCreate}>
            Create an account
          </Button>
          <Link className="btn" to="/node" search={{ do: 'restore' } as never}>
            Restore a backup
          </Link>
        </div>
      }
    />
  )
}

interface HeldProps {
  readonly address: string
  readonly accounts: readonly AccountKeyView[]
  readonly state: DialogState<WalletDialog>
  readonly onSwitched: () => void
}

function Held({ address, accounts, state, onSwitched }: HeldProps) {
  const { dialog, at, open: onDo, close } = state
  const shared = useQuery('multisig_list', { member: address })
  const query = useQuery('chain_account', { address, historyLimit: HISTORY })
  const raw = useQuery('chain_parameters', {}, 'once').data
  const parameters = useMemo(() => readParameters(raw ?? {}), [raw])
  // What is mine at validators; an observer has only what stands behind the own one.
  const bonded = useQuery('stake_positions', { address }).data?.totals.active ?? query.data?.stake ?? '0'
  const money = query.data === null ? null : { balance: query.data.balance, stake: bonded }
  const key = accounts.find((account) => account.address === address) ?? null
  const drip = parameters.faucetDrip !== null && parameters.faucetDrip > 0n ? parameters.faucetDrip : null
  const wait = useDripWait(query.data, parameters.faucetIntervalBlocks)
  // Where there is work in them they stand first, else they would only be in the way.
  const some = (shared.data ?? []).length > 0
  const backup = wantsBackup(key, money)
  return (
    <>
      <PageHead
        title="Wallet"
        sentence={money === null ? 'Reading what you hold.' : walletSentence(money)}
        why={query.data === null ? null : walletReason(key?.name ?? '', query.data.height)}
        end={<Acts primary={!backup} drip={drip} wait={wait} money={query.data} onDo={onDo} />}
      />
      {backup && money !== null && <BackupTurn money={money} />}
      <div className="cols" style={{ gridTemplateColumns: 'minmax(0,1fr) 360px' }}>
        <div className="min-w-0">
          {some && <SharedAccounts query={shared} own={address} onDo={onDo} />}
          <Section title="History" note="newest first">
            <States
              query={query}
              what="the account"
              skeletonRows={6}
              isEmpty={(account) => account.history?.length === 0}
              empty={<NoHistory />}
            >
              {({ history }) =>
                history === null ? (
                  <NotObserved what="the history of accounts" />
                ) : (
                  <TransactionTable
                    transactions={history}
                    caption="Transactions of your account"
                    ofOneAccount
                  />
                )
              }
            </States>
          </Section>
        </div>
        <div className="min-w-0">
          <Accounts
            accounts={accounts}
            active={address}
            onCreate={() => onDo('create')}
            onSwitched={onSwitched}
          />
          {!some && <SharedAccounts query={shared} own={address} onDo={onDo} />}
        </div>
      </div>
      {dialog === 'send' && query.data !== null && (
        <SendDialog own={address} balance={query.data.balance} onClose={close} />
      )}
      {dialog === 'receive' && <ReceiveDialog address={address} name={key?.name ?? ''} onClose={close} />}
      {isShared(dialog) && (
        <SharedDialogs dialog={dialog} at={at} own={address} query={shared} onClose={close} />
      )}
      {dialog === 'faucet' && drip !== null && <FaucetDialog drip={drip} wait={wait} onClose={close} />}
    </>
  )
}

function isShared(dialog: string): dialog is SharedDialogsProps['dialog'] {
  return ['share', 'propose', 'approve', 'revoke', 'execute'].includes(dialog)
}

function NoHistory() {
  return (
    <Empty
      sentence="Nothing was sent or received yet."
      line="What is decided about this account stands here, as far as this node keeps blocks."
    />
  )
}

/** When the faucet gives again, in words; null: now. */
function useDripWait(account: AccountView | null, intervalBlocks: number | null): string | null {
  const head = useNode((state) => state.blocks.at(-1)?.height ?? 0)
  const pace = useBlockIntervalMs()
  const next = account === null ? null : nextDripHeight(account.history ?? [], intervalBlocks, head)
  return next === null ? null : nextDripWords(next, head, pace)
}

interface ActsProps {
  readonly primary: boolean
  readonly drip: bigint | null
  readonly wait: string | null
  readonly money: AccountView | null
  readonly onDo: (dialog: WalletDialog) => void
}

function Acts({ primary, drip, wait, money, onDo }: ActsProps) {
  const empty = money?.balance === '0'
  return (
    <div className="btns self-end max-phone:w-full">
      <Button
        look={primary && !empty ? 'primary' : 'outlined'}
        disabled={money === null || empty}
        icon={<Send size={15} strokeWidth={1.75} aria-hidden />}
        onClick={() => onDo('send')}
      >
        Send
      </Button>
      <Button
        icon={<ArrowDownToLine size={15} strokeWidth={1.75} aria-hidden />}
        onClick={() => onDo('receive')}
      >
        Receive
      </Button>
      {drip !== null && (
        <Button
          look={primary && empty ? 'primary' : 'quiet'}
          title={wait ?? undefined}
          icon={<HandCoins size={15} strokeWidth={1.75} aria-hidden />}
          onClick={() => onDo('faucet')}
        >
          Ask the faucet
        </Button>
      )}
    </div>
  )
}

/** The one bordered box: money is here, and its key is nowhere else. */
function BackupTurn({ money }: { money: Money }) {
  const worth = (BigInt(money.balance) + BigInt(money.stake)).toString()
  return (
    <section
      className="call you my-5 flex flex-wrap items-center justify-between gap-x-6 gap-y-3.5"
      aria-label="Your turn"
    >
      <div className="min-w-0 flex-1 basis-80">
        <p className="voice" style={{ fontSize: '1.375rem' }}>
          Your turn: the key to {amountWords(worth)} AIT is only in this browser.
        </p>
        <p className="mt-1.5 max-w-[70ch] text-ink-2">
          If its data is cleared or the device is lost, nobody can bring the money back. A backup is one file
          under a password of yours.
        </p>
      </div>
      <div className="btns">
        <Link className="btn primary" to="/node" search={{ do: 'backup' } as never}>
          Back up the key
        </Link>
      </div>
    </section>
  )
}
