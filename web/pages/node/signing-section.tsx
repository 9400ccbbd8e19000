import { Download } from 'lucide-react'
import type { NodeStatus } from '../../../node-core/node/node-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { silenceWords } from '../../i18n/silence.ts'
import { Button } from '../../ui/button.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Whether this tab's validator signs, why not, and its signing record as a file. */
export function SigningSection({
  validator,
  onImport,
}: {
  validator: NonNullable<NodeStatus['validator']>
  onImport: () => void
}) {
  const act = useAct('signing_export')
  const { silentBecause, signing } = validator
  const words = silentBecause && silenceWords(silentBecause)
  const save = async () => {
    const file = await act.run({})
    if (file !== null) saveFile(file.fileName, file.text)
  }
  return (
    <Section title="Signing">
      {words === null ? (
        <p className="text-sm text-ink-2">
          {signing
            ? 'This tab votes; every vote is written down before it leaves.'
            : 'The keys are here; this tab votes once it is in the set and at the head.'}
        </p>
      ) : (
        <div role="status">
          <p className={`text-sm font-strong ${words.tone === 'bad' ? 'text-bad' : 'text-warn'}`}>
            {words.sentence}
          </p>
          <p className="mt-1 text-sm text-ink-2">{words.what}</p>
        </div>
      )}
      <p className="mt-2 text-sm text-ink-2">
        The signing record says what this key signed last. Take it along when the validator moves to another
        browser or machine: export it after this tab has stopped validating, import it before the other one
        starts.
      </p>
      <div className="btns mt-3">
        <Button
          icon={<Download size={15} strokeWidth={1.75} aria-hidden />}
          busy={act.busy ? 'Reading…' : null}
          onClick={() => void save()}
        >
          Export the record
        </Button>
        <Button onClick={onImport}>Import a record</Button>
      </div>
      {act.error !== null && (
        <ErrorState error={act.error} what="the signing record" done="Nothing was written." />
      )}
    </Section>
  )
}
