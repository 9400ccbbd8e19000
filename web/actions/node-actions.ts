import { ArchiveRestore, ClipboardList, Download, ScrollText } from 'lucide-react'
import type { Action } from './action.ts'

/** What one does about the own node; each opens its dialog or part of the Node page. */
export const nodeActions: readonly Action[] = [
  {
    id: 'node.backup',
    group: 'Do',
    words: 'Back up my keys',
    icon: Download,
    enabled: (state) => state.status?.account != null,
    run: ({ navigate }) => navigate('/node?do=backup'),
  },
  {
    id: 'node.restore',
    group: 'Do',
    words: 'Restore keys from a backup',
    icon: ArchiveRestore,
    enabled: (state) => state.status !== null,
    run: ({ navigate }) => navigate('/node?do=restore'),
  },
  {
    id: 'node.log',
    group: 'Go to',
    words: 'The node’s log',
    icon: ScrollText,
    enabled: (state) => state.status !== null,
    run: ({ navigate }) => navigate('/node#log'),
  },
  {
    id: 'node.report',
    group: 'Do',
    words: 'Copy a report without keys',
    icon: ClipboardList,
    enabled: (state) => state.status !== null,
    run: ({ navigate }) => navigate('/node?do=report'),
  },
]
