import { Moon, ShieldPlus, Sun } from 'lucide-react'
import type { AccountView, ValidatorView } from '../../../node-core/node/node-api.ts'
import { integer, percent } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Disc } from '../../ui/disc.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty } from '../../ui/states.tsx'
import { useNow } from '../../ui/time.tsx'
import type { ParametersView } from '../chain-parameters.ts'
import type { ValidatorAct } from './act-words.ts'
import { announcedWords, jailWords, offenceCount } from './slash-words.ts'
import type { StakeMove } from './stake-form.ts'
import { entryProgress, stateWords } from './validators-words.ts'

export type ValidatorsDialog =
  | ValidatorAct
  | StakeMove
  | 'become'
  | 'withdraw'
  | 'claim'
  | 'compound'
  | 'position'
  | 'compare'
  | 'admit'
  | 'expel'

export interface OwnValidatorProps {
  readonly validator: ValidatorView | null
  readonly account: AccountView | null
  readonly parameters: ParametersView
  readonly head: number
  readonly blockIntervalMs: number | null
  readonly onDo: (dialog: ValidatorsDialog) => void
}

/** The own validator: its stake, its way into the set, what can be done about it. */
export function OwnValidator({
  validator,
  account,
  parameters,
  head,
  blockIntervalMs,
  onDo,
}: OwnValidatorProps) {
  return (
    <Section
      title="My validator"
      end={validator !== null && <span className="lab">{stateWords(validator)}</span>}
    >
      {validator === null || validator.state === 'left' ? (
        <NotYet parameters={parameters} account={account} />
      ) : (
        <Standing validator={validator} head={head} blockIntervalMs={blockIntervalMs} onDo={onDo} />
      )}
    </Section>
  )
}

function NotYet({ parameters, account }: { parameters: ParametersView; account: AccountView | null }) {
  const minimum = parameters.minimumSelfStake
  return (
    <Empty
      sentence="This tab could vote as well."
      line={
        <>
          A validator proposes and signs blocks, and earns for it. It bonds a stake
          {minimum !== null && (
            <>
              {' '}
              of at least <Amount value={minimum.toString()} />
            </>
          )}
          , part of which is lost if its key breaks the rules.
          {account !== null && (
            <>
              {' '}
              You have <Amount value={account.balance} />.
            </>
          )}
        </>
      }
    />
  )
}

function Standing({
  validator,
  head,
  blockIntervalMs,
  onDo,
}: {
  validator: ValidatorView
  head: number
  blockIntervalMs: number | null
  onDo: (dialog: ValidatorsDialog) => void
}) {
  const announced = announcedWords(validator)
  const jail = jailWords(validator, useNow())
  const entering = validator.state === 'registered' || validator.state === 'entering'
  return (
    <>
      {entering && <EntrySteps validator={validator} head={head} blockIntervalMs={blockIntervalMs} />}
      <KeyValues
        rows={[
          ['Stake behind it', <Amount key="stake" value={validator.stake} />],
          ['Of that, my own', <Amount key="own" value={validator.selfStake} />],
          ['Delegators', integer(validator.delegators)],
          ['Share of power', validator.power === 0 ? 'none' : percent(validator.power)],
          ['Commission', percent(validator.commission)],
          ...(announced === null ? [] : [['Commission, announced', announced] as const]),
          [
            'Offences',
            offenceCount(validator) ?? 'none',
            offenceCount(validator) === null ? undefined : 'text-warn',
          ],
          ['Performance', (validator.performance / 1_000_000).toFixed(3)],
          [
            'Voting since height',
            validator.activeFromHeight === null ? 'not known here' : integer(validator.activeFromHeight),
          ],
        ]}
      />
      {jail !== null && <p className="mt-3 text-sm text-bad">{jail}</p>}
      {(validator.state === 'active' || validator.state === 'entering') && (
        <p className="mt-3 text-sm faint">
          When its last tab closes it is paused by itself, so that its absence is no offence. Opened again, it
          resumes. Each costs a fee.
        </p>
      )}
      {(validator.state === 'pausing' || validator.state === 'paused') && (
        <p className="mt-3 text-sm faint">
          Paused when its tab was closed, it resumes by itself as soon as this tab is in sync. Paused by hand,
          it waits for “Resume”.
        </p>
      )}
      {validator.state !== 'leaving' && validator.state !== 'tombstoned' && (
        <div className="btns mt-3">
          <Button onClick={() => onDo('rotate')}>Change keys</Button>
          <Button look="danger" onClick={() => onDo('leave')}>
            Leave
          </Button>
        </div>
      )}
    </>
  )
}

function EntrySteps({
  validator,
  head,
  blockIntervalMs,
}: {
  validator: ValidatorView
  head: number
  blockIntervalMs: number | null
}) {
  return (
    <ol className="mb-3 grid" aria-label="Way into the set">
      {entryProgress(validator, head, blockIntervalMs).map((step, index, all) => (
        <li
          key={step.name}
          className="relative grid grid-cols-[30px_1fr] pb-3 text-sm"
          aria-current={step.state === 'now' ? 'step' : undefined}
        >
          {index < all.length - 1 && (
            <i
              className={`absolute top-[22px] bottom-0 left-[9px] border-l ${step.state === 'done' ? 'border-lit' : 'border-line'}`}
            />
          )}
          <span className="pt-px">
            <Disc share={step.state === 'now' ? 0.5 : 0} decided={step.state === 'done'} radius={8} />
          </span>
          <span>
            <b className={`block font-strong ${step.state === 'later' ? 'text-ink-3' : ''}`}>{step.name}</b>
            <span className="text-xs text-ink-3">{step.line}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}

/** The page's primary act is about the own validator. */
export function headIsPrimary(validator: ValidatorView | null): boolean {
  return ['none', 'left', 'paused', 'pausing', 'jailed'].includes(validator?.state ?? 'none')
}

/** The act that fits the state, for the head of the page. */
export function HeadAct({
  validator,
  known,
  onDo,
}: {
  validator: ValidatorView | null
  known: boolean
  onDo: (dialog: ValidatorsDialog) => void
}) {
  if (!known) return null
  const state = validator?.state ?? 'none'
  if (state === 'none' || state === 'left') {
    return (
      <Button
        look="primary"
        icon={<ShieldPlus size={15} strokeWidth={1.75} aria-hidden />}
        onClick={() => onDo('become')}
      >
        Become a validator
      </Button>
    )
  }
  if (state === 'paused' || state === 'pausing') {
    return (
      <Button
        look="primary"
        icon={<Sun size={15} strokeWidth={1.75} aria-hidden />}
        onClick={() => onDo('resume')}
      >
        Resume my validator
      </Button>
    )
  }
  if (state === 'jailed') {
    return (
      <Button
        look="primary"
        icon={<Sun size={15} strokeWidth={1.75} aria-hidden />}
        onClick={() => onDo('unjail')}
      >
        Bring my validator back
      </Button>
    )
  }
  if (state === 'leaving' || state === 'tombstoned') return null
  return (
    <Button icon={<Moon size={15} strokeWidth={1.75} aria-hidden />} onClick={() => onDo('pause')}>
      Pause my validator
    </Button>
  )
}
