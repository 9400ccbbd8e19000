import { ArrowDown, ArrowUp } from 'lucide-react'
import { lazy, type ReactNode, type Ref, Suspense, useMemo, useState } from 'react'
import { Skeleton } from './skeleton.tsx'

/** Place of a cell in the two-line row of a phone; 'off' is left out there. */
export type PhonePlace = 'name' | 'main' | 'minor' | 'minor-2' | 'wide' | 'off'

export interface Column<Row> {
  readonly id: string
  readonly head: ReactNode
  readonly cell: (row: Row) => ReactNode
  /** Figures stand right. Default: left. */
  readonly align?: 'left' | 'right'
  readonly phone?: PhonePlace
  /** Makes the column sortable, by this value. */
  readonly sortBy?: (row: Row) => number | string
  readonly width?: string
  /** Left out where the page is narrow, on a tablet and on a phone. */
  readonly roomy?: boolean
}

export interface Sort {
  readonly column: string
  readonly descending: boolean
}

export interface DataTableProps<Row> {
  /** Said to those who do not see the table. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Rows of this tab. */
  readonly isMine?: (row: Row) => boolean
  readonly isLit?: (row: Row) => boolean
  readonly onRowHover?: (row: Row | null) => void
  /** Sorting is the caller's (state in the URL) when `onSort` is given, else the table's own. */
  readonly sort?: Sort | null
  readonly onSort?: (sort: Sort) => void
  readonly className?: string
}

/** Above this number of rows only those in view are in the page. */
const VIRTUAL_ABOVE_ROWS = 100

/** Loaded when a table is that long. */
const VirtualTable = lazy(() =>
  import('./virtual-table.tsx').then((module) => ({ default: module.VirtualTable })),
)

/** The one table: sortable heads, own row washed, two-line rows on a phone, virtual beyond 100 rows. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows } = props
  const [ownSort, setOwnSort] = useState<Sort | null>(props.sort ?? null)
  const sort = props.onSort ? (props.sort ?? null) : ownSort
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort])
  const head = <Head columns={columns} sort={sort} onSort={props.onSort ?? setOwnSort} />
  if (sorted.length > VIRTUAL_ABOVE_ROWS)
    return (
      <Suspense fallback={<Skeleton rows={12} label={props.caption} />}>
        <VirtualTable
          caption={props.caption}
          className={props.className ?? ''}
          head={head}
          count={sorted.length}
          rowKey={(index) => props.rowKey(sorted[index]!)}
          renderRow={(index, measured) => {
            const row = sorted[index]!
            return (
              <BodyRow key={props.rowKey(row)} row={row} table={props} measured={measured} index={index} />
            )
          }}
        />
      </Suspense>
    )
  return (
    <table className={`tbl cards ${props.className ?? ''}`}>
      <caption className="sr">{props.caption}</caption>
      {head}
      <tbody>
        {sorted.map((row) => (
          <BodyRow key={props.rowKey(row)} row={row} table={props} />
        ))}
      </tbody>
    </table>
  )
}

function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
): readonly Row[] {
  const by = sort === null ? undefined : columns.find((column) => column.id === sort.column)?.sortBy
  if (by === undefined || sort === null) return rows
  const sign = sort.descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const left = by(a)
    const right = by(b)
    return left < right ? -sign : left > right ? sign : 0
  })
}

interface HeadProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly sort: Sort | null
  readonly onSort: (sort: Sort) => void
}

function Head<Row>({ columns, sort, onSort }: HeadProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const active = sort?.column === column.id
          const order = active ? (sort.descending ? 'descending' : 'ascending') : 'none'
          const right =
            [column.align === 'right' ? 'r' : '', column.roomy ? 'roomy' : ''].filter(Boolean).join(' ') ||
            undefined
          if (column.sortBy === undefined)
            return (
              <th key={column.id} className={right} style={{ width: column.width }} scope="col">
                {column.head}
              </th>
            )
          const Arrow = active && !sort.descending ? ArrowUp : ArrowDown
          return (
            <th
              key={column.id}
              className={right}
              style={{ width: column.width }}
              scope="col"
              aria-sort={order}
            >
              <button
                type="button"
                onClick={() => onSort({ column: column.id, descending: active ? !sort.descending : true })}
              >
                {active && <Arrow size={12} aria-hidden />}
                {column.head}
              </button>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

interface BodyRowProps<Row> {
  readonly row: Row
  readonly table: DataTableProps<Row>
  /** Of a virtual table. */
  readonly measured?: Ref<HTMLTableRowElement>
  readonly index?: number
}

function BodyRow<Row>({ row, table, measured, index }: BodyRowProps<Row>) {
  const classes = [table.isMine?.(row) ? 'mine' : '', table.isLit?.(row) ? 'hov' : '']
  return (
    <tr
      ref={measured}
      data-index={index}
      className={classes.filter(Boolean).join(' ') || undefined}
      onMouseEnter={table.onRowHover && (() => table.onRowHover?.(row))}
      onMouseLeave={table.onRowHover && (() => table.onRowHover?.(null))}
      onFocus={table.onRowHover && (() => table.onRowHover?.(row))}
    >
      {table.columns.map((column) => (
        <td
          key={column.id}
          className={
            [column.phone ?? '', column.align === 'right' ? 'r' : '', column.roomy ? 'roomy' : '']
              .filter(Boolean)
              .join(' ') || undefined
          }
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}
