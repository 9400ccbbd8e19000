import { type FormEvent, type ReactNode, useId } from 'react'
import type { ApiError } from '../../../node-core/node/node-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states.tsx'

export interface TakeInDialogProps {
  readonly title: string
  readonly lead: string
  /** What is still to be filled in holds the button back. */
  readonly ready: boolean
  readonly act: { readonly busy: boolean; readonly error: ApiError | null }
  /** Words of the button, also while it works. */
  readonly words: readonly [act: string, busy: string]
  /** For the error: what did not work, and what is as it was. */
  readonly failed: readonly [what: string, kept: string]
  readonly onTake: () => void
  readonly onClose: () => void
  /** In place of the form once it is done. */
  readonly outcome: ReactNode | null
  /** The fields. */
  readonly children: ReactNode
}

/** A form that takes something into this browser from a file, then says what came of it. */
export function TakeInDialog(props: TakeInDialogProps) {
  const { ready, act, words, failed, onTake, onClose, outcome } = props
  const form = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !act.busy) onTake()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={props.title}
      lead={props.lead}
      foot={
        outcome !== null ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              Not now
            </Button>
            <Button
              look="primary"
              type="submit"
              form={form}
              disabled={!ready}
              busy={act.busy ? words[1] : null}
            >
              {words[0]}
            </Button>
          </>
        )
      }
    >
      {outcome ?? (
        <form id={form} className="grid gap-4" onSubmit={submit}>
          {props.children}
          {act.error !== null && <ErrorState error={act.error} what={failed[0]} done={failed[1]} />}
        </form>
      )}
    </Dialog>
  )
}
