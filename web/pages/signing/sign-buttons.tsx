import type { Act } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'

export interface SignButtonsProps {
  readonly submit: Pick<Act<never, unknown>, 'busy' | 'error'>
  /** As "Sign and pause". */
  readonly button: string
  readonly danger?: boolean
  readonly back: 'Not now' | 'Change'
  readonly onBack: () => void
  readonly onSign: () => void
}

/** Under what is reviewed: sign it, or not. */
export function SignButtons({ submit, button, danger = false, back, onBack, onSign }: SignButtonsProps) {
  return (
    <>
      <Button look="quiet" onClick={onBack}>
        {back}
      </Button>
      <Button look={danger ? 'danger' : 'primary'} busy={submit.busy ? 'Signing…' : null} onClick={onSign}>
        {submit.error === null ? button : 'Sign again'}
      </Button>
    </>
  )
}
