import { Link } from '@tanstack/react-router'
import { PAGES, type PagePath } from '../actions/shell-actions.ts'
import { useNode } from '../hooks/node-context.tsx'
import { useWalletQuery } from '../hooks/use-query.ts'
import { Flag } from '../ui/flag.tsx'
import { Id } from '../ui/id.tsx'
import { LiveMark } from './live-mark.tsx'

const GROUPS = [...new Set(PAGES.map((page) => page.group))]

export function SideNav() {
  return (
    <nav className="side" aria-label="Main">
      <Link className="brand" to="/">
        <LiveMark radius={11} labelled />
        <span>
          AITBC<i>mesh</i>
        </span>
      </Link>
      {GROUPS.map((group) => (
        <ul key={group}>
          {PAGES.filter((page) => page.group === group).map((page) => (
            <li key={page.to}>
              <Link
                to={page.to}
                activeOptions={{ exact: page.to === '/', includeSearch: false }}
                activeProps={{ 'aria-current': 'page' }}
                title={page.name}
              >
                <page.icon size={16} strokeWidth={1.75} aria-hidden />
                <span>{page.name}</span>
                <Count page={page.to} />
              </Link>
            </li>
          ))}
        </ul>
      ))}
      <Me />
    </nav>
  )
}

/** A number beside a page's name, where there is one to know. */
function Count({ page }: { readonly page: PagePath }) {
  const peers = useNode((state) =>
    page === '/mesh' ? (state.status ? state.status.peers.direct + state.status.peers.relayed : null) : null,
  )
  if (peers === null) return null
  return <b>{peers}</b>
}

/** The own flag, name and address at the foot; absent until this tab has a key. */
function Me() {
  const account = useNode((state) => state.status?.account ?? null)
  const accounts = useWalletQuery('wallet_accounts', {}, 'head')
  if (account === null) return null
  const name = accounts.data?.find((key) => key.address === account)?.name
  return (
    <div className="me">
      <Flag address={account} size={26} own />
      <div>
        <b>{name === undefined || name === '' ? 'This tab' : name}</b>
        <Id value={account} kind="own address" />
      </div>
    </div>
  )
}
