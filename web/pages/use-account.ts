import { useEffect, useState } from 'react'
import type { AccountView } from '../../node-core/node/node-api.ts'
import { useConnection, useNode } from '../hooks/node-context.tsx'

/** The account behind an address, read again after each block; null without an address and until it is read. */
export function useAccount(address: string | null): AccountView | null {
  const connection = useConnection()
  const head = useNode((state) => state.blocks.at(-1)?.height ?? 0)
  const [account, setAccount] = useState<AccountView | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new head means "read again"
  useEffect(() => {
    if (address === null) return
    let current = true
    connection?.node.call('chain_account', { address, historyLimit: 1 }).then(
      (read) => current && setAccount(read),
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [connection, address, head])
  return account?.address === address ? account : null
}
