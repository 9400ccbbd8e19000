/** What the page itself holds: theme, which overlay is open, what is to be said. Knows no React. */
import { createStore, type StoreApi } from 'zustand/vanilla'

export type Theme = 'system' | 'light' | 'dark'
export type Overlay = 'none' | 'palette' | 'help' | 'more'

export interface Notice {
  readonly id: number
  readonly tone: 'good' | 'bad' | 'info'
  readonly words: string
}

export interface UiState {
  readonly theme: Theme
  readonly overlay: Overlay
  readonly notices: readonly Notice[]
}

export interface UiStore extends StoreApi<UiState> {
  setTheme(theme: Theme): void
  /** system → light → dark → system. */
  nextTheme(): void
  open(overlay: Exclude<Overlay, 'none'>): void
  close(): void
  /** Shows a line at the corner until it is put away, or for 8 s when it is not an error. */
  notify(tone: Notice['tone'], words: string): void
  dismiss(id: number): void
}

const THEME_KEY = 'aitbc.theme'
const NOTICE_MS = 8000
const NOTICES_SHOWN = 3
const ORDER: readonly Theme[] = ['system', 'light', 'dark']

export function createUiStore(storage: Pick<Storage, 'getItem' | 'setItem'> | null): UiStore {
  const store = createStore<UiState>(() => ({
    theme: readTheme(storage),
    overlay: 'none',
    notices: [],
  }))
  let notices = 0
  const dismiss = (id: number) =>
    store.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }))
  const setTheme = (theme: Theme) => {
    store.setState({ theme })
    storage?.setItem(THEME_KEY, theme)
  }
  return Object.assign(store, {
    setTheme,
    nextTheme: () => setTheme(ORDER[(ORDER.indexOf(store.getState().theme) + 1) % ORDER.length]!),
    open: (overlay: Exclude<Overlay, 'none'>) => store.setState({ overlay }),
    close: () => store.setState({ overlay: 'none' }),
    dismiss,
    notify: (tone: Notice['tone'], words: string) => {
      const id = ++notices
      store.setState((state) => ({ notices: [...state.notices, { id, tone, words }].slice(-NOTICES_SHOWN) }))
      if (tone !== 'bad') setTimeout(() => dismiss(id), NOTICE_MS)
    },
  })
}

function readTheme(storage: Pick<Storage, 'getItem'> | null): Theme {
  const held = storage?.getItem(THEME_KEY)
  return ORDER.find((theme) => theme === held) ?? 'system'
}
