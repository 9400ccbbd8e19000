import type { ApiError } from '../../../node-core/node/node-api.ts'
import { refusalWords } from '../../i18n/receipt-words.ts'
import { ErrorState } from '../../ui/states.tsx'
import { notSentWords } from './progress-words.ts'

/** Why nothing was sent, under what was typed; nothing while there is no error. */
export function NotSent({ error, what }: { readonly error: ApiError | null; readonly what: string }) {
  if (error === null) return null
  return (
    <div className="mt-4">
      <ErrorState error={error} words={refusalWords(error)} what={what} done={notSentWords(error)} />
    </div>
  )
}
