import { useNavigate, useSearch } from '@tanstack/react-router'

export interface DialogState<D extends string> {
  readonly dialog: D | ''
  /** What it is about: an address, a number. Empty: nothing. */
  readonly at: string
  readonly open: (dialog: D, at?: string) => void
  readonly close: () => void
}

/** Which dialog of a page is open, and what it is about, in the search part of the URL (`do`, `at`). */
export function useDialogState<D extends string>(): DialogState<D> {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>
  const navigate = useNavigate()
  const set = (dialog: D | undefined, at: string | undefined) => {
    void navigate({
      to: '.',
      replace: true,
      resetScroll: false,
      search: (before: Record<string, unknown>) => ({ ...before, do: dialog, at }),
    } as Parameters<typeof navigate>[0])
  }
  return {
    dialog: (search.do === undefined ? '' : String(search.do)) as D | '',
    at: search.at === undefined ? '' : String(search.at),
    open: (dialog, at) => set(dialog, at),
    close: () => set(undefined, undefined),
  }
}
