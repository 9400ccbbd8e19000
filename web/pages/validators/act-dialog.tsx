import type { SubmitRequest } from '../../../node-core/node/wallet-api.ts'
import { SignDialog } from '../signing/sign-dialog.tsx'
import { actWords, type ValidatorAct } from './act-words.ts'

const REQUESTS: Readonly<Record<ValidatorAct, SubmitRequest>> = {
  pause: { type: 'validator.pause' },
  resume: { type: 'validator.resume' },
  leave: { type: 'validator.exit' },
  unjail: { type: 'validator.unjail' },
  rotate: { type: 'validator.rotateKey' },
}

export interface ActDialogProps {
  readonly act: ValidatorAct
  readonly unbondingMs: number | null
  readonly onClose: () => void
}

/** What one does about the own validator: what it does, what it costs, then sign. */
export function ActDialog({ act, unbondingMs, onClose }: ActDialogProps) {
  return (
    <SignDialog
      {...actWords(act, unbondingMs)}
      danger={act === 'leave'}
      request={REQUESTS[act]}
      onClose={onClose}
    />
  )
}
