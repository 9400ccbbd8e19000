import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, useRef } from 'react'

/** First guess of a row's height; each row shown is measured. */
const ROW_PX = 36
const HEIGHT_PX = 648
const OVERSCAN_ROWS = 12

export interface VirtualTableProps {
  readonly caption: string
  readonly className: string
  readonly head: ReactNode
  readonly count: number
  readonly rowKey: (index: number) => string
  /** `measured` and the index go on the row's `tr`, as `ref` and `data-index`. */
  readonly renderRow: (index: number, measured: Ref<HTMLTableRowElement>) => ReactNode
}

/** Rows above and below the view are stood in for by one empty row each, so that it stays a real table. */
export function VirtualTable({ caption, className, head, count, rowKey, renderRow }: VirtualTableProps) {
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    getItemKey: rowKey,
  })
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={caption}
      className="-mx-2 overflow-auto px-2"
      style={{ maxHeight: HEIGHT_PX }}
    >
      <table className={`tbl cards ${className}`} aria-rowcount={count}>
        <caption className="sr">{caption}</caption>
        {head}
        <tbody>
          {above > 0 && <tr aria-hidden style={{ height: above }} />}
          {items.map((item) => renderRow(item.index, virtual.measureElement))}
          {below > 0 && <tr aria-hidden style={{ height: below }} />}
        </tbody>
      </table>
    </section>
  )
}
