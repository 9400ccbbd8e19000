import { useAct } from '../../hooks/use-act.ts'
import { TakeInDialog } from './take-in-dialog.tsx'

/** After an export that came to nothing. */
export function SigningResumeDialog({ onClose }: { onClose: () => void }) {
  const act = useAct('signing_resume')
  return (
    <TakeInDialog
      title="Sign here again"
      lead="Only if the exported file was imported nowhere, and will not be: two that sign with one key lose half of the stake."
      ready
      act={act}
      words={['No other node signs: sign here again', 'Starting…']}
      failed={['signing again', 'Nothing is signed here, as before.']}
      onTake={() => void act.run({})}
      onClose={onClose}
      outcome={
        act.result && (
          <p className="text-sm" role="status">
            This tab listens for one round whether another node signs with this key; then it signs.
          </p>
        )
      }
    >
      <p className="text-sm text-ink-2">
        If another node has signed by the file since, stop it, export its record and import that here instead.
      </p>
    </TakeInDialog>
  )
}
