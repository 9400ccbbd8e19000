import { useEffect, useState } from 'react'

/** Nothing is shown before this, so that quick answers do not flash. */
const SKELETON_AFTER_MS = 200

export interface SkeletonProps {
  /** Lines of the shape to come. */
  readonly rows?: number
  /** What is being read, for those who do not see the shape. */
  readonly label: string
}

/** The shape of what will come, still, after 200 ms. */
export function Skeleton({ rows = 3, label }: SkeletonProps) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div aria-busy="true" style={{ visibility: shown ? 'visible' : 'hidden' }}>
      <span className="sr">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical lines
        <div key={row} className="flex items-center gap-2.5" style={{ height: 26 }}>
          <span className="skeleton" style={{ width: 20 }} />
          <span className="skeleton" style={{ width: '40%' }} />
          <span className="skeleton ml-auto" style={{ width: '18%' }} />
        </div>
      ))}
    </div>
  )
}
