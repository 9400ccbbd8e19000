import { useState } from 'react'
import type { ValidatorListView, ValidatorView } from '../../../node-core/node/node-api.ts'
import { capital, countWord, integer } from '../../i18n/format.ts'
import { wholeAit } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { type Column, DataTable, type Sort } from '../../ui/data-table.tsx'
import { Percent } from '../../ui/percent.tsx'
import { Tag } from '../../ui/tag.tsx'
import { ValidatorName } from '../../ui/validator-name.tsx'
import { isPunished, stateWords } from './validators-words.ts'

const BY_POWER: Sort = { column: 'power', descending: true }

/** Who comes and who goes with the next epoch; the whole set when asked for. */
export function NextSet({ next, own }: { next: ValidatorListView['next']; own: string | null }) {
  const [whole, setWhole] = useState(false)
  const stay = next.filter((member) => member.change === 'stays').length
  const shown = whole ? next : next.filter((member) => member.change !== 'stays')
  const columns: readonly Column<ValidatorListView['next'][number]>[] = [
    {
      id: 'name',
      head: 'Validator',
      phone: 'name',
      cell: (member) => <ValidatorName address={member.address} name={member.name} own={own} />,
    },
    {
      id: 'change',
      head: 'Change',
      phone: 'minor',
      cell: (member) => <Change change={member.change} />,
      sortBy: (member) => member.change,
    },
    {
      id: 'power',
      head: 'Power',
      align: 'right',
      phone: 'main',
      cell: (member) =>
        member.change === 'leaves' ? (
          <span className="faint">none</span>
        ) : (
          <Percent millionths={member.power} />
        ),
      sortBy: (member) => member.power,
    },
  ]
  return (
    <>
      {shown.length > 0 && (
        <DataTable
          caption="Validators of the next epoch"
          columns={columns}
          rows={shown}
          rowKey={(member) => member.address}
          isMine={(member) => member.address === own}
          sort={BY_POWER}
        />
      )}
      {stay > 0 && (
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
          {stay === 1 ? 'One validator stays.' : `${capital(countWord(stay))} validators stay.`}
          <Button look="quiet" size="small" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? 'Show the changes alone' : 'Show the whole set'}
          </Button>
        </p>
      )}
    </>
  )
}

function Change({ change }: { change: 'stays' | 'enters' | 'leaves' }) {
  if (change === 'stays') return <span className="faint">stays</span>
  return <Tag tone={change === 'enters' ? 'info' : 'warn'}>{change}</Tag>
}

/** Registered ones without power: they wait, rest, leave or are jailed. */
export function Outside({ validators, own }: { validators: readonly ValidatorView[]; own: string | null }) {
  const columns: readonly Column<ValidatorView>[] = [
    {
      id: 'name',
      head: 'Validator',
      phone: 'name',
      cell: (validator) => <ValidatorName address={validator.address} name={validator.name} own={own} />,
    },
    {
      id: 'state',
      head: 'State',
      phone: 'minor',
      cell: (validator) => (
        <span className={isPunished(validator) ? 'text-bad' : 'dim'}>{stateWords(validator)}</span>
      ),
    },
    {
      id: 'from',
      head: 'Enters at height',
      align: 'right',
      phone: 'minor-2',
      cell: (validator) =>
        validator.activeFromHeight === null ? (
          <span className="faint">not known</span>
        ) : (
          integer(validator.activeFromHeight)
        ),
    },
    {
      id: 'stake',
      head: 'Stake, AIT',
      align: 'right',
      phone: 'main',
      cell: (validator) => wholeAit(validator.stake),
    },
  ]
  return (
    <DataTable
      caption="Validators outside of the set"
      columns={columns}
      rows={validators}
      rowKey={(validator) => validator.address}
      isMine={(validator) => validator.address === own}
    />
  )
}
