import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ValidatorListView, ValidatorView } from '../../../node-core/node/node-api.ts'
import { capital, countWord, integer, percentOf } from '../../i18n/format.ts'
import { Unit } from '../../ui/amount.tsx'
import { wholeAit } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { type Column, DataTable, type Sort } from '../../ui/data-table.tsx'
import { Heartbeat } from '../../ui/heartbeat.tsx'
import { signedOf } from '../../ui/heartbeat-words.ts'
import { Tag } from '../../ui/tag.tsx'
import { Who } from '../../ui/who.tsx'
import { isPunished, stateWords } from './validators-words.ts'

const BY_POWER: Sort = { column: 'power', descending: true }
/** Performance below these departs from normal, millionths. */
const LOW_PERFORMANCE = 950_000
const BAD_PERFORMANCE = 900_000
/** Signed of the last heights below these shares. */
const LOW_SIGNED = 0.98
const BAD_SIGNED = 0.94

export interface ValidatorTableProps {
  readonly validators: readonly ValidatorView[]
  readonly own: string | null
  /** Address → "44 s" of those that are silent. */
  readonly silent: ReadonlyMap<string, string>
}

/** The set in force, by power. */
export function ValidatorTable({ validators, own, silent }: ValidatorTableProps) {
  const navigate = useNavigate()
  const digits = validators.every((validator) => validator.commission % 10_000 === 0) ? 0 : 1
  const openHeight = (height: number) => void navigate({ to: `/explorer/block/${height}` })
  return (
    <DataTable
      caption="Validators of this epoch"
      columns={[...standing({ own, silent }), ...record({ own, openHeight, digits })]}
      rows={validators}
      rowKey={(validator) => validator.address}
      isMine={(validator) => validator.address === own}
      sort={BY_POWER}
    />
  )
}

type Columns = readonly Column<ValidatorView>[]

/** Who it is and what it weighs. */
function standing({ own, silent }: Pick<ValidatorTableProps, 'own' | 'silent'>): Columns {
  return [
    {
      id: 'name',
      head: 'Validator',
      phone: 'name',
      sortBy: (validator) => validator.name,
      cell: (validator) => (
        <Who
          address={validator.address}
          name={validator.name}
          own={validator.address === own}
          size={20}
          to={`/validators/${validator.address}`}
        >
          <Tags
            validator={validator}
            own={validator.address === own}
            silent={silent.get(validator.address)}
          />
        </Who>
      ),
    },
    {
      id: 'stake',
      head: 'Stake, AIT',
      align: 'right',
      phone: 'minor',
      sortBy: (validator) => Number(validator.stake),
      cell: (validator) => (
        <>
          <span className="card-only faint">stake </span>
          {wholeAit(validator.stake)}
        </>
      ),
    },
    {
      id: 'power',
      head: 'Power',
      align: 'right',
      phone: 'main',
      sortBy: (validator) => validator.power,
      cell: (validator) => <Percent millionths={validator.power} />,
    },
  ]
}

interface RecordProps {
  readonly own: string | null
  readonly openHeight: (height: number) => void
  /** Of the commission in percent. */
  readonly digits: number
}

/** How it did its duty, and what it asks for that. */
function record({ own, openHeight, digits }: RecordProps): Columns {
  return [
    {
      id: 'signed',
      head: 'Signed',
      align: 'right',
      phone: 'off',
      sortBy: (validator) => signedShare(validator),
      cell: (validator) => <Signed validator={validator} />,
    },
    {
      id: 'heartbeat',
      head: 'Last 50 heights',
      phone: 'off',
      cell: (validator) => (
        <Heartbeat
          name={validator.name}
          beats={validator.heartbeat}
          own={validator.address === own}
          narrow
          onOpen={openHeight}
        />
      ),
    },
    {
      id: 'performance',
      head: 'Performance',
      align: 'right',
      phone: 'off',
      sortBy: (validator) => validator.performance,
      cell: (validator) => (
        <span className={tone(validator.performance, LOW_PERFORMANCE, BAD_PERFORMANCE)}>
          {(validator.performance / 1_000_000).toFixed(3)}
        </span>
      ),
    },
    {
      id: 'commission',
      head: 'Commission',
      align: 'right',
      phone: 'minor-2',
      sortBy: (validator) => validator.commission,
      cell: (validator) => (
        <>
          <span className="card-only faint">commission </span>
          {(validator.commission / 10_000).toFixed(digits)}
          <Unit>%</Unit>
        </>
      ),
    },
  ]
}

function Tags({
  validator,
  own,
  silent,
}: {
  validator: ValidatorView
  own: boolean
  silent: string | undefined
}) {
  return (
    <>
      {own && <Tag tone="you">this tab</Tag>}
      {isPunished(validator) && <Tag tone="bad">{stateWords(validator)}</Tag>}
      {silent !== undefined && <Tag tone="bad">silent {silent}</Tag>}
      {validator.state === 'pausing' && <Tag>pausing</Tag>}
      {validator.state === 'leaving' && <Tag>leaving</Tag>}
    </>
  )
}

function tone(value: number, low: number, bad: number): string {
  return value < bad ? 'text-bad' : value < low ? 'text-warn' : ''
}

function signedShare(validator: ValidatorView): number {
  const { signed, of } = signedOf(validator.heartbeat)
  return of === 0 ? 1 : signed / of
}

function Signed({ validator }: { validator: ValidatorView }) {
  const { signed, of } = signedOf(validator.heartbeat)
  if (of === 0) return <span className="faint">none seen</span>
  return (
    <span className={tone(signed / of, LOW_SIGNED, BAD_SIGNED)}>
      {signed}
      <Unit>{`/ ${of}`}</Unit>
    </span>
  )
}

export function Percent({ millionths }: { millionths: number }) {
  return (
    <>
      {percentOf(millionths)}
      <Unit>%</Unit>
    </>
  )
}

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
      cell: (member) => (
        <Who
          address={member.address}
          name={member.name}
          own={member.address === own}
          to={`/validators/${member.address}`}
        />
      ),
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
      cell: (validator) => (
        <Who
          address={validator.address}
          name={validator.name}
          own={validator.address === own}
          to={`/validators/${validator.address}`}
        />
      ),
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
