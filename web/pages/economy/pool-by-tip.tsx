import type { FeesView } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty } from '../../ui/states.tsx'

type Step = FeesView['poolByTip'][number]

/** What waits for a block, by what it offers beside the base fee. */
export function PoolByTip({ steps }: { readonly steps: readonly Step[] }) {
  const most = Math.max(1, ...steps.map((step) => step.gas))
  const columns: readonly Column<Step>[] = [
    { id: 'tip', head: 'Tip, nAIT per gas', cell: (step) => integer(BigInt(step.tip)), phone: 'name' },
    {
      id: 'gas',
      head: 'Gas',
      cell: (step) => (
        <span className="flex items-center gap-2">
          <span className="meter grow">
            <i style={{ width: `${(100 * step.gas) / most}%` }} />
          </span>
          <span className="w-20 text-right">{integer(step.gas)}</span>
        </span>
      ),
      phone: 'wide',
    },
    {
      id: 'count',
      head: 'Waiting',
      cell: (step) => integer(step.transactions),
      align: 'right',
      phone: 'main',
    },
  ]
  return (
    <Section title="Waiting, by tip">
      {steps.length === 0 ? (
        <Empty sentence="Nothing waits." line="Whatever is sent now is in the next block." />
      ) : (
        <DataTable
          caption="Transactions that wait, by tip"
          columns={columns}
          rows={steps}
          rowKey={(step) => step.tip}
        />
      )}
    </Section>
  )
}
