import { useAct } from '../../hooks/use-act.ts'
import { saveFile } from '../../ui/save-file.ts'
import { TakeInDialog } from './take-in-dialog.tsx'

/** Says that exporting ends signing here, before it does. */
export function SigningExportDialog({ onClose }: { onClose: () => void }) {
  const act = useAct('signing_export')
  const save = async () => {
    const file = await act.run({})
    if (file !== null) saveFile(file.fileName, file.text)
  }
  return (
    <TakeInDialog
      title="Export the signing record"
      lead="This tab then signs nothing more with this key, after a reload too: two that sign with one key lose half of the stake."
      ready
      act={act}
      words={['Stop signing and export', 'Writing…']}
      failed={['the signing record', 'No file was written.']}
      onTake={() => void save()}
      onClose={onClose}
      outcome={
        act.result && (
          <p className="text-sm" role="status">
            Saved as {act.result.fileName}. This tab signs nothing more with this key.
          </p>
        )
      }
    >
      <p className="text-sm text-ink-2">
        Import the file where the validator goes on, before it starts there. If it is used nowhere, this page
        can let this tab sign again.
      </p>
    </TakeInDialog>
  )
}
