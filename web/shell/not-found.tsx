import { Link } from '@tanstack/react-router'
import { PageHead } from '../ui/section.tsx'

export function NotFound() {
  return (
    <>
      <PageHead
        title="Not found"
        sentence="There is no page at this address."
        why="Heights, hashes and addresses can be looked up with the search field."
      />
      <Link className="btn" to="/">
        Go to Overview
      </Link>
    </>
  )
}
