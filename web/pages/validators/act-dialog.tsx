import type { SubmitRequest } from '../../../node-core/node/wallet-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Progress } from '../signing/progress.tsx'
import { notSentWords } from '../signing/progress-words.ts'
import { Review } from '../signing/review.tsx'
import { actWords, type ValidatorAct } from './validators-words.ts'

const REQUESTS: Readonly<Record<ValidatorAct, SubmitRequest>> = {
  pause: { type: 'validator.pause' },
  resume: { type: 'validator.resume' },
  leave: { type: 'validator.exit' },
}

export interface ActDialogProps {
  readonly act: ValidatorAct
  readonly unbondingMs: number | null
  readonly onClose: () => void
}

/** Pause, resume or leave: what it does, what it costs, then sign. */
export function ActDialog({ act, unbondingMs, onClose }: ActDialogProps) {
  const submit = useAct('wallet_submit')
  const words = actWords(act, unbondingMs)
  const request = REQUESTS[act]
  const sent = submit.result
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title}
      lead={words.lead}
      foot={
        sent !== null ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              Not now
            </Button>
            <Button
              look={act === 'leave' ? 'danger' : 'primary'}
              busy={submit.busy ? words.busy : null}
              onClick={() => void submit.run({ request })}
            >
              {submit.error === null ? words.button : 'Sign again'}
            </Button>
          </>
        )
      }
    >
      {sent !== null ? (
        <Progress hash={sent.hash} />
      ) : (
        <>
          <ul className="mb-4 grid list-disc gap-1.5 pl-5 text-sm text-ink-2">
            {words.effects.map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
          <Review request={request} />
          {submit.error !== null && (
            <div className="mt-4">
              <ErrorState
                error={submit.error}
                what={words.title.toLowerCase()}
                done={notSentWords(submit.error)}
              />
            </div>
          )}
        </>
      )}
    </Dialog>
  )
}
