import { useNavigate, useSearch } from '@tanstack/react-router'

/** A value of the search part of the URL; the default is left out of it. Setting replaces the entry in the history. */
export function useUrlState<V extends string>(name: string, byDefault: V): [V, (value: V) => void] {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>
  const navigate = useNavigate()
  const held = search[name]
  const value = held === undefined ? byDefault : (String(held) as V)
  const set = (next: V) => {
    void navigate({
      to: '.',
      replace: true,
      resetScroll: false,
      search: (before: Record<string, unknown>) => ({
        ...before,
        [name]: next === byDefault ? undefined : next,
      }),
    } as Parameters<typeof navigate>[0])
  }
  return [value, set]
}
