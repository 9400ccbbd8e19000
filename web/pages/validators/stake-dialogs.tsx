import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { StakePositionsView, StakeRewardsView, ValidatorView } from '../../../node-core/node/node-api.ts'
import type { Query } from '../../store/query.ts'
import { Amount } from '../../ui/amount.tsx'
import { useNow } from '../../ui/time.tsx'
import type { ParametersView } from '../chain-parameters.ts'
import { SignDialog } from '../signing/sign-dialog.tsx'
import { ActDialog } from './act-dialog.tsx'
import { type ValidatorAct, voteWords } from './act-words.ts'
import { BecomeDialog } from './become-dialog.tsx'
import { ClaimDialog } from './claim-dialog.tsx'
import { CompareDialog } from './compare-dialog.tsx'
import { MoveDialog } from './move-dialog.tsx'
import type { ValidatorsDialog } from './own-validator.tsx'
import { PositionDialog } from './position-dialog.tsx'
import { delegationsOf, lockWords } from './stake-words.ts'

/** What this tab's account has at validators. */
export interface OwnStake {
  readonly positions: Query<StakePositionsView>
  readonly rewards: StakeRewardsView | null
}

export interface StakeDialogsProps {
  readonly dialog: ValidatorsDialog
  /** What it is about: a validator's address, or the number of what is on its way back. */
  readonly at: string
  readonly own: string | null
  readonly stake: OwnStake | null
  /** null: not read yet. */
  readonly balance: string | null
  readonly validators: readonly ValidatorView[]
  readonly parameters: ParametersView
  readonly onDo: (dialog: ValidatorsDialog, at?: string) => void
  readonly onClose: () => void
}

/** The one dialog that is open, by its name in the URL; nothing while what it is about is not known. */
export function StakeDialogs(props: StakeDialogsProps) {
  const { dialog, at, own, balance, validators, parameters, onClose } = props
  switch (dialog) {
    case 'compare':
      return <Compare {...props} />
    case 'admit':
    case 'expel': {
      const name = validators.find((one) => one.address === at)?.name
      if (name === undefined) return null
      const request = { type: `validator.${dialog}` as const, validator: at }
      return <SignDialog {...voteWords(dialog, name)} request={request} onClose={onClose} />
    }
    case 'become':
      return <BecomeDialog parameters={parameters} balance={balance ?? '0'} onClose={onClose} />
    case 'delegate':
      if (own === null || balance === null) return null
      return (
        <MoveDialog
          move="delegate"
          at={at}
          validators={validators}
          parameters={parameters}
          held={balance}
          own={own}
          lock={null}
          onClose={onClose}
        />
      )
    case 'claim':
      if (!props.stake?.rewards) return null
      return (
        <ClaimDialog
          claimable={props.stake.rewards.claimable}
          at={at}
          batchSavingGas={parameters.batchSavingGas ?? 0}
          onClose={onClose}
        />
      )
    case 'position':
    case 'undelegate':
    case 'redelegate':
    case 'compound':
      return <OfPosition {...props} dialog={dialog} />
    case 'withdraw':
      return <Withdraw {...props} />
    default:
      return isAct(dialog) ? (
        <ActDialog act={dialog} unbondingMs={parameters.unbondingMs} onClose={onClose} />
      ) : null
  }
}

/** The URL may say anything. */
function isAct(dialog: string): dialog is ValidatorAct {
  return ['pause', 'resume', 'leave', 'unjail', 'rotate'].includes(dialog)
}

function Compare({ validators, own, onDo, onClose }: StakeDialogsProps) {
  const search = useSearch({ strict: false }) as { readonly compare?: unknown }
  const [first, second] = String(search.compare ?? '')
    .split(',')
    .flatMap((address) => validators.find((one) => one.address === address) ?? [])
  if (first === undefined || second === undefined) return null
  return (
    <CompareDialog
      pair={[first, second]}
      own={own}
      canStake={own !== null}
      onDelegate={(address) => onDo('delegate', address)}
      onClose={onClose}
    />
  )
}

interface OfPositionProps extends Omit<StakeDialogsProps, 'dialog'> {
  readonly dialog: 'position' | 'undelegate' | 'redelegate' | 'compound'
}

function OfPosition({ dialog, at, own, stake, validators, parameters, onDo, onClose }: OfPositionProps) {
  const now = useNow()
  const positions = stake?.positions.data?.positions ?? []
  const live = delegationsOf(positions).find((one) => one.validator === at)
  const opened = useFirst(live)
  // What is signed changes the position, or ends it: the dialog stays with the one that it was opened for.
  const position = dialog === 'position' ? (live ?? opened) : opened
  if (position === undefined || own === null) return null
  const lock = lockWords(positions, at, now)
  if (dialog === 'position')
    return <PositionDialog position={position} own={own} lock={lock} onDo={onDo} onClose={onClose} />
  if (dialog === 'compound') {
    const { validatorName, compounding } = position
    return (
      <SignDialog
        title={compounding ? 'Stop compounding' : 'Compound rewards'}
        effects={
          compounding
            ? [
                `Rewards from ${validatorName} wait to be claimed from then on.`,
                'What has joined the stake stays there.',
              ]
            : [
                `Rewards from ${validatorName} join the stake at each epoch’s end, by themselves and without a fee.`,
                'What waits now is paid to your balance.',
                'What has joined is stake: it can be slashed, and comes back only after the unbonding time.',
              ]
        }
        request={{ type: 'stake.compound', validator: at, enabled: !compounding }}
        rows={[['Validator', validatorName]]}
        button={compounding ? 'Sign and stop' : 'Sign and compound'}
        onClose={onClose}
      />
    )
  }
  return (
    <MoveDialog
      move={dialog}
      at={at}
      validators={validators}
      parameters={parameters}
      held={position.amount}
      own={own}
      lock={lock}
      onClose={onClose}
    />
  )
}

/** The first value that there was. */
function useFirst<T>(value: T | undefined): T | undefined {
  const [first, setFirst] = useState(value)
  if (first === undefined && value !== undefined) setFirst(value)
  return first ?? value
}

function Withdraw({ at, stake, onClose }: StakeDialogsProps) {
  const all = stake?.positions.data?.positions ?? []
  const part = useFirst(all.find((one) => one.kind === 'unbonding' && String(one.position) === at))
  if (part?.position == null) return null
  return (
    <SignDialog
      title="Withdraw stake"
      effects={['Its time is over: it goes to your balance and cannot be slashed any more.']}
      request={{ type: 'stake.withdraw', position: part.position }}
      rows={[
        ['Amount', <Amount key="amount" value={part.amount} form="full" />],
        ['From', part.validatorName],
      ]}
      gain={BigInt(part.amount)}
      button="Sign and withdraw"
      onClose={onClose}
    />
  )
}
