import { useNavigate, useParams } from '@tanstack/react-router'
import { Columns2 } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import type { ValidatorListView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useDialogState } from '../../hooks/use-dialog-state.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { wholeAit } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { EpochChart } from '../../ui/epoch-chart.tsx'
import { PowerBar } from '../../ui/power-bar.tsx'
import { PageHead, Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { spanWords } from '../../ui/time-words.ts'
import { readParameters } from '../chain-parameters.ts'
import { useAccount } from '../use-account.ts'
import { useBlockIntervalMs } from '../use-block-interval.ts'
import { useNames } from '../use-names.ts'
import { MyStake } from './my-stake.tsx'
import { NextSet, Outside } from './next-set.tsx'
import { HeadAct, headIsPrimary, OwnValidator, type ValidatorsDialog } from './own-validator.tsx'
import { SlashesSection } from './slashes.tsx'
import { type OwnStake, StakeDialogs } from './stake-dialogs.tsx'
import { delegationsOf } from './stake-words.ts'
import { ValidatorDialog } from './validator-dialog.tsx'
import { ValidatorTable } from './validator-table.tsx'
import { epochReason, inSet, outOfSet, powerSentence } from './validators-words.ts'
import './validators.css'

export function ValidatorsPage() {
  const account = useNode((state) => state.status?.account ?? null)
  return account === null ? <Stage own={null} stake={null} /> : <Staker key={account} own={account} />
}

/** With what this tab's account has at validators. */
function Staker({ own }: { readonly own: string }) {
  const positions = useQuery('stake_positions', { address: own })
  const rewards = useQuery('stake_rewards', { address: own })
  return <Stage own={own} stake={{ positions, rewards: rewards.data }} />
}

interface StageProps {
  /** This tab's account. */
  readonly own: string | null
  readonly stake: OwnStake | null
}

function Stage({ own, stake }: StageProps) {
  const list = useQuery('validator_list', {})
  const raw = useQuery('chain_parameters', {}, 'once').data
  const head = useNode((state) => state.status?.head?.height ?? 0)
  const observes = useNode((state) => state.status?.mode === 'observer')
  const account = useAccount(own)
  const { dialog, at, open, close } = useDialogState<ValidatorsDialog>()
  const { address } = useParams({ strict: false }) as { address?: string }
  const navigate = useNavigate()
  const parameters = useMemo(() => readParameters(raw ?? {}), [raw])
  const interval = useBlockIntervalMs()
  const mine = list.data?.validators.find((validator) => validator.address === own) ?? null
  const primary = headIsPrimary(mine)
  const onDo = (next: ValidatorsDialog, about?: string) =>
    address === undefined
      ? open(next, about)
      : void navigate({ to: '/validators', search: { do: next, at: about } as never })
  return (
    <>
      <Head
        list={list.data}
        refused={list.state === 'failed'}
        head={head}
        interval={interval}
        end={<HeadAct validator={mine} known={list.data !== null && own !== null} onDo={onDo} />}
      />
      <States
        query={list}
        what="the validators"
        skeletonRows={9}
        isEmpty={(data) => data.validators.length === 0}
        empty={<NoValidators />}
      >
        {(data) => (
          <SetInForce
            list={data}
            own={own}
            stake={stake}
            onDo={onDo}
            aside={
              <>
                {stake !== null && own !== null && !observes && (
                  <MyStake
                    own={own}
                    {...stake}
                    unbondingMs={parameters.unbondingMs}
                    primary={!primary}
                    onDo={onDo}
                  />
                )}
                <OwnValidator
                  validator={mine}
                  account={account}
                  parameters={parameters}
                  head={head}
                  blockIntervalMs={interval}
                  onDo={onDo}
                />
              </>
            }
          />
        )}
      </States>
      {dialog !== '' && raw !== null && list.data !== null && (
        <StakeDialogs
          key={`${dialog} ${at}`}
          dialog={dialog}
          at={at}
          own={own}
          stake={stake}
          balance={account?.balance ?? null}
          validators={list.data.validators}
          parameters={parameters}
          onDo={onDo}
          onClose={close}
        />
      )}
      {address !== undefined && (
        <ValidatorDialog
          address={address}
          own={own}
          votes={parameters.admitsByVote && mine !== null && mine.power > 0}
          onDo={onDo}
          onClose={() => void navigate({ to: '/validators' })}
        />
      )}
    </>
  )
}

function Head({
  list,
  refused,
  head,
  interval,
  end,
}: {
  list: ValidatorListView | null
  refused: boolean
  head: number
  interval: number | null
  end: ReactNode
}) {
  if (list !== null && list.validators.length === 0)
    return <PageHead title="Validators and stake" sentence="Nobody decides yet." />
  if (list === null) {
    const sentence = refused ? 'Who decides is not known here.' : 'Reading who decides.'
    return <PageHead title="Validators and stake" sentence={sentence} />
  }
  const members = inSet(list.validators)
  const bonded = members.reduce((sum, validator) => sum + BigInt(validator.stake), 0n).toString()
  return (
    <PageHead
      title="Validators and stake"
      sentence={powerSentence(members.map((validator) => validator.power))}
      why={epochReason({ list, head, blockIntervalMs: interval, bonded: wholeAit(bonded) })}
      end={<div className="btns self-end max-phone:w-full">{end}</div>}
    />
  )
}

function NoValidators() {
  return (
    <Empty
      sentence="No validator is known here yet."
      line="They are in the state of the chain; it is read once this node has its first block."
    />
  )
}

interface SetInForceProps {
  readonly list: ValidatorListView
  readonly own: string | null
  readonly stake: OwnStake | null
  readonly aside: ReactNode
  readonly onDo: (dialog: ValidatorsDialog, at?: string) => void
}

function SetInForce({ list, own, stake, aside, onDo }: SetInForceProps) {
  const silent = useSilent()
  const names = useNames()
  const [compare, setCompare] = useUrlState<string>('compare', '')
  const members = inSet(list.validators)
  const picked = compare.split(',').filter((address) => members.some((one) => one.address === address))
  const outside = outOfSet(list.validators)
  const bar = members.map((validator) => ({
    key: validator.address,
    name: validator.name,
    power: validator.power,
    own: validator.address === own,
    silent: silent.has(validator.address),
  }))
  const changes = list.next.filter((member) => member.change !== 'stays').length
  const staked = new Set(delegationsOf(stake?.positions.data?.positions ?? []).map((one) => one.validator))
  const history = stake?.rewards?.history ?? []
  return (
    <>
      <PowerBar
        members={bar}
        label={`Voting power of ${integer(members.length)} validators, with marks at one third and two thirds; the table below holds the same figures`}
      />
      <div className="set-cols mt-2">
        <div className="min-w-0">
          <Section
            title={`Set of epoch ${integer(list.epoch)}`}
            end={<CompareButton count={picked.length} onCompare={() => onDo('compare')} />}
          >
            <ValidatorTable
              validators={members}
              own={own}
              silent={silent}
              picked={picked}
              onPick={(next) => setCompare(next.join(','))}
              onStake={
                own === null
                  ? null
                  : (address) => onDo(staked.has(address) ? 'position' : 'delegate', address)
              }
              staked={staked}
            />
          </Section>
          {staked.size > 0 && (
            <div className="cols" style={{ gridTemplateColumns: 'minmax(0,1fr) minmax(0,1fr)' }}>
              <EpochChart
                title="My stake over time"
                points={history.map((point) => ({ ...point, amount: point.stake }))}
                waiting="A point is added at each epoch’s end."
              />
              <EpochChart
                title="My rewards, in all"
                points={history.map((point) => ({ ...point, amount: point.earned }))}
                waiting="Rewards of an epoch are paid at the end of the next."
              />
            </div>
          )}
          <Section
            title="Next set"
            note={changes === 0 ? 'unchanged' : `${changes} ${changes === 1 ? 'change' : 'changes'}`}
          >
            {list.next.length === 0 ? (
              <Empty
                sentence="The next set is not announced yet."
                line="It is counted from the state at this epoch’s end."
              />
            ) : (
              <NextSet next={list.next} own={own} />
            )}
          </Section>
          <Section title="Waiting, resting, leaving">
            {outside.length === 0 ? (
              <Empty
                sentence="Nobody is."
                line="Validators that have registered, paused, left or are jailed stand here until they have power."
              />
            ) : (
              <Outside validators={outside} own={own} />
            )}
          </Section>
          <SlashesSection validators={list.validators} own={own} names={names} />
        </div>
        <div className="min-w-0">{aside}</div>
      </div>
    </>
  )
}

function CompareButton({ count, onCompare }: { readonly count: number; readonly onCompare: () => void }) {
  return (
    <span className="flex items-center gap-3 max-phone:hidden">
      <span className="text-xs text-ink-3">
        {count === 0 ? 'choose two to compare' : `${count} of 2 chosen`}
      </span>
      <Button
        size="small"
        disabled={count < 2}
        icon={<Columns2 size={14} strokeWidth={1.75} aria-hidden />}
        onClick={onCompare}
      >
        Compare
      </Button>
    </span>
  )
}

/** Address → how long nothing was heard of it, for those that are silent now. */
function useSilent(): ReadonlyMap<string, string> {
  const votes = useNode((state) => state.consensus?.votes)
  const height = useNode((state) => state.consensus?.height ?? 0)
  const interval = useBlockIntervalMs()
  return useMemo(() => {
    const silent = votes?.filter((vote) => vote.silentSinceHeight !== null) ?? []
    return new Map(
      silent.map((vote) => {
        const blocks = Math.max(1, height - (vote.silentSinceHeight ?? height))
        return [vote.validator, interval === null ? `${blocks} blocks` : spanWords(blocks * interval)]
      }),
    )
  }, [votes, height, interval])
}
