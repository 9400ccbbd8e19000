import type { GasReportView } from '../../../node-core/node/node-api.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { type Column, DataTable, type PhonePlace } from '../../ui/data-table.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { operationWords } from './economy-words.ts'

type Operation = GasReportView['operations'][number]

/** The report covers a thousand blocks: it need not follow each of them, ms. */
const EVERY_MS = 10_000

const COLUMNS: readonly Column<Operation>[] = [
  {
    id: 'type',
    head: 'Operation',
    cell: (row) => operationWords(row.type),
    sortBy: (row) => row.type,
    phone: 'name',
  },
  figure('count', 'Times', 'minor'),
  figure('failed', 'Failed', 'minor-2'),
  figure('gas', 'Gas', 'main'),
  {
    id: 'fees',
    head: 'Fees',
    cell: (row) => <Amount value={row.fees} form="exact" />,
    sortBy: (row) => Number(row.fees),
    align: 'right',
    phone: 'off',
  },
]

function figure(id: 'count' | 'failed' | 'gas', head: string, phone: PhonePlace): Column<Operation> {
  return {
    id,
    head,
    cell: (row) => (row[id] === 0 ? 'none' : integer(row[id])),
    sortBy: (row) => row[id],
    align: 'right',
    phone,
  }
}

/** What operations cost in the last blocks, and what batches would have saved. */
export function GasReport() {
  const query = useQuery('economy_gas', {}, EVERY_MS)
  const report = query.data
  return (
    <Section
      title="Gas by operation"
      note={
        report === null ? undefined : `blocks ${integer(report.fromHeight)} to ${integer(report.toHeight)}`
      }
    >
      <States
        query={query}
        what="the gas report"
        skeletonRows={5}
        isEmpty={({ operations }) => operations.length === 0}
        empty={
          <Empty sentence="No operation is in these blocks." line="The first transaction begins the table." />
        }
      >
        {({ operations, batching }) => (
          <>
            <DataTable
              caption="Gas by operation"
              columns={COLUMNS}
              rows={operations}
              rowKey={(row) => row.type}
              sort={{ column: 'gas', descending: true }}
            />
            <p className="mt-2 text-xs text-ink-2">
              {batching.transactions === 0 ? (
                'Nothing here could have gone together in a batch.'
              ) : (
                <>
                  {integer(batching.transactions)} of them could have gone in batches, for{' '}
                  {integer(batching.gasSaved)} gas and <Amount value={batching.feesSaved} form="exact" />{' '}
                  less.
                </>
              )}
            </p>
          </>
        )}
      </States>
    </Section>
  )
}
