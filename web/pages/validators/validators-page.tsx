import { useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { ValidatorListView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { wholeAit } from '../../ui/amount-words.ts'
import { PowerBar } from '../../ui/power-bar.tsx'
import { PageHead, Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { spanWords } from '../../ui/time-words.ts'
import { readParameters } from '../chain-parameters.ts'
import { useAccount } from '../use-account.ts'
import { useBlockIntervalMs } from '../use-block-interval.ts'
import { ActDialog } from './act-dialog.tsx'
import { BecomeDialog } from './become-dialog.tsx'
import { HeadAct, OwnValidator, type ValidatorsDialog } from './own-validator.tsx'
import { ValidatorDialog } from './validator-dialog.tsx'
import { NextSet, Outside, ValidatorTable } from './validator-table.tsx'
import { epochReason, inSet, outOfSet, powerSentence } from './validators-words.ts'

export function ValidatorsPage() {
  const list = useQuery('validator_list', {})
  const raw = useQuery('chain_parameters', {}, 'once').data
  const status = useNode((state) => state.status)
  const account = useAccount(status?.account ?? null)
  const [dialog, setDialog] = useUrlState<ValidatorsDialog>('do', '')
  const { address } = useParams({ strict: false }) as { address?: string }
  const navigate = useNavigate()
  const own = status?.validator?.address ?? status?.account ?? null
  const parameters = useMemo(() => readParameters(raw ?? {}), [raw])
  const interval = useBlockIntervalMs()
  const mine = list.data?.validators.find((validator) => validator.address === own) ?? null
  const head = status?.head?.height ?? 0
  const close = () => setDialog('')
  return (
    <>
      <Head
        list={list.data}
        refused={list.state === 'failed'}
        head={head}
        interval={interval}
        end={<HeadAct validator={mine} known={list.data !== null && own !== null} onDo={setDialog} />}
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
            aside={
              <OwnValidator
                validator={mine}
                account={account}
                parameters={parameters}
                head={head}
                blockIntervalMs={interval}
                onDo={setDialog}
              />
            }
          />
        )}
      </States>
      {dialog === 'become' && raw !== null && list.data !== null && (
        <BecomeDialog parameters={parameters} balance={account?.balance ?? '0'} onClose={close} />
      )}
      {(dialog === 'pause' || dialog === 'resume' || dialog === 'leave') && (
        <ActDialog key={dialog} act={dialog} unbondingMs={parameters.unbondingMs} onClose={close} />
      )}
      {address !== undefined && (
        <ValidatorDialog
          address={address}
          own={address === own}
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

function SetInForce({ list, own, aside }: { list: ValidatorListView; own: string | null; aside: ReactNode }) {
  const silent = useSilent()
  const members = inSet(list.validators)
  const outside = outOfSet(list.validators)
  const bar = members.map((validator) => ({
    key: validator.address,
    name: validator.name,
    power: validator.power,
    own: validator.address === own,
    silent: silent.has(validator.address),
  }))
  const changes = list.next.filter((member) => member.change !== 'stays').length
  return (
    <>
      <PowerBar
        members={bar}
        label={`Voting power of ${integer(members.length)} validators, with marks at one third and two thirds; the table below holds the same figures`}
      />
      <div className="cols mt-2" style={{ gridTemplateColumns: 'minmax(0,1fr) 316px' }}>
        <div className="min-w-0">
          <Section title={`Set of epoch ${integer(list.epoch)}`}>
            <ValidatorTable validators={members} own={own} silent={silent} />
          </Section>
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
        </div>
        <div className="min-w-0">{aside}</div>
      </div>
    </>
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
