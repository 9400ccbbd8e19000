import { Download } from 'lucide-react'
import type { NodeStatus } from '../../../node-core/node/node-api.ts'
import { silenceWords } from '../../i18n/silence.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'

/** Whether this tab's validator signs, why not, and its signing record as a file. */
export function SigningSection({
  validator,
  onExport,
  onResume,
  onImport,
}: {
  validator: NonNullable<NodeStatus['validator']>
  onExport: () => void
  onResume: () => void
  onImport: () => void
}) {
  const { silentBecause, signing } = validator
  const words = silentBecause && silenceWords(silentBecause)
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
        browser or machine: export it, which ends signing here, and import it before the other one starts.
      </p>
      <div className="btns mt-3">
        <Button icon={<Download size={15} strokeWidth={1.75} aria-hidden />} onClick={onExport}>
          Export the record
        </Button>
        <Button onClick={onImport}>Import a record</Button>
        {silentBecause?.code === 'record-exported' && <Button onClick={onResume}>Sign here again</Button>}
      </div>
    </Section>
  )
}
