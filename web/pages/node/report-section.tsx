import { useState } from 'react'
import type { ApiError } from '../../../node-core/node/node-api.ts'
import { useConnection } from '../../hooks/node-context.tsx'
import { asApiError } from '../../store/query.ts'
import { bytesWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CopyButton } from '../../ui/id.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { writeReport } from './report.ts'

export function ReportSection({ onOpen }: { onOpen: () => void }) {
  return (
    <Section title="Diagnostics">
      <p className="mb-3 max-w-[70ch] text-sm text-ink-2">
        A report for somebody who helps: status, configuration, peers, rounds and the newest lines of the log.
        It holds no keys and no passwords; you see it before it goes anywhere.
      </p>
      <Button onClick={onOpen}>Write a report</Button>
    </Section>
  )
}

/** Shows the whole report before it is copied or saved. */
export function ReportDialog({ onClose }: { onClose: () => void }) {
  const connection = useConnection()
  const [text, setText] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const write = async () => {
    setBusy(true)
    try {
      if (connection === null) throw { code: 'not-connected', data: {} }
      setText(await writeReport(connection.node, navigator.userAgent, Date.now()))
      setError(null)
    } catch (reason) {
      setError(asApiError(reason))
    }
    setBusy(false)
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Report without keys"
      width={680}
      lead={
        text === null
          ? 'It is written here in the page; nothing is sent.'
          : `${bytesWords(text.length)}. Read it before you pass it on: it names peers and their addresses.`
      }
      foot={
        text === null ? (
          <>
            <Button look="quiet" onClick={onClose}>
              Not now
            </Button>
            <Button look="primary" busy={busy ? 'Writing…' : null} onClick={() => void write()}>
              Write it
            </Button>
          </>
        ) : (
          <>
            <CopyButton value={text} label="Copy the report">
              Copy
            </CopyButton>
            <Button onClick={() => saveFile('aitbc-report.json', text)}>Save as a file</Button>
          </>
        )
      }
    >
      {text !== null && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          aria-label="The report"
          className="max-h-[50vh] overflow-auto rounded-control bg-sunk p-3"
        >
          <pre className="font-mono text-xs">{text}</pre>
        </section>
      )}
      {error !== null && <ErrorState error={error} what="the report" />}
    </Dialog>
  )
}
