import { Link } from '@tanstack/react-router'
import type { BlockSummary } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { integer } from '../../i18n/format.ts'
import { Unit } from '../../ui/amount.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Disc } from '../../ui/disc.tsx'
import { Percent } from '../../ui/percent.tsx'
import { Age } from '../../ui/time.tsx'
import { ValidatorName } from '../../ui/validator-name.tsx'

const DISC_RADIUS_PX = 8

/** Blocks, newest first as given. */
export function BlockTable({ blocks }: { blocks: readonly BlockSummary[] }) {
  const own = useNode((state) => state.status?.validator?.address ?? null)
  const columns: readonly Column<BlockSummary>[] = [
    { id: 'height', head: 'Height', phone: 'name', cell: (block) => <Height block={block} /> },
    {
      id: 'proposer',
      head: 'Proposer',
      phone: 'minor',
      cell: (block) => <ValidatorName address={block.proposer} name={block.proposerName} own={own} />,
    },
    {
      id: 'count',
      head: 'Transactions',
      align: 'right',
      phone: 'main',
      cell: (block) =>
        block.transactionCount === null ? (
          <span className="faint">not known</span>
        ) : block.transactionCount === 0 ? (
          <span className="faint">none</span>
        ) : (
          <>
            {integer(block.transactionCount)}
            <span className="card-only faint"> transactions</span>
          </>
        ),
    },
    {
      id: 'round',
      head: 'Round',
      align: 'right',
      phone: 'off',
      cell: (block) => <span className={block.round > 0 ? 'text-warn' : ''}>{block.round}</span>,
    },
    {
      id: 'decided',
      head: 'Decided in',
      align: 'right',
      phone: 'off',
      cell: (block) => <DecidedIn block={block} />,
    },
    {
      id: 'signed',
      head: 'Signed',
      align: 'right',
      phone: 'off',
      cell: (block) => <Percent millionths={block.signedPower} />,
    },
    {
      id: 'gas',
      head: 'Gas',
      align: 'right',
      phone: 'off',
      cell: (block) => (block.gasUsed === 0 ? <span className="faint">none</span> : integer(block.gasUsed)),
    },
    {
      id: 'age',
      head: 'Age',
      align: 'right',
      phone: 'minor-2',
      cell: (block) => (
        <span className="dim">
          <Age atMs={block.timestampMs} cell />
        </span>
      ),
    },
  ]
  return (
    <DataTable
      caption="Blocks, newest first"
      columns={columns}
      rows={blocks}
      rowKey={(block) => block.blockId}
    />
  )
}

function Height({ block }: { block: BlockSummary }) {
  return (
    <span className="who">
      <Disc share={1} radius={DISC_RADIUS_PX} decided={block.round === 0} laterRound={block.round > 0} />
      <Link
        className={`inline-flex min-h-6 items-center font-[540] ${block.round > 0 ? 'text-warn' : ''}`}
        to={`/explorer/block/${block.height}`}
      >
        {integer(block.height)}
      </Link>
    </span>
  )
}

function DecidedIn({ block }: { block: BlockSummary }) {
  if (block.decisionMs === null) return <span className="faint">before this tab</span>
  return (
    <>
      {integer(Math.round(block.decisionMs))}
      <Unit>ms</Unit>
    </>
  )
}
