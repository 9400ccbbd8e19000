import { Link } from '@tanstack/react-router'
import { Empty } from '../ui/states.tsx'

export function NotFound() {
  return (
    <Empty
      sentence="There is no page at this address."
      line="Heights, hashes and addresses can be looked up with the search field."
      action={
        <Link className="btn" to="/">
          Go to Overview
        </Link>
      }
    />
  )
}
