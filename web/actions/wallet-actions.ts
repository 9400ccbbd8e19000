import { ArrowDownToLine, HandCoins, KeyRound, Send, UsersRound } from 'lucide-react'
import type { NodeState } from '../store/node-store.ts'
import type { Action } from './action.ts'

const hasAccount = (state: NodeState): boolean => state.status?.account != null

/** What one does with money; each opens its dialog on the Wallet page. */
export const walletActions: readonly Action[] = [
  {
    id: 'wallet.send',
    group: 'Do',
    words: 'Send AIT',
    icon: Send,
    enabled: hasAccount,
    run: ({ navigate }) => navigate('/wallet?do=send'),
  },
  {
    id: 'wallet.receive',
    group: 'Do',
    words: 'Receive AIT',
    icon: ArrowDownToLine,
    enabled: hasAccount,
    run: ({ navigate }) => navigate('/wallet?do=receive'),
  },
  {
    id: 'wallet.faucet',
    group: 'Do',
    words: 'Ask the faucet',
    icon: HandCoins,
    enabled: hasAccount,
    run: ({ navigate }) => navigate('/wallet?do=faucet'),
  },
  {
    id: 'wallet.create',
    group: 'Do',
    words: 'Create an account',
    icon: KeyRound,
    enabled: (state) => state.status !== null,
    run: ({ navigate }) => navigate('/wallet?do=create'),
  },
  {
    id: 'wallet.share',
    group: 'Do',
    words: 'Share an account',
    icon: UsersRound,
    enabled: (state) => hasAccount(state) && state.status?.mode !== 'observer',
    run: ({ navigate }) => navigate('/wallet?do=share'),
  },
]
