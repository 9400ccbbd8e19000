import { Link } from '@tanstack/react-router'
import { CircleQuestionMark, Moon, Pause, Play, Search, Sun, SunMoon } from 'lucide-react'
import { shortcutWords } from '../actions/action.ts'
import { useNode } from '../hooks/node-context.tsx'
import { useHealth } from '../hooks/use-health.ts'
import { integer } from '../i18n/format.ts'
import { ageWords } from '../ui/time-words.ts'
import { useAction, useUi } from './app-context.tsx'
import { LiveMark } from './live-mark.tsx'

const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '')
const THEME_ICON = { system: SunMoon, light: Sun, dark: Moon } as const

export function TopBar() {
  const search = useAction('view.search')
  const pause = useAction('live.pause')
  const help = useAction('view.help')
  const paused = useNode((state) => state.paused)
  return (
    <header className="top">
      <PhoneBrand />
      <button type="button" className="search" onClick={search.run}>
        <Search size={15} strokeWidth={1.75} aria-hidden />
        Search height, hash, address, validator
        <kbd>{shortcutWords('mod+k', MAC)}</kbd>
      </button>
      <span className="flex-1" />
      <button type="button" className="tool phone-only" aria-label="Search" onClick={search.run}>
        <Search size={16} strokeWidth={1.75} aria-hidden />
      </button>
      <button
        type="button"
        className="tool hide-phone"
        aria-pressed={paused}
        disabled={!pause.enabled}
        title={`${pause.words} (P)`}
        onClick={pause.run}
      >
        {paused ? (
          <Play size={16} strokeWidth={1.75} aria-hidden />
        ) : (
          <Pause size={16} strokeWidth={1.75} aria-hidden />
        )}
        <span>{paused ? 'Go on live' : 'Pause live'}</span>
      </button>
      <ThemeButton />
      <button
        type="button"
        className="tool hide-phone"
        aria-label={help.words}
        title={`${help.words} (?)`}
        onClick={help.run}
      >
        <CircleQuestionMark size={16} strokeWidth={1.75} aria-hidden />
      </button>
    </header>
  )
}

export function ThemeButton() {
  const theme = useUi((state) => state.theme)
  const change = useAction('view.theme')
  const Icon = THEME_ICON[theme]
  return (
    <button
      type="button"
      className="tool"
      aria-label={`Theme: ${theme}. Change`}
      title={`Theme: ${theme} (T)`}
      onClick={change.run}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
    </button>
  )
}

/** On a phone the top bar says what the status bar says elsewhere. */
function PhoneBrand() {
  const head = useNode((state) => state.blocks.at(-1) ?? null)
  const nowMs = useNode((state) => state.nowMs)
  const peers = useNode((state) =>
    state.status ? state.status.peers.direct + state.status.peers.relayed : 0,
  )
  const paused = useNode((state) => state.paused)
  const behind = useNode((state) => state.behindBlocks)
  const health = useHealth()
  const line = paused
    ? `paused, ${behind} blocks behind`
    : (health.short ??
      (head === null ? 'no block yet' : `last block ${ageWords(head.timestampMs, nowMs)} · ${peers} peers`))
  return (
    <Link className="phone-brand" to="/">
      <LiveMark radius={13} />
      <span className="min-w-0">
        <b>{head === null ? 'AITBC mesh' : integer(head.height)}</b>
        <span className={health.short !== null && health.tone !== 'normal' ? health.tone : undefined}>
          {line}
        </span>
      </span>
    </Link>
  )
}
