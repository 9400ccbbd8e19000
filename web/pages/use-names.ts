import { useCallback, useMemo } from 'react'
import { useNode } from '../hooks/node-context.tsx'
import { useWalletQuery } from '../hooks/use-query.ts'
import { shortId } from '../ui/id-words.ts'

export interface Names {
  /** Name of a validator or of an own account; null: it has none. */
  readonly nameOf: (address: string) => string | null
  /** The same with the shortened address in the place of a missing name. */
  readonly wordsFor: (address: string) => string
  readonly isOwn: (address: string) => boolean
}

/** Who is behind an address, as far as this tab knows. */
export function useNames(): Names {
  const votes = useNode((state) => state.consensus?.votes)
  const accounts = useWalletQuery('wallet_accounts', {}, 'head').data
  const names = useMemo(() => {
    const own = accounts?.map((account) => [account.address, account.name] as const) ?? []
    const validators = votes?.map((vote) => [vote.validator, vote.name] as const) ?? []
    return new Map([...own, ...validators])
  }, [votes, accounts])
  const ownAddresses = useMemo(() => new Set(accounts?.map((account) => account.address)), [accounts])
  const nameOf = useCallback((address: string) => names.get(address) || null, [names])
  const wordsFor = useCallback((address: string) => nameOf(address) ?? shortId(address), [nameOf])
  const isOwn = useCallback((address: string) => ownAddresses.has(address), [ownAddresses])
  return { nameOf, wordsFor, isOwn }
}
