import { Box, Hourglass } from 'lucide-react'
import type { Action } from './action.ts'

export const explorerActions: readonly Action[] = [
  {
    id: 'explorer.newest',
    group: 'Go to',
    words: 'Newest block',
    icon: Box,
    enabled: (state) => state.blocks.length > 0,
    run: ({ navigate, store }) => navigate(`/explorer/block/${store.getState().blocks.at(-1)?.height ?? ''}`),
  },
  {
    id: 'explorer.pool',
    group: 'Go to',
    words: 'Transactions that wait',
    icon: Hourglass,
    enabled: (state) => state.status !== null,
    run: ({ navigate }) => navigate('/explorer?show=waiting'),
  },
]
