import type { ConcentrationView, DistributionView } from '../../../node-core/node/node-api.ts'
import { countWord, integer, percent } from '../../i18n/format.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { LineChart, useTableTwin } from '../../ui/line-chart.tsx'
import { Section } from '../../ui/section.tsx'
import { useNames } from '../use-names.ts'
import { distributionRows } from './economy-words.ts'

type Entity = ConcentrationView['entities'][number]

const BECAUSE: Readonly<Record<Entity['because'], string>> = {
  alone: 'alone',
  funder: 'one account funded them',
  'network-address': 'one network address',
}
const ONE = 1_000_000

interface ConcentrationSectionProps {
  readonly of: ConcentrationView
  /** null: not read yet. */
  readonly distribution: DistributionView | null
}

/** How few could stop the chain, with those that may be one party counted as one. */
export function ConcentrationSection({ of, distribution }: ConcentrationSectionProps) {
  const twin = useTableTwin('Concentration of power')
  const { wordsFor } = useNames()
  const entities = of.entities.toSorted((a, b) => b.share - a.share)
  const columns: readonly Column<Entity>[] = [
    {
      id: 'who',
      head: 'Entity',
      cell: (entity) => entity.validators.map(wordsFor).join(', '),
      phone: 'name',
    },
    { id: 'why', head: 'Counted as one because', cell: (entity) => BECAUSE[entity.because], phone: 'minor' },
    { id: 'share', head: 'Power', cell: (entity) => percent(entity.share), align: 'right', phone: 'main' },
  ]
  return (
    <Section title="Who holds the power" end={entities.length > 1 && twin.button}>
      <KeyValues
        rows={[
          ['Could stop the chain', togetherWords(of.nakamoto)],
          ['Counted as entities', togetherWords(of.nakamotoOfEntities)],
          ['Largest share', percent(of.largestShare)],
          ['Gini, 0 is equal', (of.gini / ONE).toFixed(2)],
          ...(distribution === null ? [] : distributionRows(distribution)),
        ]}
      />
      <div className="mt-3">
        {twin.shown || entities.length < 2 ? (
          <DataTable
            caption="Entities by power"
            columns={columns}
            rows={entities}
            rowKey={(entity) => entity.validators.join()}
          />
        ) : (
          <Curve entities={entities} nakamoto={of.nakamotoOfEntities} />
        )}
      </div>
    </Section>
  )
}

function togetherWords(count: number): string {
  return count === 1 ? 'one alone' : `${countWord(count)} together`
}

/** The power of the largest one, two, three …; the dashed line would be if all held the same. */
function Curve({ entities, nakamoto }: { readonly entities: readonly Entity[]; readonly nakamoto: number }) {
  let held = 0
  const points = entities.map((entity, index) => {
    held += entity.share
    return { x: index + 1, first: held / 10_000, second: (100 * (index + 1)) / entities.length }
  })
  const count = entities.length
  return (
    <LineChart
      label={`The ${countWord(nakamoto)} largest hold more than a third of the power`}
      points={[{ x: 0, first: 0, second: 0 }, ...points]}
      domain={[0, count]}
      ticksY={[
        { at: 0, words: '0' },
        { at: 100 / 3, words: '⅓' },
        { at: 200 / 3, words: '⅔' },
        { at: 100, words: '100 %' },
      ]}
      ticksX={[
        { at: 0, words: '0' },
        { at: nakamoto, words: integer(nakamoto) },
        ...(count > nakamoto ? [{ at: count, words: `${integer(count)} largest` }] : []),
      ]}
      remark={{ words: 'dashed: if all held the same', atX: count }}
    />
  )
}
