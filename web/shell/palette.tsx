import { Dialog as Base } from '@base-ui/react/dialog'
import { Command } from 'cmdk'
import { ArrowRightLeft, Search } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { type Action, actionWords, shortcutWords } from '../actions/action.ts'
import { ACTIONS } from '../actions/registry.ts'
import { useConnection, useNode, useNodeStore } from '../hooks/node-context.tsx'
import { type Found, lookUp, searchHeld } from '../store/search.ts'
import { amountWords } from '../ui/amount-words.ts'
import { Disc } from '../ui/disc.tsx'
import { Flag } from '../ui/flag.tsx'
import { shortId } from '../ui/id-words.ts'
import { ageWords } from '../ui/time-words.ts'
import { useReturnOfFocus } from '../ui/use-return-of-focus.ts'
import { useApp, useRunAction, useUi } from './app-context.tsx'
import { findMatch } from './match.ts'
import { useOpenPath } from './use-open-path.ts'

/** Actions shown while nothing is typed. */
const ACTIONS_AT_REST = 8

/** Search and actions in one place: results before actions, what each result is at its right, before Enter. */
export function Palette() {
  const { ui } = useApp()
  const open = useUi((state) => state.overlay === 'palette')
  const returnOfFocus = useReturnOfFocus(open)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && ui.close()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className="palette" aria-label="Search and actions" finalFocus={returnOfFocus}>
          {open && <Body />}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function Body() {
  const { ui } = useApp()
  const [text, setText] = useState('')
  const [beside, setBeside] = useState(false)
  const found = useFound(text)
  const store = useNodeStore()
  const runAction = useRunAction()
  const openPath = useOpenPath()
  const actions = useMemo(() => actionsFor(text, store.getState()), [text, store])
  const choose = (found: Found) => {
    ui.close()
    openPath(found.to, beside)
  }
  const run = (action: Action) => {
    ui.close()
    runAction(action)
  }
  const keys = (event: KeyboardEvent) => setBeside(event.ctrlKey || event.metaKey)
  return (
    <Command label="Search and actions" shouldFilter={false} loop onKeyDownCapture={keys}>
      <div className="palette-head">
        <Search size={17} strokeWidth={1.75} aria-hidden />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder="Height, hash, address, validator, or what to do"
        />
        <kbd>Esc</kbd>
      </div>
      <Command.List className="palette-list" label="Results">
        <Command.Empty className="palette-empty">
          Nothing here by that name. A whole hash or address is asked of the node.
        </Command.Empty>
        {found.length > 0 && (
          <Command.Group heading="Found on the chain">
            {found.map((item) => (
              <Command.Item key={item.key} value={item.key} onSelect={() => choose(item)}>
                <FoundMark found={item} />
                <Words text={item.id ? shortId(item.words) : item.words} query={text} id={item.id} />
                <Detail found={item} />
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {actions.length > 0 && (
          <Command.Group heading="Do">
            {actions.map((action) => (
              <Command.Item key={action.id} value={action.id} onSelect={() => run(action)}>
                <action.icon size={16} strokeWidth={1.75} aria-hidden />
                <Words text={titleOf(action, store.getState())} query={text} />
                {action.shortcut && <kbd>{shortcutWords(action.shortcut)}</kbd>}
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
      <p className="palette-foot">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> choose
        </span>
        <span>
          <kbd>↵</kbd> open
        </span>
        <span>
          <kbd>Ctrl ↵</kbd> open beside
        </span>
        <span className="ml-auto">
          <kbd>?</kbd> all shortcuts
        </span>
      </p>
    </Command>
  )
}

/** Held matches at once, what the node knows of a whole hash or address a moment later. */
function useFound(text: string): readonly Found[] {
  const query = useDeferredValue(text)
  const store = useNodeStore()
  const connection = useConnection()
  const head = useNode((state) => state.blocks.at(-1)?.height)
  const [asked, setAsked] = useState<{ query: string; found: readonly Found[] }>({ query: '', found: [] })
  useEffect(() => {
    if (connection === null) return
    let current = true
    void lookUp(query, connection.node).then((found) => {
      if (current) setAsked({ query, found })
    })
    return () => {
      current = false
    }
  }, [query, connection])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new block is a new search
  const held = useMemo(() => searchHeld(query, store.getState()), [query, store, head])
  const extra =
    asked.query === query ? asked.found.filter((item) => !held.some((other) => other.key === item.key)) : []
  return [...held, ...extra]
}

function titleOf(action: Action, state: Parameters<typeof actionWords>[1]): string {
  const words = actionWords(action, state)
  return action.group === 'Go to' ? `Go to ${words}` : words
}

function actionsFor(text: string, state: Parameters<typeof actionWords>[1]): readonly Action[] {
  const can = ACTIONS.filter((action) => action.id !== 'view.search' && action.enabled(state))
  const query = text.trim()
  if (query === '') return can.slice(0, ACTIONS_AT_REST + 2)
  return can.filter((action) => findMatch(titleOf(action, state), query) !== null).slice(0, ACTIONS_AT_REST)
}

function FoundMark({ found }: { readonly found: Found }) {
  if (found.share !== undefined) return <Disc share={found.share} radius={8} decided={found.share === 1} />
  if (found.address !== undefined) return <Flag address={found.address} size={17} />
  return <ArrowRightLeft size={16} strokeWidth={1.75} aria-hidden />
}

function Words({
  text,
  query,
  id = false,
}: {
  readonly text: string
  readonly query: string
  readonly id?: boolean
}) {
  const match = findMatch(text, query)
  return (
    <span className={id ? 'words id' : 'words'}>
      {match === null ? (
        text
      ) : (
        <>
          {text.slice(0, match[0])}
          <b>{text.slice(match[0], match[1])}</b>
          {text.slice(match[1])}
        </>
      )}
    </span>
  )
}

function Detail({ found }: { readonly found: Found }) {
  const nowMs = useNode((state) => state.nowMs)
  const { detail } = found
  const more = detail.forming
    ? 'forming'
    : detail.atMs !== undefined
      ? `final ${ageWords(detail.atMs, nowMs)}`
      : detail.balance !== undefined
        ? `${amountWords(detail.balance)} AIT`
        : detail.state
  return <small>{more === undefined ? found.kind : `${found.kind}, ${more}`}</small>
}
