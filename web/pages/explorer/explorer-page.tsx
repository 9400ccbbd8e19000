import { useParams } from '@tanstack/react-router'
import { AccountDetail } from './account-detail.tsx'
import { BlockDetail } from './block-detail.tsx'
import { Latest } from './latest.tsx'
import { TransactionDetail } from './transaction-detail.tsx'

/** The latest blocks, or the one thing that the path names. */
export function ExplorerPage() {
  const { id, hash, address } = useParams({ strict: false }) as {
    id?: string
    hash?: string
    address?: string
  }
  if (id !== undefined) return <BlockDetail id={id} />
  if (hash !== undefined) return <TransactionDetail key={hash} hash={hash} />
  if (address !== undefined) return <AccountDetail key={address} address={address} />
  return <Latest />
}
