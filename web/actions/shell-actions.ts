import {
  Bell,
  Blocks,
  CircleGauge,
  CircleQuestionMark,
  type LucideIcon,
  MonitorCog,
  Pause,
  Scale,
  Search,
  ShieldHalf,
  SunMoon,
  Vote,
  Wallet,
  Waypoints,
} from 'lucide-react'
import type { Action } from './action.ts'

const always = () => true

/** What the frame itself can do: live updates, theme, palette, help. */
export const shellActions: readonly Action[] = [
  {
    id: 'live.pause',
    group: 'Live',
    words: (state) => (state.paused ? 'Go on live' : 'Pause live updates'),
    icon: Pause,
    shortcut: 'p',
    enabled: (state) => state.status !== null,
    run: ({ store }) => (store.getState().paused ? store.resume() : store.pause()),
  },
  {
    id: 'view.theme',
    group: 'View',
    words: 'Change theme',
    icon: SunMoon,
    shortcut: 't',
    enabled: always,
    run: ({ ui }) => ui.nextTheme(),
  },
  {
    id: 'view.search',
    group: 'View',
    words: 'Search',
    icon: Search,
    shortcut: 'mod+k',
    enabled: always,
    run: ({ ui }) => ui.open('palette'),
  },
  {
    id: 'view.help',
    group: 'View',
    words: 'Show all shortcuts',
    icon: CircleQuestionMark,
    shortcut: '?',
    enabled: always,
    run: ({ ui }) => ui.open('help'),
  },
]

/** Throws when there is none: ids are written in the code. */
export function shellAction(id: string): Action {
  const action = shellActions.find((candidate) => candidate.id === id)
  if (action === undefined) throw new Error(`no action ${id}`)
  return action
}

interface Page {
  readonly to: string
  readonly name: string
  /** Where there is little room. */
  readonly short?: string
  /** In the bottom bar of a phone. */
  readonly inBar: boolean
  readonly icon: LucideIcon
  readonly shortcut: string
  readonly group: string
}

/** The pages, in the order of the navigation; groups are parted by rules. */
export const PAGES = [
  { to: '/', name: 'Overview', inBar: true, icon: CircleGauge, shortcut: 'g o', group: 'network' },
  { to: '/consensus', name: 'Consensus', inBar: true, icon: Vote, shortcut: 'g c', group: 'network' },
  { to: '/mesh', name: 'Mesh', inBar: false, icon: Waypoints, shortcut: 'g m', group: 'network' },
  {
    to: '/validators',
    name: 'Validators & stake',
    short: 'Validators',
    inBar: true,
    icon: ShieldHalf,
    shortcut: 'g v',
    group: 'network',
  },
  { to: '/wallet', name: 'Wallet', inBar: true, icon: Wallet, shortcut: 'g w', group: 'market' },
  { to: '/explorer', name: 'Explorer', inBar: false, icon: Blocks, shortcut: 'g e', group: 'chain' },
  { to: '/economy', name: 'Economy', inBar: false, icon: Scale, shortcut: 'g f', group: 'chain' },
  { to: '/alerts', name: 'Alerts', inBar: false, icon: Bell, shortcut: 'g l', group: 'you' },
  { to: '/node', name: 'Node', inBar: false, icon: MonitorCog, shortcut: 'g n', group: 'you' },
] as const satisfies readonly Page[]

export type PagePath = (typeof PAGES)[number]['to']

export const pageActions: readonly Action[] = PAGES.map((page) => ({
  id: `go.${page.to.slice(1) || 'overview'}`,
  group: 'Go to',
  words: page.name,
  icon: page.icon,
  shortcut: page.shortcut,
  enabled: always,
  run: ({ navigate }) => navigate(page.to),
}))
