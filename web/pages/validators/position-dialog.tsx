import type { StakePositionView } from '../../../node-core/node/node-api.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Id } from '../../ui/id.tsx'
import type { ValidatorsDialog } from './own-validator.tsx'

export interface PositionDialogProps {
  readonly position: StakePositionView
  readonly own: string
  /** Why it cannot be moved on; null: it can. */
  readonly lock: string | null
  readonly onDo: (dialog: ValidatorsDialog, at: string) => void
  readonly onClose: () => void
}

/** One delegation: what it is worth, what it earns, and what can be done with it. */
export function PositionDialog({ position, own, lock, onDo, onClose }: PositionDialogProps) {
  const { validator, validatorName, state, compounding, rewards } = position
  const act = (dialog: ValidatorsDialog) => () => onDo(dialog, validator)
  return (
    <Dialog open onClose={onClose} title={`My stake at ${validatorName}`}>
      <div className="mb-3 flex items-center gap-3">
        <Flag address={validator} size={44} own={validator === own} />
        <Id value={validator} kind="address of the validator" />
      </div>
      <KeyValues
        rows={[
          ['State', state, state === 'slashed' ? 'text-bad' : undefined],
          ['Worth now', <Amount key="worth" value={position.amount} form="exact" />],
          ['Put in, less taken out', <Amount key="principal" value={position.principal} form="exact" />],
          ...(position.lost === '0'
            ? []
            : [['Slashed', <Amount key="lost" value={position.lost} form="exact" />, 'text-bad'] as const]),
          ['Rewards', compounding ? 'join the stake' : <Amount key="rewards" value={rewards} form="exact" />],
        ]}
      />
      {lock !== null && <p className="mt-3 text-sm text-warn">{lock}</p>}
      <div className="btns mt-4">
        <Button onClick={act('delegate')}>Add to it</Button>
        <Button onClick={act('undelegate')}>Take back</Button>
        <Button onClick={act('redelegate')} disabled={lock !== null} title={lock ?? undefined}>
          Move
        </Button>
        {rewards !== '0' && <Button onClick={act('claim')}>Claim rewards</Button>}
        <Button onClick={act('compound')}>{compounding ? 'Stop compounding' : 'Compound'}</Button>
      </div>
    </Dialog>
  )
}
