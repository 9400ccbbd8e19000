import { useNavigate } from '@tanstack/react-router'
import type { ValidatorView } from '../../../node-core/node/node-api.ts'
import { integer, shortPercent } from '../../i18n/format.ts'
import { Unit } from '../../ui/amount.tsx'
import { wholeAit } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { type Column, DataTable, type Sort } from '../../ui/data-table.tsx'
import { Heartbeat } from '../../ui/heartbeat.tsx'
import { signedOf } from '../../ui/heartbeat-words.ts'
import { Percent } from '../../ui/percent.tsx'
import { Tag } from '../../ui/tag.tsx'
import { ValidatorName } from '../../ui/validator-name.tsx'
import { offenceCount } from './slash-words.ts'
import { isPunished, stateWords } from './validators-words.ts'

const BY_POWER: Sort = { column: 'power', descending: true }
/** Signed of the last heights below these shares. */
const LOW_SIGNED = 0.98
const BAD_SIGNED = 0.94

export interface ValidatorTableProps {
  readonly validators: readonly ValidatorView[]
  readonly own: string | null
  /** Address → "44 s" of those that are silent. */
  readonly silent: ReadonlyMap<string, string>
  /** Addresses of those to compare, two at most. */
  readonly picked: readonly string[]
  readonly onPick: (picked: readonly string[]) => void
  /** null: this tab has nothing to delegate with. */
  readonly onStake: ((address: string) => void) | null
  /** Where this tab has stake already. */
  readonly staked: ReadonlySet<string>
}

/** The set in force, by power. */
export function ValidatorTable(props: ValidatorTableProps) {
  const { validators, own } = props
  const navigate = useNavigate()
  const digits = validators.every((validator) => validator.commission % 10_000 === 0) ? 0 : 1
  const openHeight = (height: number) => void navigate({ to: `/explorer/block/${height}` })
  return (
    <DataTable
      caption="Validators of this epoch"
      className="dense"
      columns={[
        picking(props),
        ...standing(props),
        ...record({ own, openHeight, digits }),
        ...staking(props),
      ]}
      rows={validators}
      rowKey={(validator) => validator.address}
      isMine={(validator) => validator.address === own}
      sort={BY_POWER}
    />
  )
}

type Columns = readonly Column<ValidatorView>[]

/** Two to compare: of three the one picked first is let go. */
const MOST_PICKED = 2

function picking({ picked, onPick }: ValidatorTableProps): Column<ValidatorView> {
  return {
    id: 'pick',
    head: <span className="sr">Compare</span>,
    phone: 'off',
    width: '32px',
    cell: ({ address, name }) => (
      <label className="inline-grid h-6 w-6 place-items-center">
        <input
          type="checkbox"
          className="accent-[var(--ink-2)]"
          aria-label={`Compare ${name}`}
          checked={picked.includes(address)}
          onChange={(event) =>
            onPick(
              event.target.checked
                ? [...picked, address].slice(-MOST_PICKED)
                : picked.filter((one) => one !== address),
            )
          }
        />
      </label>
    ),
  }
}

function staking({ onStake, staked }: ValidatorTableProps): Columns {
  if (onStake === null) return []
  return [
    {
      id: 'stake-act',
      head: <span className="sr">My stake</span>,
      align: 'right',
      phone: 'off',
      cell: ({ address, name }) => {
        const words = staked.has(address) ? 'Manage' : 'Delegate'
        return (
          <Button
            look="quiet"
            size="small"
            aria-label={
              staked.has(address) ? `Manage my stake at ${name}, in the table` : `Delegate to ${name}`
            }
            onClick={() => onStake(address)}
          >
            {words}
          </Button>
        )
      },
    },
  ]
}

/** Who it is and what it weighs. */
function standing({ own, silent }: Pick<ValidatorTableProps, 'own' | 'silent'>): Columns {
  return [
    {
      id: 'name',
      head: 'Validator',
      phone: 'name',
      sortBy: (validator) => validator.name,
      cell: (validator) => (
        <ValidatorName address={validator.address} name={validator.name} size={20} own={own}>
          <Tags
            validator={validator}
            own={validator.address === own}
            silent={silent.get(validator.address)}
          />
        </ValidatorName>
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
      id: 'delegated',
      head: 'Delegated',
      align: 'right',
      phone: 'off',
      roomy: true,
      sortBy: (validator) => Number(validator.stake) - Number(validator.selfStake),
      cell: ({ stake, selfStake, delegators }) => (
        <span
          title={`${wholeAit(selfStake)} AIT of its own; ${integer(delegators)} ${delegators === 1 ? 'delegator' : 'delegators'}`}
        >
          {wholeAit(String(BigInt(stake) - BigInt(selfStake)))}
          <Unit>{`by ${integer(delegators)}`}</Unit>
        </span>
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
    {
      id: 'rate',
      head: 'A year',
      align: 'right',
      phone: 'off',
      sortBy: (validator) => validator.annualRate ?? 0,
      cell: ({ annualRate }) =>
        annualRate === null ? <span className="faint">not yet</span> : <Percent millionths={annualRate} />,
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
  const { announced, commission } = validator
  const announcement =
    announced === null || announced.commission === commission
      ? null
      : `soon ${shortPercent(announced.commission)}`
  const offences = offenceCount(validator)
  return (
    <>
      {own && <Tag tone="you">this tab</Tag>}
      {isPunished(validator) && <Tag tone="bad">{stateWords(validator)}</Tag>}
      {announcement !== null && <Tag tone="info">{announcement}</Tag>}
      {offences !== null && <Tag tone="warn">{offences}</Tag>}
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
